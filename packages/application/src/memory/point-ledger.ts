import {
  afterTransfers,
  allowedTransfers,
  isBalanced,
  ledgerAccounts,
  type PointAccount,
  type PointEntry,
  points,
  settleAccount,
} from '@org/domain';
import type { Versioned } from '../ports/aggregate-repository.js';
import type { Clock } from '../ports/clock.js';
import type { PointHoldRef, PointLedger, PointPosting, WantedAccount } from '../ports/point-ledger.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { ConstraintError } from './errors.js';
import { frozen, keyOf } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

type Line = PointEntry & { readonly userId: string; readonly sequence: number };

const initial: Versioned<PointAccount> = frozen({ version: 0, state: points.initial });

/** What a posting would break; null = nothing. */
function breachOf(before: PointAccount, { events, account }: PointPosting): string | null {
  const transfers = events.flatMap(event => event.transfers);
  for (const { from, to, points: moved } of transfers)
    if (!allowedTransfers[from].includes(to) || !(moved > 0)) return `a transfer of ${moved} from ${from} to ${to}`;
  const figures = afterTransfers(before.figures, transfers);
  if (!isBalanced(figures)) return `figures ${JSON.stringify(figures)}`;
  const told = ledgerAccounts.find(name => figures[name] !== account.figures[name]);
  if (told) return `${account.figures[told]} in ${told}, where transfers brought ${figures[told]}`;
  const short = account.lots.find(lot => Math.min(lot.pending, lot.available, lot.held, lot.expired, lot.debt) < 0);
  if (short) return `lot ${short.pointId} is overdrawn`;
  const keys = [
    ...account.lots.map(({ key }) => keyOf('EARN', key)),
    ...account.spendings.map(({ kind, key }) => keyOf(kind, key)),
  ];
  return new Set(keys).size < keys.length ? 'a key was used twice' : null;
}

export class InMemoryPointLedger implements PointLedger {
  readonly rows = new Table<Versioned<PointAccount>>('point accounts');
  readonly entries = new Table<Line>('point entries');
  private readonly ownerOf = new Table<string>('owners of points');

  constructor(private readonly clock: Clock) {}

  async owners(tx: Transaction, pointIds: readonly string[]) {
    const found = new Map<string, string>();
    for (const id of pointIds) {
      const owner = this.ownerOf.get(tx, id);
      if (owner !== undefined) found.set(id, owner);
    }
    return found;
  }

  async lock(tx: Transaction, wanted: readonly WantedAccount[]) {
    const users = wanted.map(({ userId }) => userId);
    await this.rows.lock(tx, users);
    return new Map(users.map(userId => [userId, this.rows.get(tx, userId) ?? initial]));
  }

  async post(tx: Transaction, postings: readonly PointPosting[]) {
    const written = new Set<string>();
    await this.rows.lock(
      tx,
      postings.map(({ userId }) => userId),
    );
    for (const posting of postings) {
      const { userId, expectedVersion, version, account, entries, events } = posting;
      const before = this.rows.get(tx, userId) ?? initial;
      if (before.version !== expectedVersion) continue;
      const breach = breachOf(before.state, posting);
      if (breach) throw InMemoryTransaction.of(tx).fail(new ConstraintError(`points of ${userId}: ${breach}`));
      for (const { type, pointId } of events)
        if (type === 'PointsEarned' || type === 'PointsUsed' || type === 'PointsHeld')
          await this.ownerOf.insert(tx, pointId, userId);
      for (const entry of entries)
        await this.entries.insert(tx, keyOf(userId, entry.sequence), frozen({ ...entry, userId }));
      this.rows.set(tx, userId, frozen({ version, state: account }));
      written.add(userId);
    }
    return written;
  }

  async holds(tx: Transaction, refs: readonly PointHoldRef[]) {
    return refs.map(({ userId, key }) => {
      const account = this.rows.get(tx, userId)?.state;
      const hold = account?.spendings.find(each => each.kind === 'HOLD' && each.key === key);
      return hold && hold.until !== null ? { pointId: hold.pointId, status: hold.status, until: hold.until } : null;
    });
  }

  async earnedWith(tx: Transaction, userId: string, orderNumber: string) {
    const lots = this.rows.get(tx, userId)?.state.lots ?? [];
    return lots
      .filter(lot => lot.orderNumber === orderNumber)
      .sort((a, b) => a.position - b.position)
      .map(({ pointId, points: earned, reversed, status }) => ({ pointId, points: earned, reversed, status }));
  }

  async lockOverdue(tx: Transaction, limit: number) {
    const now = await this.clock.now(tx);
    const locked = new Map<string, Versioned<PointAccount>>();
    for (const [userId, row] of this.rows.entries(tx)) {
      if (locked.size >= limit) break;
      if (settleAccount(row.state, now).events.length > 0 && this.rows.tryLock(tx, userId)) locked.set(userId, row);
    }
    return locked;
  }
}
