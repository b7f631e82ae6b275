import { type Payment, type PlacedOrder, refusal } from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { type EndStores, saveOrders } from './end-holds.js';
import { type OrderWish, openOrders } from './order-batch.js';

export interface CancelOrderInput {
  readonly orderNumber: string;
  /** Whose order it must be; null = anybody's (a service acts). */
  readonly owner: string | null;
  /** In the words of who cancels; null = none are told. */
  readonly reason: string | null;
  readonly origin: Origin;
}

export interface PaymentInput {
  readonly orderNumber: string;
  /** Whose order it must be. Default null = anybody's. */
  readonly owner?: string | null;
  readonly payment: Payment;
  readonly origin: Origin;
}

export interface ChangedOrder {
  readonly orderNumber: string;
  readonly order: PlacedOrder;
}

interface Change {
  readonly orderNumber: string;
  readonly origin: Origin;
  readonly owner?: string | null;
}

/** An input with the order that it is about. */
interface Known<Input> {
  readonly input: Input;
  readonly order: PlacedOrder;
}

/**
 * One command for one order each; what is not there, or not the owner's, is refused.
 * @param wishes asked once about those that are there, under their locks
 */
const changeOrders =
  <Input extends Change>(
    stores: EndStores,
    wishes: (tx: Transaction, known: readonly Known<Input>[]) => Promise<(input: Input) => OrderWish>,
  ): UseCase<Input, Outcome<ChangedOrder>> =>
  async (tx, inputs) => {
    const batch = await openOrders(
      stores,
      tx,
      inputs.map(({ orderNumber }) => orderNumber),
    );
    const orderOf = ({ orderNumber, owner = null }: Input) => {
      const order = batch.order(orderNumber);
      return order && (owner === null || order.facts.userId === owner) ? order : null;
    };
    const known = inputs.flatMap(input => {
      const order = orderOf(input);
      return order ? [{ input, order }] : [];
    });
    const wishOf = await wishes(tx, known);
    const outcomes = inputs.map((input): Outcome<ChangedOrder> => {
      const { orderNumber, origin } = input;
      const before = orderOf(input);
      if (!before) return refused(refusal('ORDER_NOT_FOUND', { orderNumber }));
      const outcome = batch.decide(orderNumber, wishOf(input), origin);
      return outcome.accepted ? done({ orderNumber, order: orderOf(input) ?? before }) : outcome;
    });
    await saveOrders(stores, tx, batch);
    return outcomes;
  };

/** Cancels orders that are not over (orders rule 6); the same again changes nothing. */
export const cancelOrders = (stores: EndStores) =>
  changeOrders<CancelOrderInput>(stores, async () => ({ reason }) => ({ type: 'Cancel', reason }));

/**
 * Writes down what a payment service tells, each event once (orders rules 8 to 10): of several orders it tells of the one
 * that was told first.
 */
export const recordPayments = (stores: EndStores) =>
  changeOrders<PaymentInput>(stores, async (tx, known) => {
    const isNoted = ({ input: { payment }, order }: Known<PaymentInput>) =>
      order.payments.some(({ eventId }) => eventId === payment.eventId);
    const told = new Map<string, string>();
    for (const { input } of [...known.filter(isNoted), ...known])
      if (!told.has(input.payment.eventId)) told.set(input.payment.eventId, input.orderNumber);
    const noted = await stores.orders.notePayments(tx, told);
    return ({ payment, orderNumber }) => ({
      ...{ type: 'Pay', payment, isOfAnother: noted.get(payment.eventId) !== orderNumber },
    });
  });
