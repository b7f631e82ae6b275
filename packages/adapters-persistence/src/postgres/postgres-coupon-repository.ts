import type { CouponRepository, Transaction, Versioned } from '@org/application';
import { type Coupon, isUuid } from '@org/domain';
import { couponTable } from './coupon-table.js';
import { rowsOf, statement } from './statement.js';
import { type Cells, selection, TableRepository } from './table-repository.js';
import { textArray } from './values.js';

type Row = Cells & { readonly id: string; readonly version: number };

// Ordinals have no gaps, so the last one is the count: one look-up, however many coupons the user has had.
const held = statement(
  'coupons.held',
  `select coalesce((select c.ordinal from coupons c where c.user_id = u.user_id and c.policy_id = $1::uuid
     order by c.ordinal desc limit 1), 0) as held
   from unnest($2::text[]) as u(user_id)`,
);

const servedBefore = statement(
  'coupons.servedBefore',
  `select (select c.id from coupons c where c.policy_id = $1::uuid and c.user_id = u.user_id and c.cause = u.cause
     limit 1) as id
   from unnest($2::text[], $3::text[]) as u(user_id, cause)`,
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

export class PostgresCouponRepository extends TableRepository<Coupon> implements CouponRepository {
  constructor() {
    super(couponTable);
  }

  async held(tx: Transaction, policyId: string, userIds: readonly string[]): Promise<readonly number[]> {
    if (userIds.length === 0) return [];
    if (!isUuid(policyId)) return userIds.map(() => 0);
    const rows = await rowsOf<{ held: number }>(tx, held, [policyId, textArray(userIds)]);
    return rows.map(row => row.held);
  }

  async servedBefore(
    tx: Transaction,
    policyId: string,
    causes: readonly { readonly userId: string; readonly cause: string }[],
  ): Promise<readonly (string | null)[]> {
    if (causes.length === 0) return [];
    if (!isUuid(policyId)) return causes.map(() => null);
    const users = textArray(causes.map(({ userId }) => userId));
    const rows = await rowsOf<{ id: string | null }>(tx, servedBefore, [
      policyId,
      users,
      textArray(causes.map(({ cause }) => cause)),
    ]);
    return rows.map(({ id }) => id);
  }

  async lockOverdue(tx: Transaction, kind: 'HOLD' | 'COUPON', limit: number): Promise<Map<string, Versioned<Coupon>>> {
    return this.versioned(await rowsOf<Row>(tx, overdue[kind], [limit]));
  }
}
