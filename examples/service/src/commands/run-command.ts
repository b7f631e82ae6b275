import { ConfigError } from '../config/config.js';

/** The command line makes no sense: the usage is printed, exit code 2. */
export class UsageError extends Error {}

/** Runs a command to its end: 0 when it did what it was asked to, 1 when it failed, 2 when it was asked wrongly. */
export function runCommand(usage: string, command: (args: readonly string[]) => Promise<void>): void {
  command(process.argv.slice(2)).then(
    () => process.exit(0),
    (error: Error & { code?: unknown }) => {
      const asked = error instanceof UsageError || String(error.code).startsWith('ERR_PARSE_ARGS');
      console.error(asked ? `${error.message}\n\n${usage}` : error.message);
      if (error.cause instanceof Error) console.error(`  ${error.cause.message}`);
      process.exit(asked || error instanceof ConfigError ? 2 : 1);
    },
  );
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new UsageError(`--${option} is missing`);
  return value;
}

export function wholeNumber(value: string, option: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`--${option} must be a whole number from 1 on, not "${value}"`);
  return number;
}
