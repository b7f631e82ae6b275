import { isCallerId, isUuid, isWritable, type PaymentType, parseInstant } from '@org/domain';
import type { Orders } from './orders.js';
import { type DeliveredEvent, failed, type Handled, handled, type Subscription } from './ports/event-bus.js';
import type { PaymentInput } from './use-cases/order/change-orders.js';

/** What payment services tell, on the wire. */
export const paymentEventTypes = {
  COMPLETED: 'payment.completed.v1',
  FAILED: 'payment.failed.v1',
  CANCELLED: 'payment.cancelled.v1',
} as const satisfies Record<PaymentType, string>;

const typeOf: ReadonlyMap<string, PaymentType> = new Map(
  Object.entries(paymentEventTypes).map(([type, wire]) => [wire, type as PaymentType]),
);

/** An event of a payment service that makes no sense, or that no order is there for: the dead letter says why. */
export class PaymentRefusedError extends Error {
  override readonly name = 'PaymentRefusedError';
}

const isInstant = (text: string) => isWritable(parseInstant(text) ?? Number.NaN);
const isAmount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (isFine: (text: string) => boolean) => (value: unknown) => typeof value === 'string' && isFine(value);

interface Body {
  readonly orderNumber: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly occurredAt: string | null;
}

/** What each field has to be; those that are not named are nobody's business. */
const demands: readonly (readonly [keyof Body, (value: unknown) => boolean, string])[] = [
  ['orderNumber', isText(isUuid), 'orderNumber must be a UUID in lower case'],
  ['paymentId', isText(isCallerId), 'paymentId must be 1 to 64 of A-Z a-z 0-9 . _ : -'],
  ['amount', isAmount, 'amount.amount must be a whole number from 0 on'],
  ['currency', isText(text => /^[A-Z]{3}$/.test(text)), 'amount.currency must be a currency code of three capitals'],
  [
    'occurredAt',
    value => value === null || isText(isInstant)(value),
    'occurredAt must be a time from the years 1 to 9999 like 2026-11-21T10:00:00+09:00',
  ],
];

/** @throws PaymentRefusedError naming every field that makes no sense */
function inputOf({ id, type, data, origin }: DeliveredEvent): PaymentInput {
  const { amount: money, occurredAt = null, ...rest } = data;
  const { amount, currency } = (money ?? {}) as Partial<Record<'amount' | 'currency', unknown>>;
  const body: Partial<Record<keyof Body, unknown>> = { ...rest, amount, currency, occurredAt };
  const flaws = demands.filter(([field, isFine]) => !isFine(body[field])).map(([, , flaw]) => flaw);
  if (!isCallerId(id)) flaws.push('the id of the event must be 1 to 64 of A-Z a-z 0-9 . _ : -');
  if (flaws.length > 0) throw new PaymentRefusedError(flaws.join('; '));
  const found = body as Body;
  const payment = {
    ...{ eventId: id, type: typeOf.get(type) as PaymentType, paymentId: found.paymentId },
    amount: { amount: found.amount, currency: found.currency },
    occurredAt: found.occurredAt === null ? null : parseInstant(found.occurredAt),
  };
  return { orderNumber: found.orderNumber, payment, origin };
}

/** Those of one key after the other, the keys side by side: so that they share transactions. */
async function byKey(
  events: readonly DeliveredEvent[],
  handle: (event: DeliveredEvent) => Promise<Handled>,
): Promise<readonly Handled[]> {
  const last = new Map<string, Promise<Handled>>();
  const results = events.map(event => {
    const before = last.get(event.key);
    const after = async () => {
      const earlier = await before;
      return earlier?.outcome === 'FAILED' ? earlier : handle(event);
    };
    const result = after();
    last.set(event.key, result);
    return result;
  });
  // All of them have ended before an error is told: nothing of the batch may run beside its next attempt.
  await Promise.allSettled(results);
  return Promise.all(results);
}

/** Payment events from outside, to be given to an `EventConsumer`: the same as over HTTP, each event once. */
export const paymentSubscription = ({ recordPayment }: Pick<Orders, 'recordPayment'>): Subscription => ({
  group: 'payment-worker',
  types: Object.values(paymentEventTypes),
  maxBatch: 100,
  handle: events =>
    byKey(events, async event => {
      try {
        const answered = await recordPayment({ input: inputOf(event) });
        if (answered.kind !== 'DONE') throw new Error(`a payment was answered ${answered.kind}`);
        if (answered.result.accepted) return handled;
        const { code, data } = answered.result.refusal;
        return failed(new PaymentRefusedError(`${code} ${JSON.stringify(data)}`), false);
      } catch (error) {
        if (error instanceof PaymentRefusedError) return failed(error, false);
        throw error;
      }
    }),
});
