import type { Payment, PaymentType } from '@org/domain';
import type { EventDescription } from './description.js';
import { instantOf, money, orderNumber } from './fields.js';
import { about, type FieldSchemas, nullable, object, schemaWords } from './json-schema.js';

const payment: FieldSchemas<Omit<Payment, 'eventId' | 'type'>> = {
  paymentId: about(schemaWords.callerId, 'The payment.', 'pay-1'),
  amount: money,
  occurredAt: nullable(instantOf('By the clock of the payment service; it decides nothing.', '2026-11-21T01:00:00Z')),
};

const described = (meaning: string): EventDescription => ({
  meaning,
  key: 'orderNumber',
  schema: object({ orderNumber, ...payment }, ['occurredAt']),
});

/** What the service reads and others write. */
export const paymentEventDescriptions: Readonly<Record<PaymentType, EventDescription>> = {
  COMPLETED: described('An order was paid.'),
  FAILED: described('A payment failed: the order ends.'),
  CANCELLED: described('A payment was cancelled: an order that is not complete ends.'),
};
