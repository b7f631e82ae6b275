import { balanceOf, lotsLeft, type PointBalance, type PointEntry, type PointLot, points } from '@org/domain';
import type { Page, Paged } from '../ports/coupon-queries.js';
import type { PointQueries } from '../ports/point-queries.js';
import type { ManualClock } from './manual-clock.js';
import type { InMemoryPointLedger } from './point-ledger.js';

/** Reads what the ledger of the same store has committed. */
export class InMemoryPointQueries implements PointQueries {
  constructor(
    private readonly ledger: InMemoryPointLedger,
    private readonly clock: Pick<ManualClock, 'time'>,
  ) {}

  async balance(userId: string): Promise<PointBalance> {
    return balanceOf(this.account(userId), this.clock.time);
  }

  async history({ userId, limit, cursor }: { readonly userId: string } & Page): Promise<Paged<PointEntry>> {
    const before = cursor === null ? Number.POSITIVE_INFINITY : Number(cursor);
    const lines = this.ledger.entries.outside
      .entries()
      .map(([, line]) => line)
      .filter(line => line.userId === userId && line.sequence < before)
      .sort((a, b) => b.sequence - a.sequence);
    const items = lines.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ userId: _, sequence: _s, ...entry }) => entry),
      nextCursor: last && lines.length > limit ? String(last.sequence) : null,
    };
  }

  async lots({ userId, limit, cursor }: { readonly userId: string } & Page): Promise<Paged<PointLot>> {
    const all = lotsLeft(this.account(userId), this.clock.time);
    const [expiry, position] = (cursor ?? '').split(' ').map(Number);
    const endOf = ({ expiresAt }: PointLot) => expiresAt ?? Number.POSITIVE_INFINITY;
    const rest =
      expiry === undefined || position === undefined
        ? all
        : all.filter(lot => endOf(lot) > expiry || (endOf(lot) === expiry && lot.position > position));
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && rest.length > limit ? `${endOf(last)} ${last.position}` : null };
  }

  private account(userId: string) {
    return this.ledger.rows.outside.get(userId)?.state ?? points.initial;
  }
}
