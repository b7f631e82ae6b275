/** Whatever was thrown, as an error to tell of. */
export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** A failure of the machinery, not a refusal: stable `code`, never a rule of the business. */
export abstract class InfrastructureError extends Error {
  abstract readonly code: string;
}

/** The same aggregate was written by others in every round. Nothing was written; trying again is safe. */
export class ConflictError extends InfrastructureError {
  readonly code = 'CONFLICT';
}

/** The connection was lost while committing: it may or may not be written. Ask again with the same key. */
export class OutcomeUnknownError extends InfrastructureError {
  readonly code = 'OUTCOME_UNKNOWN';
}

/** The store can't be reached or has no free connection. Nothing was written; try again later. */
export class StoreUnavailableError extends InfrastructureError {
  readonly code = 'STORE_UNAVAILABLE';
}

/** A policy claims a shared code that another one got meanwhile: the next attempt sees it. */
export class CodeTakenError extends ConflictError {}
