import { coalesce, type Page, type Paged, type PointQueries } from '@org/application';
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
import { textArray } from './values.js';

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

/** What is alive of a user's points, and the time of the database then. */
interface Look {
  readonly account: PointAccount;
  readonly now: number;
}

const nothing: Look = { account: points.initial, now: 0 };

/** Enough to save most statements, few enough that none of them takes long. */
const together = { maxBatch: 100, concurrency: 2 } as const;

export class PostgresPointQueries implements PointQueries {
  /** Those who ask while others are answered are looked up together: one statement for many costs little more than for one. */
  private readonly account = coalesce<string, Look>(userIds => this.accounts(userIds), together);

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

  private async accounts(userIds: readonly string[]): Promise<readonly Look[]> {
    const rows = await read<Row>(this.dataSource, sql.accounts, [textArray([...new Set(userIds)])]);
    const looks = new Map(
      rows.map((row): [string, Look] => [
        row.user_id,
        { account: accountOf(row, row.lots, row.spendings), now: row.now },
      ]),
    );
    return userIds.map(userId => looks.get(userId) ?? nothing);
  }
}
