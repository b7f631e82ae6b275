import {
  type CodeView,
  type CouponQueries,
  type CouponRequestView,
  type Page,
  type Paged,
  type PolicyStatistics,
  type PolicyView,
  refusalOf,
  requestStream,
} from '@org/application';
import {
  type CouponId,
  type CouponStatus,
  type IssuedCoupon,
  isUuid,
  type PolicyStatus,
  type PolicyTerms,
  settle,
} from '@org/domain';
import type { DataSource } from 'typeorm';
import { couponTable } from './coupon-table.js';
import { countedPlace, cursorOf, datedPlace } from './cursor.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';
import { querySql as sql } from './query-statements.js';
import { read, rowsOf } from './statement.js';
import type { Cells } from './table-repository.js';

interface PolicyRow extends Record<string, unknown> {
  readonly id: string;
  readonly revision: number;
  readonly status: PolicyStatus;
  readonly terms_version: number;
  readonly created_at: number;
  readonly terms: PolicyTerms;
}

const policyOf = ({ id, revision, status, terms_version, created_at, terms }: PolicyRow): PolicyView => ({
  policyId: id,
  version: terms_version,
  revision,
  status,
  terms,
  createdAt: created_at,
});

type CouponRow = Cells & { readonly id: string; readonly now: number };

function couponOf(row: CouponRow): IssuedCoupon {
  const { coupon } = settle(couponTable.fromRow(row), row.now);
  if (coupon.status === 'NONE') throw new Error(`coupon ${row.id} has no state`);
  return { ...coupon, id: row.id as CouponId };
}

type RequestRow = Omit<CouponRow, 'id'> & {
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly refused: Readonly<Record<string, unknown>> | null;
};

function requestViewOf({ data, refused, ...row }: RequestRow): CouponRequestView {
  const { requestId, policyId, userId } = data as Pick<CouponRequestView, 'requestId' | 'policyId' | 'userId'>;
  const request = { requestId, policyId, userId };
  if (refused) return { ...request, status: 'REFUSED', refusal: refusalOf({ data: refused }) };
  return row.id === null
    ? { ...request, status: 'PENDING' }
    : { ...request, status: 'ISSUED', coupon: couponOf(row as CouponRow) };
}

/** Later than everything: where a list that goes from new to old begins. */
const START = [8_640_000_000_000_000, 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

/** One row more than the page tells whether there is a next one. */
function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  placeOfItem: (item: Item, row: Row) => readonly (string | number)[],
): Paged<Item> {
  const shown = rows.slice(0, limit);
  const items = shown.map(itemOf);
  const [last, lastRow] = [items.at(-1), shown.at(-1)];
  const more = rows.length > limit && last !== undefined && lastRow !== undefined;
  return { items, nextCursor: more ? cursorOf(placeOfItem(last, lastRow)) : null };
}

export class PostgresCouponQueries implements CouponQueries {
  private readonly unitOfWork: PostgresUnitOfWork;

  constructor(private readonly dataSource: DataSource) {
    this.unitOfWork = new PostgresUnitOfWork(dataSource);
  }

  async policy(policyId: string): Promise<PolicyView | null> {
    const [row] = isUuid(policyId) ? await read<PolicyRow>(this.dataSource, sql.policy, [policyId]) : [];
    return row ? policyOf(row) : null;
  }

  async policies({ status, limit, cursor }: { readonly status: PolicyStatus | null } & Page) {
    const place = startOrPlace(cursor);
    const rows = await read<PolicyRow>(this.dataSource, sql.policies, [status, ...place, limit + 1]);
    return pageOf(rows, limit, policyOf, view => [view.createdAt, view.policyId]);
  }

  async coupon(couponId: string): Promise<IssuedCoupon | null> {
    const [row] = isUuid(couponId) ? await read<CouponRow>(this.dataSource, sql.coupon, [couponId]) : [];
    return row ? couponOf(row) : null;
  }

  async couponsOfUser(filter: { readonly userId: string; readonly status: CouponStatus | null } & Page) {
    const { userId, status, limit, cursor } = filter;
    const values = [userId, status, ...startOrPlace(cursor), limit + 1];
    const rows = await read<CouponRow>(this.dataSource, sql.couponsOfUser, values);
    return pageOf(rows, limit, couponOf, coupon => [coupon.facts.issuedAt, coupon.id]);
  }

  async request(requestId: string, userId: string | null): Promise<CouponRequestView | null> {
    const values = [requestStream(requestId), userId];
    const [row] = await this.unitOfWork.run(tx => rowsOf<RequestRow>(tx, sql.request, values));
    return row ? requestViewOf(row) : null;
  }

  async statistics(policyId: string): Promise<PolicyStatistics | null> {
    if (!isUuid(policyId)) return null;
    const [row] = await read<StatisticsRow>(this.dataSource, sql.statistics, [policyId]);
    if (!row) return null;
    const { issued, reserved, used, expired, revoked, total_limit, budget_taken } = row;
    return {
      policyId,
      issued,
      available: issued - reserved - used - expired - revoked,
      reserved,
      used,
      expired,
      revoked,
      remaining: total_limit === null ? null : total_limit - issued,
      budgetTaken: budget_taken,
    };
  }

  async issued(policyId: string): Promise<number> {
    if (!isUuid(policyId)) return 0;
    const [row] = await read<{ issued: number }>(this.dataSource, sql.issued, [policyId]);
    return row?.issued ?? 0;
  }

  async codes({ policyId, limit, cursor }: { readonly policyId: string } & Page): Promise<Paged<CodeView>> {
    if (!isUuid(policyId)) return { items: [], nextCursor: null };
    const rows = await read<CodeRow>(this.dataSource, sql.codes, [policyId, countedPlace(cursor), limit + 1]);
    const viewOf = ({ display, redeemed }: CodeRow): CodeView => ({
      code: display,
      status: redeemed ? 'REDEEMED' : 'AVAILABLE',
    });
    return pageOf(rows, limit, viewOf, (_, { position }) => [position]);
  }

  async codeJob(jobId: string) {
    const [row] = isUuid(jobId) ? await read<JobRow>(this.dataSource, sql.codeJob, [jobId]) : [];
    if (!row) return null;
    const { id, policy_id: policyId, status, created, count } = row;
    return { jobId: id, policyId, status, created, count };
  }

  async holders(policyId: string, limit: number): Promise<ReadonlyMap<string, number> | null> {
    if (!isUuid(policyId)) return new Map();
    const values = [policyId, limit + 1];
    const rows = await read<{ user_id: string; had: number }>(this.dataSource, sql.holders, values);
    return rows.length > limit ? null : new Map(rows.map(({ user_id, had }) => [user_id, had]));
  }

  async now(): Promise<number> {
    const [row] = await read<{ now: number }>(this.dataSource, sql.now);
    if (!row) throw new Error('the clock gave no time');
    return row.now;
  }
}

function startOrPlace(cursor: string | null): readonly [number, string] {
  const place = datedPlace(cursor);
  return place && isUuid(place[1]) ? place : START;
}

interface CodeRow extends Record<string, unknown> {
  readonly display: string;
  readonly position: number;
  readonly redeemed: boolean;
}

interface JobRow extends Record<string, unknown> {
  readonly id: string;
  readonly policy_id: string;
  readonly status: 'RUNNING' | 'DONE' | 'FAILED';
  readonly created: number;
  readonly count: number;
}

interface StatisticsRow extends Record<string, unknown> {
  readonly issued: number;
  readonly total_limit: number | null;
  readonly budget_taken: number;
  readonly reserved: number;
  readonly used: number;
  readonly expired: number;
  readonly revoked: number;
}
