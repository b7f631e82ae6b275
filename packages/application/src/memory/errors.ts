import { InfrastructureError } from '../ports/errors.js';

/** A caller broke what the store upholds against everybody: a unique key, a limit. The transaction is lost. */
export class ConstraintError extends InfrastructureError {
  readonly code = 'CONSTRAINT';
}

/** Two transactions wait for each other. The unit of work runs one of them again. */
export class DeadlockError extends InfrastructureError {
  readonly code = 'DEADLOCK';
}
