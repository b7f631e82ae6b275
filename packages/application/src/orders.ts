import type { PointsDebt } from '@org/domain';
import type { Adapters } from './adapters.js';
import { orderPace } from './order-pace.js';
import { orderSubscriptions, type StepWork } from './order-saga.js';
import { type CustomerSegments, noCustomerSegments } from './ports/customer-segments.js';
import type { Subscription } from './ports/event-bus.js';
import { flatShippingRates, type ShippingRates } from './ports/shipping-rates.js';
import { type Door, door } from './use-case.js';
import {
  type CancelOrderInput,
  type ChangedOrder,
  cancelOrders,
  type PaymentInput,
  recordPayments,
} from './use-cases/order/change-orders.js';
import { resumeOrders, timeOutOrders } from './use-cases/order/overdue-orders.js';
import { type Placed, type PlaceOrderInput, placeOrders } from './use-cases/order/place-orders.js';
import { type Refunded, type RefundInput, refundOrders } from './use-cases/order/refund-orders.js';

export interface OrdersOptions {
  /** How long an order waits for its payment. Default 1800. */
  readonly paymentDeadlineSeconds?: number;
  /** How much longer than that a hold lasts which nobody resolves. Default a day: time enough to repair anything. */
  readonly holdGraceSeconds?: number;
  /** What becomes of points earned with an order that are spent when it is refunded. Default `ALLOWED`. */
  readonly debt?: PointsDebt;
  /**
   * Who holds what an order needs: default `TOGETHER`, for processes that do the work of all steps. Where the workers of
   * stock, coupons and points are processes of their own, they and whoever looks at their answers say `APART`.
   */
  readonly steps?: StepWork;
  /** Default: shipping is free. */
  readonly shippingRates?: ShippingRates;
  /** Default: there are none. */
  readonly customerSegments?: CustomerSegments;
}

/** An order as a client asks for it; what the shop knows better is looked up. */
export type OrderWish = Omit<PlaceOrderInput, 'segments' | 'shipping' | 'fromCart' | 'lines'> & {
  /** Null = what is in the user's cart. */
  readonly lines: PlaceOrderInput['lines'] | null;
};

/** The whole area of orders behind its front doors: what an inbound adapter calls. */
export interface Orders {
  readonly place: Door<OrderWish, Placed>;
  readonly cancel: Door<CancelOrderInput, ChangedOrder>;
  readonly recordPayment: Door<PaymentInput, ChangedOrder>;
  readonly refund: Door<RefundInput, Refunded>;
  /** How long an order will take that is placed now, whole seconds, at least 1: as long as the last ones did here. */
  estimatedSeconds(): number;
  /** To be given to an `EventConsumer`: without them no order goes on. */
  readonly subscriptions: readonly Subscription[];
  readonly timeOut: ReturnType<typeof timeOutOrders>;
  readonly resume: ReturnType<typeof resumeOrders>;
}

/** Orders that come together share a transaction; two batches at a time keep the disk and the processor busy. */
const together = { together: true, maxBatch: 200, concurrency: 2 } as const;

export function createOrders(adapters: Adapters, options: OrdersOptions = {}): Orders {
  const { paymentDeadlineSeconds = 1_800, holdGraceSeconds = 86_400 } = options;
  const { debt = 'ALLOWED', steps = 'TOGETHER' } = options;
  const { shippingRates = flatShippingRates(0), customerSegments = noCustomerSegments } = options;
  const pace = orderPace();
  const placeDoor = door(adapters, placeOrders(adapters, { paymentDeadlineSeconds, holdGraceSeconds }), together);

  /** Asked before the transaction is opened: a slow answer keeps nobody else waiting. */
  async function complete(wish: OrderWish): Promise<PlaceOrderInput> {
    const { userId, channel } = wish;
    const lines = wish.lines ?? (await linesOfCart(adapters, userId));
    const [shipping, segments] = await Promise.all([
      shippingRates.rateFor({ userId, channel, lines }),
      customerSegments.segmentsOf(userId),
    ]);
    return { ...wish, lines, shipping, segments, fromCart: wish.lines === null };
  }

  return {
    place: async ({ input, once }) => placeDoor({ input: await complete(input), once }),
    cancel: door(adapters, cancelOrders(adapters), together),
    recordPayment: door(adapters, recordPayments(adapters), together),
    refund: door(adapters, refundOrders(adapters, { debt }), { together: false }),
    estimatedSeconds: pace.estimatedSeconds,
    subscriptions: orderSubscriptions(adapters, steps, ({ endedAt, facts }) =>
      pace.took((endedAt ?? 0) - facts.placedAt),
    ),
    timeOut: timeOutOrders(adapters),
    resume: resumeOrders(adapters),
  };
}

async function linesOfCart({ catalogueQueries }: Adapters, userId: string): Promise<PlaceOrderInput['lines']> {
  const { lines } = await catalogueQueries.cart(userId);
  return lines.map(({ productId, optionId, quantity }, i) => ({
    ...{ lineId: String(i + 1), productId, optionId, quantity },
  }));
}
