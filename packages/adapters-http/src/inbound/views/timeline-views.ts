import { orderEventTypes, type TimelineEntry } from '@org/application';
import { utc } from '../instants.js';
import { dataForClients } from '../problem.js';
import { paymentOutcome, refundFields, step, why } from './order-views.js';
import {
  about,
  amount,
  type Body,
  callerId,
  count,
  currency,
  instant,
  listOf,
  money,
  nullable,
  object,
  oneBy,
  optional,
  page,
  refusalCode,
  refusalData,
  text,
  word,
} from './shapes.js';

const reason = about(text, 'A code, or the words of who cancelled.');

/** What of an event its order's owner is told; holds and segments are the shop's own business. */
const told = {
  [orderEventTypes.OrderPlaced]: [
    'OrderPlacedEntry',
    {
      currency,
      total: amount,
      pointsUsed: count,
      payment: word('NONE', 'EXTERNAL'),
      paymentDeadline: nullable(instant),
    },
  ],
  [orderEventTypes.StepRefused]: [
    'StepRefusedEntry',
    {
      step,
      code: refusalCode,
      data: refusalData,
    },
  ],
  [orderEventTypes.CancelRequested]: ['CancelRequestedEntry', { reason }],
  [orderEventTypes.OrderHeld]: ['OrderHeldEntry', {}],
  [orderEventTypes.PaymentRecorded]: [
    'PaymentRecordedEntry',
    {
      eventId: callerId,
      type: word('COMPLETED', 'FAILED', 'CANCELLED'),
      paymentId: callerId,
      amount: money,
      occurredAt: about(nullable(instant), 'By the clock of the payment service.'),
      outcome: paymentOutcome,
    },
  ],
  [orderEventTypes.OrderCompleted]: ['OrderCompletedEntry', {}],
  [orderEventTypes.OrderCancelled]: [
    'OrderCancelledEntry',
    {
      reason,
      voids: about(listOf(step), 'What was held and is given back, in this order.'),
    },
  ],
  [orderEventTypes.OrderRefunded]: ['OrderRefundedEntry', { ...refundFields, ...why }],
} as const;
const cases = Object.entries(told).map(([type, [name, fields]]) => {
  const actor = optional(about(text, 'Who did it; told to the shop alone.'));
  return [type, [name, { at: instant, actor, data: object(fields) }]] as const;
});
export const timeline = page('Timeline', oneBy('TimelineEntry', 'type', Object.fromEntries(cases)));
const fieldsOf = new Map(Object.entries(told).map(([type, [, fields]]) => [type, Object.keys(fields)]));

/** The data of a refusal, as every answer tells it; other values are as they are on the wire already. */
const outward = (name: string, value: unknown) =>
  name === 'data' ? dataForClients(value as Readonly<Record<string, unknown>>) : value;

/** The fields that the schema of its type has. @param withActor whether the reader may know who did it */
export const timelineBody = (
  { at, type, actor, data }: TimelineEntry,
  withActor: boolean,
): Body<typeof timeline>['items'][number] => ({
  at: utc(at),
  type,
  ...(withActor && { actor }),
  data: Object.fromEntries(
    (fieldsOf.get(type) ?? []).flatMap(name => (name in data ? [[name, outward(name, data[name])]] : [])),
  ),
});
