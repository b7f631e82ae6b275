import type { PaymentOutcome } from '@org/domain';
import { orderEventTypes } from './order-events.js';
import type { NewEvent } from './ports/event-log.js';

/** What came of payments of which the books are right, and that a person has to see to (orders rules 9 and 10). */
const watched = [
  'CANCELLED_AFTER_COMPLETION',
  'EVENT_ID_REUSED',
  'PAYMENT_AMOUNT_MISMATCH',
  'REFUND_DUE',
] as const satisfies readonly PaymentOutcome[];

export type WatchedOutcome = (typeof watched)[number];

export interface WatchedPayment {
  readonly orderNumber: string;
  readonly paymentId: string;
  /** The payment service's own id of the event. */
  readonly eventId: string;
  readonly outcome: WatchedOutcome;
}

/** Finds the payments that somebody has to see to among what is appended to the log, and counts them. */
export class PaymentWatch {
  private readonly counts = new Map<string, number>(watched.map(outcome => [outcome, 0]));

  /** @param tell told of each of them */
  constructor(private readonly tell: (payment: WatchedPayment) => void) {}

  /** How many there were of each kind since the process began. */
  get figures(): ReadonlyMap<string, number> {
    return this.counts;
  }

  look(appended: readonly NewEvent[]): void {
    for (const { type, data } of appended) {
      if (type !== orderEventTypes.PaymentRecorded) continue;
      const { orderNumber, paymentId, eventId, outcome } = data as unknown as WatchedPayment;
      const count = this.counts.get(outcome);
      if (count === undefined) continue;
      this.counts.set(outcome, count + 1);
      this.tell({ orderNumber, paymentId, eventId, outcome });
    }
  }
}
