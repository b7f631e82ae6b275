import type { CouponRepository, Holder, Transaction, Versioned } from '@org/application';
import { type Coupon, isUuid } from '@org/domain';
import { couponTable } from './coupon-table.js';
import { rowsOf, statement } from './statement.js';
import { type Cells, selection, TableRepository } from './table-repository.js';
import { plainArray, textArray } from './values.js';

type Row = Cells & { readonly id: string; readonly version: number };

// Ordinals have no gaps, so the last one is the count: one look-up, however many coupons the user has had.
const held = statement(
  'coupons.held',
  `select coalesce((select c.ordinal from coupons c where c.user_id = u.user_id and c.policy_id = u.policy_id
     order by c.ordinal desc limit 1), 0) as held
   from unnest($1::uuid[], $2::text[]) as u(policy_id, user_id)`,
);

const servedBefore = statement(
  'coupons.servedBefore',
  `select (select c.id from coupons c where c.policy_id = u.policy_id and c.user_id = u.user_id and c.cause = u.cause
     limit 1) as id
   from unnest($1::uuid[], $2::text[], $3::text[]) as u(policy_id, user_id, cause)`,
);

const selected = ['c.id', 'c.version', ...selection(couponTable.columns, 'c')].join(', ');
const overdue = {
  HOLD: statement(
    'coupons.overdueHolds',
    `select ${selected} from coupons c where c.status = 'RESERVED' and c.reserved_until <= statement_timestamp()
     order by c.reserved_until limit $1::int for no key update skip locked`,
  ),
  COUPON: statement(
    'coupons.overdue',
    `select ${selected} from coupons c where c.status = 'ISSUED' and c.expires_at <= statement_timestamp()
     order by c.expires_at limit $1::int for no key update skip locked`,
  ),
};

/** What can't be an id was never stored. */
const policiesOf = (holders: readonly Holder[]) =>
  plainArray(holders.map(({ policyId }) => (isUuid(policyId) ? policyId : null)));
const usersOf = (holders: readonly Holder[]) => textArray(holders.map(({ userId }) => userId));

export class PostgresCouponRepository extends TableRepository<Coupon> implements CouponRepository {
  constructor() {
    super(couponTable);
  }

  async held(tx: Transaction, holders: readonly Holder[]): Promise<readonly number[]> {
    if (holders.length === 0) return [];
    const rows = await rowsOf<{ held: number }>(tx, held, [policiesOf(holders), usersOf(holders)]);
    return rows.map(row => row.held);
  }

  async servedBefore(
    tx: Transaction,
    causes: readonly (Holder & { readonly cause: string })[],
  ): Promise<readonly (string | null)[]> {
    if (causes.length === 0) return [];
    const rows = await rowsOf<{ id: string | null }>(tx, servedBefore, [
      policiesOf(causes),
      usersOf(causes),
      textArray(causes.map(({ cause }) => cause)),
    ]);
    return rows.map(({ id }) => id);
  }

  async lockOverdue(tx: Transaction, kind: 'HOLD' | 'COUPON', limit: number): Promise<Map<string, Versioned<Coupon>>> {
    return this.versioned(await rowsOf<Row>(tx, overdue[kind], [limit]));
  }
}
