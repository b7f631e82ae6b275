import type { ChangedOrder, PaymentInput } from '@org/application';
import { isUuid, type PaymentType, parseInstant } from '@org/domain';
import { orderExamples as examples } from '../document/examples/order-examples.js';
import { PaymentEventDto } from '../dto/order-dto.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { paymentRecordedBody, recordedPayment, trackingUrlOf } from '../views/order-views.js';
import { originOf, ownerOf } from './acting.js';

const inputOf = (ask: Ask<PaymentEventDto>): PaymentInput | Problem => {
  const { eventId, type, paymentId, amount, occurredAt, orderNumber } = ask.body;
  const payment = {
    ...{ eventId, type: type as PaymentType, paymentId },
    amount: { amount: amount.amount, currency: amount.currency },
    occurredAt: typeof occurredAt === 'string' ? parseInstant(occurredAt) : null,
  };
  const owner = ownerOf(ask.caller, ask.body.userId);
  if (owner instanceof Problem) return owner;
  return { orderNumber, owner, payment, origin: originOf(ask) };
};

export const paymentRoutes = ({ orders }: Service): Route[] => [
  route<PaymentEventDto>({
    method: 'POST',
    path: '/api/v1/payments/events',
    name: 'recordPayment',
    area: 'Payments',
    summary: 'Tell what became of a payment. The order of arrival decides; a wrong amount does not pay.',
    roles: ['service', 'operator'],
    keyed: true,
    body: { of: PaymentEventDto, examples: examples.payment },
    answers: {
      202: {
        description: 'Written down; `outcome` is what came of it.',
        shape: recordedPayment,
        example: examples.recorded,
      },
    },
    refusals: ['ORDER_NOT_FOUND'],
    handle: async ask => {
      const input = inputOf(ask);
      if (input instanceof Problem) return input;
      const { orderNumber, payment } = input;
      if (!isUuid(orderNumber)) return new Problem('ORDER_NOT_FOUND', { data: { orderNumber } });
      return through<PaymentInput, ChangedOrder>(ask, orders.recordPayment, input, changed =>
        json(202, paymentRecordedBody(changed, payment.eventId), ['Location', trackingUrlOf(orderNumber)]),
      );
    },
  }),
];
