import { type Coupon, type CouponFacts, coupon } from '@org/domain';
import type { Cell, Cells, ColumnType, TableColumn, TableMapping } from './table-repository.js';

type Facts = keyof CouponFacts;

const fact = (name: string, type: ColumnType, field: Facts): TableColumn<Coupon> => ({
  name,
  type,
  fixed: true,
  of: state => (state.status === 'NONE' ? null : state.facts[field]),
});

const cell = (name: string, type: ColumnType, of: (state: Coupon) => Cell): TableColumn<Coupon> => ({ name, type, of });
const spending = (state: Coupon) =>
  state.status === 'RESERVED' ? state.hold : state.status === 'USED' ? state.use : null;

function fromRow(row: Cells): Coupon {
  const text = (name: string) => row[name] as string;
  const number = (name: string) => row[name] as number;
  const facts = {
    policyId: row.policy_id,
    policyVersion: row.policy_version,
    userId: row.user_id,
    sequence: row.sequence,
    ordinal: row.ordinal,
    way: row.way,
    code: row.code,
    cause: row.cause,
    issuedAt: row.issued_at,
    validFrom: row.valid_from,
    expiresAt: row.expires_at,
  } as CouponFacts;
  const reservationId = row.reservation_id as never;
  const spent = { orderNumber: text('order_number'), discount: number('discount'), reservationId };
  switch (row.status as Coupon['status']) {
    case 'RESERVED':
      return { status: 'RESERVED', facts, hold: { ...spent, until: number('reserved_until') } };
    case 'USED': {
      const cancelledAt = row.cancelled_at as number | null;
      return { status: 'USED', facts, use: { ...spent, usedAt: number('used_at'), cancelledAt } };
    }
    case 'EXPIRED':
      return { status: 'EXPIRED', facts, at: number('ended_at') };
    case 'REVOKED':
      return { status: 'REVOKED', facts, at: number('ended_at'), reason: text('reason') };
    default:
      return { status: 'ISSUED', facts };
  }
}

export const couponTable: TableMapping<Coupon> = {
  table: 'coupons',
  idType: 'uuid',
  initial: coupon.initial,
  columns: [
    fact('policy_id', 'uuid', 'policyId'),
    fact('policy_version', 'int', 'policyVersion'),
    fact('user_id', 'text', 'userId'),
    fact('sequence', 'int', 'sequence'),
    fact('ordinal', 'int', 'ordinal'),
    fact('way', 'text', 'way'),
    fact('code', 'text', 'code'),
    fact('cause', 'text', 'cause'),
    fact('issued_at', 'instant', 'issuedAt'),
    fact('valid_from', 'instant', 'validFrom'),
    fact('expires_at', 'instant', 'expiresAt'),
    cell('status', 'text', state => state.status),
    cell('reservation_id', 'text', state => spending(state)?.reservationId ?? null),
    cell('order_number', 'text', state => spending(state)?.orderNumber ?? null),
    cell('discount', 'money', state => spending(state)?.discount ?? null),
    cell('reserved_until', 'instant', state => (state.status === 'RESERVED' ? state.hold.until : null)),
    cell('used_at', 'instant', state => (state.status === 'USED' ? state.use.usedAt : null)),
    cell('cancelled_at', 'instant', state => (state.status === 'USED' ? state.use.cancelledAt : null)),
    cell('ended_at', 'instant', state => (state.status === 'EXPIRED' || state.status === 'REVOKED' ? state.at : null)),
    cell('reason', 'text', state => (state.status === 'REVOKED' ? state.reason : null)),
  ],
  fromRow,
};
