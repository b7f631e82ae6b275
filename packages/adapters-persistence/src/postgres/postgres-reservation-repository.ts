import type { ReservationRepository } from '@org/application';
import type { Reservation } from '@org/domain';
import {
  type Cell,
  type Cells,
  type ColumnType,
  type TableColumn,
  type TableMapping,
  TableRepository,
} from './table-repository.js';

type Held = Exclude<Reservation, { status: 'NONE' }>;

const cell = (name: string, type: ColumnType, of: (held: Held) => Cell, fixed = false): TableColumn<Reservation> => ({
  name,
  type,
  fixed,
  of: state => (state.status === 'NONE' ? null : of(state)),
});

const fromRow = (row: Cells) =>
  ({
    status: row.status,
    couponId: row.coupon_id,
    userId: row.user_id,
    orderNumber: row.order_number,
    discount: row.discount,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  }) as Held;

const reservationTable: TableMapping<Reservation> = {
  table: 'reservations',
  idType: 'text',
  initial: { status: 'NONE' },
  columns: [
    cell('coupon_id', 'uuid', held => held.couponId, true),
    cell('user_id', 'text', held => held.userId, true),
    cell('order_number', 'text', held => held.orderNumber, true),
    cell('discount', 'money', held => held.discount, true),
    cell('expires_at', 'instant', held => held.expiresAt, true),
    cell('status', 'text', held => held.status),
    cell('ended_at', 'instant', held => held.endedAt),
  ],
  fromRow,
};

export class PostgresReservationRepository extends TableRepository<Reservation> implements ReservationRepository {
  constructor() {
    super(reservationTable);
  }
}
