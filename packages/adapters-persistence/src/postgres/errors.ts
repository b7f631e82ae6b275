import { StoreUnavailableError } from '@org/application';

/** Postgres, appendix A: serialization_failure and deadlock_detected are safe to run again from the start. */
export const isRepeatable = (error: unknown) => ['40001', '40P01'].includes(codeOf(error));

export const codeOf = (error: unknown): string => {
  const code = error instanceof Object && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

export const constraintOf = (error: unknown): string => {
  const constraint = error instanceof Object && 'constraint' in error ? error.constraint : undefined;
  return typeof constraint === 'string' ? constraint : '';
};

const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What the driver says without a code. */
const driver =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Query read timeout|not queryable|pool after calling end/i;

/** Nothing came in all the time that there was to wait. */
export const isSilent = (error: unknown): boolean =>
  codeOf(error) === 'ETIMEDOUT' || (error instanceof Error && /Query read timeout/i.test(error.message));

/** The connection is gone, and with it the answer to whatever was asked last. */
export const isConnectionLost = (error: unknown): boolean => {
  const code = codeOf(error);
  if (network.has(code) || code.startsWith('08') || /^57P0[1-5]$/.test(code)) return true;
  return code === '' && error instanceof Error && driver.test(error.message);
};

/** Postgres, appendix A: in_failed_sql_transaction. */
export const isAborted = (error: unknown) => codeOf(error) === '25P02';

/** Insufficient resources (53), a lock or statement that took too long, and a server that is only a replica by now. */
const isOverloaded = (code: string) => code.startsWith('53') || ['55P03', '57014', '25006'].includes(code);

/** What failed for want of a working store becomes `StoreUnavailableError`; everything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!isConnectionLost(error) && !isOverloaded(codeOf(error))) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(message, { cause: error });
}
