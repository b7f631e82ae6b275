import type {
  CancelOrderInput,
  ChangedOrder,
  OrderView,
  OrderWish,
  Placed,
  Refunded,
  RefundInput,
} from '@org/application';
import { isUuid, type OrderStatus, type PaymentKind } from '@org/domain';
import type { Caller } from '../auth/auth.js';
import { orderExamples as examples } from '../document/examples/order-examples.js';
import { CancelOrderDto, CartOrderDto, flawOfLines, flawOfRefund, OrderDto, RefundDto } from '../dto/order-dto.js';
import { sealCursor } from '../dto/query.js';
import { hashTagOf } from '../etags.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json, type Reply } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import {
  acceptedBody,
  acceptedOrder,
  cancelledBody,
  cancelledOrder,
  order,
  orderBody,
  orderCore,
  orderItem,
  orderPage,
  orderProgress,
  refund,
  refundBody,
  statusBody,
  trackingUrlOf,
} from '../views/order-views.js';
import { timeline, timelineBody } from '../views/timeline-views.js';
import { originOf, ownerOf, userOf } from './acting.js';

const area = 'Orders';
const base = '/api/v3/orders';
const orderNumber = { form: 'UUID', unknown: 'ORDER_NOT_FOUND' } as const;
const actors = ['shopper', 'service', 'operator'] as const;
const readers = [...actors, 'admin'] as const;
const unknown = (number: string) => new Problem('ORDER_NOT_FOUND', { data: { orderNumber: number } });
const numberIn = ({ params }: Pick<Ask, 'params'>) => params.orderNumber ?? '';

const placing = {
  answers: {
    202: {
      description: 'Accepted; how it ends is told under `trackingUrl`.',
      shape: acceptedOrder,
      example: examples.accepted,
    },
  },
  refusals: ['PRODUCT_NOT_FOUND', 'OPTION_NOT_FOUND', 'ORDER_EMPTY', 'ORDER_INVALID', 'CURRENCIES_MIXED'],
};

/** Places an order of these lines; null = of what is in the cart. */
async function place({ orders }: Service, ask: Ask<CartOrderDto>, lines: OrderWish['lines']) {
  const { couponIds, codes, points, payment, channel } = ask.body;
  const userId = userOf(ask.caller, ask.body.userId);
  if (userId instanceof Problem) return userId;
  const input: OrderWish = {
    ...{ userId, lines, couponIds: couponIds ?? [], codes: codes ?? [], points: points ?? 0 },
    ...{ payment: (payment ?? 'NONE') as PaymentKind, channel: channel ?? null, origin: originOf(ask) },
  };
  return through<OrderWish, Placed>(ask as unknown as Ask, orders.place, input, placed =>
    json(202, acceptedBody(placed.orderNumber, orders.estimatedSeconds()), [
      'Location',
      trackingUrlOf(placed.orderNumber),
    ]),
  );
}

const places = (service: Service): Route[] => [
  route<OrderDto>({
    ...{ method: 'POST', path: base, name: 'placeOrder', hot: true, area, roles: actors, keyed: true, ...placing },
    summary: 'Order. Prices come from the catalogue; stock, coupons and points are held after the answer.',
    body: { of: OrderDto, examples: examples.order },
    handle: async ask => flawOfLines(ask.body) ?? place(service, ask, ask.body.lines),
  }),
  route<CartOrderDto>({
    ...{ method: 'POST', path: `${base}/cart`, name: 'orderCart', area, roles: actors, keyed: true, ...placing },
    summary: 'Order what is in the cart; it leaves the cart when the order is completed.',
    body: { of: CartOrderDto, examples: examples.cartOrder, optional: true },
    handle: ask => place(service, ask, null),
  }),
];

const changes = ({ orders }: Service): Route[] => [
  route<CancelOrderDto>({
    method: 'POST',
    path: `${base}/cancel`,
    name: 'cancelOrder',
    area,
    summary: 'Cancel an order that is not over; what is held for it is given back. The same again changes nothing.',
    roles: actors,
    keyed: true,
    body: { of: CancelOrderDto, examples: examples.cancel },
    answers: {
      202: { description: 'Cancelled, now, soon or before.', shape: cancelledOrder, example: examples.cancelled },
    },
    refusals: ['ORDER_NOT_FOUND', 'ORDER_COMPLETED'],
    handle: async ask => {
      const { orderNumber: number, reason } = ask.body;
      const owner = ownerOf(ask.caller, null);
      if (owner instanceof Problem) return owner;
      if (!isUuid(number)) return unknown(number);
      // No words are as good as none.
      const input = { orderNumber: number, owner, reason: reason || null, origin: originOf(ask) };
      return through<CancelOrderInput, ChangedOrder>(ask, orders.cancel, input, changed =>
        json(202, cancelledBody(number, changed.order), ['Location', trackingUrlOf(number)]),
      );
    },
  }),
  route<RefundDto>({
    method: 'POST',
    path: `${base}/{orderNumber}/refunds`,
    name: 'refundOrder',
    area,
    summary: 'Give units of a completed order back: money and points in the proportion paid.',
    roles: ['service', 'operator'],
    keyed: true,
    params: { orderNumber },
    body: { of: RefundDto, examples: examples.refund },
    answers: { 201: { description: 'Given back.', shape: refund, example: examples.refunded } },
    refusals: [
      ...['ORDER_NOT_FOUND', 'ORDER_LINE_NOT_FOUND', 'ORDER_NOT_COMPLETED', 'QUANTITY_NOT_REFUNDABLE'],
      'POINTS_SPENT',
    ],
    handle: async ask => {
      const { lines, reason, restock } = ask.body;
      const flaw = flawOfRefund(ask.body);
      if (flaw) return flaw;
      const number = numberIn(ask);
      const owner = ownerOf(ask.caller, ask.body.userId);
      if (owner instanceof Problem) return owner;
      const what = { lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })), restock: restock ?? true };
      const input: RefundInput = { orderNumber: number, owner, ...what, reason: reason ?? null, origin: originOf(ask) };
      return through<RefundInput, Refunded>(ask, orders.refund, input, given =>
        json(201, refundBody(given.refund), ['Location', `${base}/${number}`]),
      );
    },
  }),
];

/** Whose orders must be: one's own, or anybody's for who sees others. */
const seenBy = ({ seesOthers, sub }: Caller) => (seesOthers ? null : sub);

/** A look at one order: one's own, or anybody's for those who may. */
const look = (
  { orderQueries }: Service,
  about: Pick<Route, 'path' | 'name' | 'summary' | 'hot' | 'answers'>,
  shown: (view: OrderView) => Reply,
): Route =>
  route({
    ...{ ...about, method: 'GET', area, roles: readers, params: { orderNumber }, refusals: ['ORDER_NOT_FOUND'] },
    handle: async ask => {
      const view = await orderQueries.order(numberIn(ask), seenBy(ask.caller));
      return view ? shown(view) : unknown(numberIn(ask));
    },
  });

const looks = (service: Service): Route[] => [
  look(
    service,
    {
      path: `${base}/{orderNumber}`,
      name: 'getOrder',
      summary: 'Read an order. Figures are minor units of its currency.',
      answers: { 200: { description: 'The order, with an ETag.', shape: order, example: examples.whole } },
    },
    view => {
      const core = orderCore(view);
      // A million units have a million nets: the tag is not made of them too.
      return json(200, orderBody(core), ['ETag', hashTagOf(core)]);
    },
  ),
  look(
    service,
    {
      path: `${base}/{orderNumber}/status`,
      name: 'orderStatus',
      hot: true,
      summary: 'How far an order is, and why it was cancelled.',
      answers: {
        200: { description: 'Its status and that of its steps.', shape: orderProgress, example: examples.status },
      },
    },
    view => json(200, statusBody(view)),
  ),
];

const lists = ({ orderQueries }: Service): Route[] => [
  route({
    method: 'GET',
    path: base,
    name: 'listOrders',
    area,
    summary: 'List your orders, newest first; service, operator and admin name whose by `userId`.',
    roles: readers,
    query: {
      status: { words: ['PENDING', 'AWAITING_PAYMENT', 'COMPLETED', 'CANCELLED'] },
      ...{ userId: 'id', limit: 'limit', cursor: 'cursor' },
    },
    answers: {
      200: { description: 'A page.', shape: orderPage, example: { items: [examples.item], nextCursor: null } },
    },
    refusals: ['USER_NOT_FOUND'],
    handle: async ({ query: { words, limit, cursor }, caller, path }) => {
      const userId = words.userId ?? userOf(caller, null);
      if (userId instanceof Problem) return userId;
      if (userId !== caller.sub && !caller.seesOthers) return new Problem('USER_NOT_FOUND', { data: { userId } });
      const status = (words.status ?? null) as OrderStatus | null;
      const { items, nextCursor } = await orderQueries.orders({ userId, status, limit, cursor });
      return json(200, { items: items.map(orderItem), nextCursor: sealCursor(path, nextCursor) });
    },
  }),
  route({
    method: 'GET',
    path: `${base}/{orderNumber}/timeline`,
    name: 'orderTimeline',
    area,
    summary: 'Everything that happened to an order, oldest first.',
    roles: readers,
    params: { orderNumber },
    answers: {
      200: {
        description: '`actor` is told to the shop alone.',
        shape: timeline,
        example: { items: [examples.event], nextCursor: null },
      },
    },
    refusals: ['ORDER_NOT_FOUND'],
    handle: async ask => {
      const entries = await orderQueries.timeline(numberIn(ask), seenBy(ask.caller));
      if (!entries) return unknown(numberIn(ask));
      return json(200, { items: entries.map(each => timelineBody(each, ask.caller.seesOthers)), nextCursor: null });
    },
  }),
];

export const orderRoutes = (service: Service): Route[] => [
  ...places(service),
  ...changes(service),
  ...lists(service),
  ...looks(service),
];
