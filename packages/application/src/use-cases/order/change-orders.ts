import { type Payment, type PlacedOrder, refusal } from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
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

/** One command for one order each; what is not there, or not the owner's, is refused. */
const changeOrders =
  <Input extends { readonly orderNumber: string; readonly origin: Origin; readonly owner?: string | null }>(
    stores: EndStores,
    wishOf: (input: Input) => OrderWish,
  ): UseCase<Input, Outcome<ChangedOrder>> =>
  async (tx, inputs) => {
    const batch = await openOrders(
      stores,
      tx,
      inputs.map(({ orderNumber }) => orderNumber),
    );
    const outcomes = inputs.map((input): Outcome<ChangedOrder> => {
      const { orderNumber, owner = null, origin } = input;
      const before = batch.order(orderNumber);
      if (!before || (owner !== null && before.facts.userId !== owner))
        return refused(refusal('ORDER_NOT_FOUND', { orderNumber }));
      const outcome = batch.decide(orderNumber, wishOf(input), origin);
      return outcome.accepted ? done({ orderNumber, order: batch.order(orderNumber) ?? before }) : outcome;
    });
    await saveOrders(stores, tx, batch);
    return outcomes;
  };

/** Cancels orders that are not over (orders rule 6); the same again changes nothing. */
export const cancelOrders = (stores: EndStores) =>
  changeOrders<CancelOrderInput>(stores, ({ reason }) => ({ type: 'Cancel', reason }));

/** Writes down what a payment service tells, each event once (orders rules 8 to 10). */
export const recordPayments = (stores: EndStores) =>
  changeOrders<PaymentInput>(stores, ({ payment }) => ({ type: 'Pay', payment }));
