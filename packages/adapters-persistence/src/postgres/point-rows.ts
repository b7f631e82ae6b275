import {
  type PointAccount,
  type PointFigures,
  type PointLot,
  type PointPart,
  type PointReversal,
  type PointSpending,
  points,
} from '@org/domain';
import type { ColumnType } from './table-repository.js';
import { selection } from './table-repository.js';

interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const columns = (text: string): readonly Column[] =>
  text.split(', ').map(column => {
    const [name = '', type = 'text'] = column.split(' ');
    return { name, type: type as ColumnType };
  });

const lot = columns(
  'point_id uuid, user_id, status, key, order_number, content, reversals, position int, points money, pending money, available money, held money, expired money, debt money, reversed money, earned_at instant, available_at instant, expires_at instant',
);
const spending = columns(
  'point_id uuid, user_id, kind, status, key, order_number, content, parts, reversals, points money, returned money, until instant',
);
const account = columns(
  'user_id, version int, earnings int, issued money, pending money, available money, held money, spent money, expired money, debt money',
);

/** What rows are read as: instants in milliseconds. */
export const selected = {
  lot: selection(lot, 'c').join(', '),
  spending: selection(spending, 'c').join(', '),
  account: selection(account, 'c').join(', '),
} as const;

export const ALIVE = 'c.alive';

export interface LotRow extends Record<string, unknown> {
  readonly point_id: string;
  readonly user_id: string;
  readonly status: PointLot['status'];
  readonly key: string;
  readonly order_number: string | null;
  readonly content: string;
  readonly reversals: readonly PointReversal[];
  readonly position: number;
  readonly points: number;
  readonly pending: number;
  readonly available: number;
  readonly held: number;
  readonly expired: number;
  readonly debt: number;
  readonly reversed: number;
  readonly earned_at: number;
  readonly available_at: number;
  readonly expires_at: number | null;
}

export interface SpendingRow extends Record<string, unknown> {
  readonly point_id: string;
  readonly user_id: string;
  readonly kind: PointSpending['kind'];
  readonly status: PointSpending['status'];
  readonly key: string;
  readonly order_number: string;
  readonly content: string;
  readonly parts: readonly PointPart[];
  readonly reversals: readonly PointReversal[];
  readonly points: number;
  readonly returned: number;
  readonly until: number | null;
}

export interface AccountRow extends Record<string, unknown> {
  readonly user_id: string;
  readonly version: number;
  readonly earnings: number;
  readonly issued: number;
  readonly pending: number;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
  readonly expired: number;
  readonly debt: number;
}

export interface HoldRow extends Record<string, unknown> {
  /** Null = there is none. */
  readonly point_id: string | null;
  readonly status: PointSpending['status'];
  readonly until: number;
}

export interface EarningRow extends Record<string, unknown> {
  readonly point_id: string;
  readonly points: number;
  readonly reversed: number;
  readonly status: PointLot['status'];
}

const lotOf = (row: LotRow): PointLot => ({
  pointId: row.point_id as PointLot['pointId'],
  status: row.status,
  points: row.points,
  position: row.position,
  key: row.key,
  content: row.content,
  orderNumber: row.order_number,
  earnedAt: row.earned_at,
  availableAt: row.available_at,
  expiresAt: row.expires_at,
  pending: row.pending,
  available: row.available,
  held: row.held,
  expired: row.expired,
  debt: row.debt,
  reversed: row.reversed,
  reversals: row.reversals,
});

const spendingOf = (row: SpendingRow): PointSpending => ({
  pointId: row.point_id as PointSpending['pointId'],
  kind: row.kind,
  status: row.status,
  points: row.points,
  key: row.key,
  content: row.content,
  orderNumber: row.order_number,
  until: row.until,
  parts: row.parts,
  returned: row.returned,
  reversals: row.reversals,
});

const figuresOf = (row: AccountRow): PointFigures => ({
  ISSUED: row.issued,
  PENDING: row.pending,
  AVAILABLE: row.available,
  HELD: row.held,
  SPENT: row.spent,
  EXPIRED: row.expired,
  DEBT: row.debt,
});

const byId = (a: { readonly point_id: string }, b: { readonly point_id: string }) => (a.point_id < b.point_id ? -1 : 1);

/** The account of its rows, as far as they were read. */
export const accountOf = (
  row: AccountRow | undefined,
  lots: readonly LotRow[],
  spendings: readonly SpendingRow[],
): PointAccount =>
  row
    ? {
        figures: figuresOf(row),
        earnings: row.earnings,
        lots: [...lots].sort((a, b) => a.position - b.position).map(lotOf),
        spendings: [...spendings].sort(byId).map(spendingOf),
      }
    : points.initial;
