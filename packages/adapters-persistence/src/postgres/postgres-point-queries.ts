import type { Page, Paged, PointQueries } from '@org/application';
import {
  balanceOf,
  lotsLeft,
  type PointAccount,
  type PointBalance,
  type PointEntry,
  type PointLot,
  points,
} from '@org/domain';
import type { DataSource } from 'typeorm';
import { cursorOf, placeOf } from './cursor.js';
import { type AccountRow, accountOf, type LotRow, type SpendingRow } from './point-rows.js';
import { pointSql as sql } from './point-statements.js';
import { read } from './statement.js';

type Row = AccountRow & {
  readonly now: number;
  readonly lots: readonly LotRow[];
  readonly spendings: readonly SpendingRow[];
};

interface EntryRow extends Record<string, unknown> {
  readonly point_id: string;
  readonly type: PointEntry['type'];
  readonly points: number;
  readonly balance: number;
  readonly order_number: string | null;
  readonly at: number;
  readonly sequence: number;
}

const entryOf = (row: EntryRow): PointEntry => ({
  pointId: row.point_id as PointEntry['pointId'],
  type: row.type,
  points: row.points,
  balance: row.balance,
  orderNumber: row.order_number,
  at: row.at,
});

const LAST_SEQUENCE = 2_147_483_647;
/** Later than any time: where lots without an expiry stand. */
const NEVER = 8_640_000_000_000_001;

export class PostgresPointQueries implements PointQueries {
  constructor(private readonly dataSource: DataSource) {}

  async balance(userId: string): Promise<PointBalance> {
    const { account, now } = await this.account(userId);
    return balanceOf(account, now);
  }

  async history({ userId, limit, cursor }: { readonly userId: string } & Page): Promise<Paged<PointEntry>> {
    const [place] = placeOf(cursor);
    const before = Number.isSafeInteger(place) ? Math.min(Number(place), LAST_SEQUENCE) : LAST_SEQUENCE;
    const rows = await read<EntryRow>(this.dataSource, sql.history, [userId, before, limit + 1]);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { items: shown.map(entryOf), nextCursor: last && rows.length > limit ? cursorOf([last.sequence]) : null };
  }

  async lots({ userId, limit, cursor }: { readonly userId: string } & Page): Promise<Paged<PointLot>> {
    const { account, now } = await this.account(userId);
    const [expiry, position] = placeOf(cursor).map(Number);
    const isAfter = (lot: PointLot) => {
      if (expiry === undefined || position === undefined) return true;
      const end = lot.expiresAt ?? NEVER;
      return end > expiry || (end === expiry && lot.position > position);
    };
    const rest = lotsLeft(account, now).filter(isAfter);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    const next = last && rest.length > limit ? cursorOf([last.expiresAt ?? NEVER, last.position]) : null;
    return { items, nextCursor: next };
  }

  /** What is alive of the user's points, and the time of the database then. */
  private async account(userId: string): Promise<{ readonly account: PointAccount; readonly now: number }> {
    const [row] = await read<Row>(this.dataSource, sql.account, [userId]);
    if (!row) return { account: points.initial, now: 0 };
    return { account: accountOf(row, row.lots, row.spendings), now: row.now };
  }
}
