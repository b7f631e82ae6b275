import {
  entryOf,
  type Instant,
  type PointAccount,
  type PointCommand,
  type PointEntry,
  type PointEvent,
  points,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import { pointEvents } from '../../point-events.js';
import type { Versioned } from '../../ports/aggregate-repository.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { PointPosting } from '../../ports/point-ledger.js';
import type { Transaction } from '../../ports/unit-of-work.js';

export type PointStores = Pick<Adapters, 'clock' | 'pointLedger' | 'events'>;

interface Open {
  readonly before: Versioned<PointAccount>;
  account: PointAccount;
  readonly events: PointEvent[];
  readonly origins: Origin[];
  readonly entries: (PointEntry & { readonly sequence: number })[];
}

/** Accounts under lock for the time of one transaction. */
export interface PointBatch {
  /** The time of the store, read after the locks were won. */
  readonly now: Instant;
  /** The account, as far as it was loaded, after what was decided. */
  account(userId: string): PointAccount;
  /** Decides on what the commands before it have left; answers the account after it, or the refusal. */
  decide(userId: string, command: PointCommand, origin: Origin): Outcome<PointAccount>;
  /** Writes all that was accepted. */
  save(): Promise<void>;
}

/** Accounts that are locked already, ready for commands. */
export async function openAccounts(
  stores: PointStores,
  tx: Transaction,
  locked: ReadonlyMap<string, Versioned<PointAccount>>,
): Promise<PointBatch> {
  const open = new Map(
    [...locked].map(([userId, before]): [string, Open] => [
      userId,
      { before, account: before.state, events: [], origins: [], entries: [] },
    ]),
  );
  const now = await stores.clock.now(tx);
  const of = (userId: string): Open => {
    const found = open.get(userId);
    if (!found) throw new Error(`the points of ${userId} were not opened`);
    return found;
  };
  return {
    now,
    account: userId => of(userId).account,
    decide(userId, command, origin) {
      const book = of(userId);
      const decision = points.decide(book.account, command);
      if (!decision.accepted) return refused(decision.refusal);
      for (const event of decision.events) happen(book, event, origin);
      return done(book.account);
    },
    save: () => save(stores, tx, open),
  };
}

function happen(book: Open, event: PointEvent, origin: Origin): void {
  book.account = points.evolve(book.account, event);
  book.events.push(event);
  book.origins.push(origin);
  const entry = entryOf(event, book.account);
  if (entry) book.entries.push({ ...entry, sequence: book.before.version + book.events.length });
}

async function save({ pointLedger, events }: PointStores, tx: Transaction, open: ReadonlyMap<string, Open>) {
  const changed = [...open].filter(([, book]) => book.events.length > 0);
  if (changed.length === 0) return;
  const postings = changed.map(
    ([userId, book]): PointPosting => ({
      userId,
      expectedVersion: book.before.version,
      version: book.before.version + book.events.length,
      events: book.events,
      account: book.account,
      entries: book.entries,
    }),
  );
  const happened = changed.flatMap(([userId, book]) =>
    pointEvents({ userId, expectedVersion: book.before.version, events: book.events }, i => book.origins[i] as Origin),
  );
  const written = await pointLedger.post(tx, postings);
  for (const { userId } of postings)
    if (!written.has(userId))
      throw new ConflictError(`the points of ${userId} were written by somebody else meanwhile`);
  await events.append(tx, happened);
}
