import type { Account } from '@org/domain';
import type { AggregateRepository } from './aggregate-repository.js';
import { ConflictError } from './errors.js';
import type { Transaction } from './unit-of-work.js';

/** Somebody else signed up with this address meanwhile: the next attempt sees it. */
export class EmailTakenError extends ConflictError {}

export interface Resealed {
  readonly resealed: number;
  /** How many older keys there was data of before the call; at 0 none of them is needed any more. */
  readonly olderKeys: number;
}

/**
 * Accounts by user id. No two have the same address, whatever its case: `save` throws `EmailTakenError`. What is
 * personal lies sealed in the store.
 */
export interface AccountRepository extends AggregateRepository<Account> {
  /** The ids of the accounts with these addresses, in any case; addresses of nobody are left out. Keys are as asked. */
  idsByEmail(tx: Transaction, emails: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Seals up to `limit` accounts again that an older key has sealed; neither they nor their versions change. Those that
   * somebody else is at are skipped, never waited for. Goes on by itself where a call before has ended.
   */
  reseal(tx: Transaction, limit: number): Promise<Resealed>;
}
