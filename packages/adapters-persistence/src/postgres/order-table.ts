import type { Order, OrderFacts, PlacedOrder } from '@org/domain';
import { type Cell, type Cells, type ColumnType, selection, type TableMapping } from './table-repository.js';

type Progress = Omit<PlacedOrder, 'status' | 'facts' | 'endedAt'>;
/** What has a column of its own is not in the documents once more. */
export type OtherFacts = Omit<OrderFacts, 'userId' | 'placedAt' | 'paymentDeadline' | 'total' | 'pointsUsed'>;

const cell = (name: string, type: ColumnType, of: (order: PlacedOrder) => Cell, fixed = false) => ({
  name,
  type,
  fixed,
  of: (state: Order) => (state.status === 'NONE' ? null : of(state)),
});

function factsOf({ facts }: PlacedOrder): string {
  const { userId: _u, placedAt: _a, paymentDeadline: _d, total: _t, pointsUsed: _p, ...others } = facts;
  return JSON.stringify(others satisfies OtherFacts);
}

function progressOf({ status: _s, facts: _f, endedAt: _e, ...progress }: PlacedOrder): string {
  return JSON.stringify(progress satisfies Progress);
}

export const orderTable: TableMapping<Order> = {
  table: 'orders',
  idType: 'uuid',
  initial: { status: 'NONE' },
  columns: [
    cell('user_id', 'text', ({ facts }) => facts.userId, true),
    cell('placed_at', 'instant', ({ facts }) => facts.placedAt, true),
    cell('payment_deadline', 'instant', ({ facts }) => facts.paymentDeadline, true),
    cell('total', 'money', ({ facts }) => facts.total, true),
    cell('points_used', 'money', ({ facts }) => facts.pointsUsed, true),
    cell('facts', 'json', factsOf, true),
    cell('status', 'text', ({ status }) => status),
    cell('ended_at', 'instant', ({ endedAt }) => endedAt),
    cell('progress', 'json', progressOf),
  ],
  fromRow: placedOrderOf,
};

/** The order of a row: every row is one that was placed. */
export function placedOrderOf(row: Cells): PlacedOrder {
  return {
    ...(row.progress as unknown as Progress),
    status: row.status as PlacedOrder['status'],
    facts: {
      ...(row.facts as unknown as OtherFacts),
      userId: row.user_id as string,
      placedAt: row.placed_at as number,
      paymentDeadline: row.payment_deadline as number | null,
      total: row.total as number,
      pointsUsed: row.points_used as number,
    },
    endedAt: row.ended_at as number | null,
  };
}

const selected = (columns: typeof orderTable.columns) => ['c.id', 'c.version', ...selection(columns, 'c')].join(', ');

/** What a row `c` is read as. */
export const selectedOrder = selected(orderTable.columns);
/** The same without the document that never changes. */
export const selectedProgress = selected(orderTable.columns.filter(({ name }) => name !== 'facts'));
