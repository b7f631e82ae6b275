import type { CouponChangeInput, CouponQueries, OrderBasis } from '@org/application';
import type { CouponStatus, IssuedCoupon } from '@org/domain';
import {
  aCoupon,
  aQuote,
  aQuoteAnswer,
  couponId as exampleId,
  reservationExamples,
  useExamples,
} from '../document/examples/coupon-examples.js';
import { cartOf } from '../dto/cart-dto.js';
import { QuoteDto, ReasonDto, UseDto } from '../dto/coupon-dto.js';
import { sealCursor } from '../dto/query.js';
import { through } from '../idempotency.js';
import { Problem, unprocessable } from '../problem.js';
import { json, type Reply } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { coupon, couponBody, couponLeft, couponPage, couponUse, undoneUse, usedBody } from '../views/coupon-views.js';
import { quote, quoteBody } from '../views/quote-views.js';
import { originOf, ownerOf } from './acting.js';

const area = 'Coupons';
const couponId = { form: 'UUID', unknown: 'COUPON_NOT_FOUND' } as const;
const everybody = ['shopper', 'service', 'operator', 'admin'] as const;

export const spendRefusals = [
  'COUPON_NOT_FOUND',
  'COUPON_NOT_YET_VALID',
  'COUPON_EXPIRED',
  'COUPON_USED',
  'COUPON_REVOKED',
  'COUPON_RESERVED',
  'CART_REQUIRED',
  'CURRENCY_MISMATCH',
  'BUDGET_EXHAUSTED',
  'CHANNEL_NOT_ALLOWED',
  'SEGMENT_NOT_ALLOWED',
  'FIRST_ORDER_ONLY',
  'WEEKDAY_NOT_ALLOWED',
  'HOUR_NOT_ALLOWED',
  'REQUIRED_ITEM_MISSING',
  'NO_ELIGIBLE_LINES',
  'MINIMUM_QUANTITY_NOT_MET',
  'MINIMUM_ORDER_NOT_MET',
  'NO_EFFECT',
];

/** The amount of the order or its cart, never both. */
export function basisOf({ orderAmount, cart }: Pick<UseDto, 'orderAmount' | 'cart'>): OrderBasis | Problem {
  if (orderAmount && cart)
    return unprocessable({ field: 'cart', value: null, message: 'cannot go together with orderAmount' });
  if (orderAmount) return { amount: orderAmount.amount, currency: orderAmount.currency };
  if (!cart)
    return unprocessable({ field: 'orderAmount', value: null, message: 'is required, unless there is a cart' });
  const read = cartOf(cart);
  if (read instanceof Problem) return read;
  const { at: _, ...rest } = read;
  return { cart: rest };
}

const pricing = ({ promotions }: Service): Route =>
  route<QuoteDto>({
    method: 'POST',
    path: '/api/v1/coupons/quote',
    name: 'quote',
    area,
    summary: 'What a cart costs with these coupons, codes and points. Changes nothing.',
    roles: ['shopper', 'service', 'operator'],
    body: { of: QuoteDto, examples: [aQuote, reservationExamples.quote], large: true },
    answers: {
      200: { description: 'The price, what was applied, what was not and why.', shape: quote, example: aQuoteAnswer },
    },
    handle: async ({ body, caller }) => {
      const userId = body.userId ?? caller.sub;
      if (userId !== caller.sub && !caller.actsForOthers)
        return new Problem('FORBIDDEN', { detail: 'userId names somebody else.' });
      const { couponIds, codes, points } = body;
      const cart = cartOf(body.cart);
      if (cart instanceof Problem) return cart;
      const input = { userId, cart, couponIds: couponIds ?? [], codes: codes ?? [], points: points ?? 0 };
      return json(200, quoteBody(await promotions.quote(input)));
    },
  });

function changeRoute<Dto extends object>(
  { promotions }: Service,
  about: Pick<Route<Dto>, 'path' | 'name' | 'summary' | 'body' | 'answers' | 'refusals'>,
  inputOf: (ask: Ask<Dto>) => CouponChangeInput | Problem,
): Route {
  return route<Dto>({
    ...about,
    method: 'POST',
    area,
    roles: ['service', 'operator'],
    keyed: true,
    params: { couponId },
    handle: async ask => {
      const input = inputOf(ask);
      if (input instanceof Problem) return input;
      const render = (changed: IssuedCoupon): Reply => json(200, usedBody(changed));
      return through<CouponChangeInput, IssuedCoupon>(ask as unknown as Ask, promotions.changeCoupon, input, render);
    },
  });
}

/** Which coupon, and whose it must be. */
function addressed(ask: Ask<ReasonDto | UseDto>) {
  const owner = ownerOf(ask.caller, ask.body.userId);
  if (owner instanceof Problem) return owner;
  return { couponId: ask.params.couponId ?? '', owner, origin: originOf(ask) };
}

const reasoned = (ask: Ask<ReasonDto>, change: 'CancelUse' | 'Revoke'): CouponChangeInput | Problem => {
  const about = addressed(ask);
  return about instanceof Problem ? about : { ...about, change, reason: ask.body.reason ?? '' };
};
const why = {
  ...{ of: ReasonDto, optional: true },
  examples: [{ reason: 'the order was cancelled' }, { userId: 'user-1', reason: 'the order was cancelled' }],
};

const changes = (service: Service): Route[] => [
  changeRoute<UseDto>(
    service,
    {
      path: '/api/v3/coupons/{couponId}/use',
      name: 'useCoupon',
      summary: 'Use a coupon for an order.',
      body: { of: UseDto, examples: useExamples },
      answers: {
        200: {
          description: 'Used.',
          shape: couponUse,
          example: {
            ...{ couponId: exampleId, status: 'USED', usedAt: '2026-11-21T03:00:00.000Z' },
            ...{ orderNumber: 'order-1', discount: 2400 },
          },
        },
      },
      refusals: spendRefusals,
    },
    ask => {
      const basis = basisOf(ask.body);
      const about = addressed(ask);
      if (basis instanceof Problem) return basis;
      if (about instanceof Problem) return about;
      return { ...about, change: 'Use', orderNumber: ask.body.orderNumber, basis };
    },
  ),
  changeRoute<ReasonDto>(
    service,
    {
      path: '/api/v3/coupons/{couponId}/cancel',
      name: 'cancelUse',
      summary: 'Undo a use; whether the coupon comes back is a matter of its policy and its validity.',
      body: why,
      answers: {
        200: {
          description: 'What the coupon is now.',
          shape: undoneUse,
          example: { couponId: exampleId, status: 'ISSUED' },
        },
      },
      refusals: ['COUPON_NOT_FOUND', 'COUPON_NOT_USED', 'USE_ALREADY_CANCELLED'],
    },
    ask => reasoned(ask, 'CancelUse'),
  ),
  changeRoute<ReasonDto>(
    service,
    {
      path: '/api/v3/coupons/{couponId}/revoke',
      name: 'revokeCoupon',
      summary: 'Revoke a coupon: take it away for good.',
      body: why,
      answers: {
        200: { description: 'Revoked.', shape: couponLeft, example: { couponId: exampleId, status: 'REVOKED' } },
      },
      refusals: ['COUPON_NOT_FOUND', 'COUPON_EXPIRED', 'COUPON_USED', 'COUPON_REVOKED', 'COUPON_RESERVED'],
    },
    ask => reasoned(ask, 'Revoke'),
  ),
];

const reads = (queries: CouponQueries): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/coupons/users/{userId}',
    name: 'couponsOfUser',
    area,
    summary: 'The coupons of a user, newest first.',
    roles: everybody,
    params: { userId: { form: 'ID', unknown: 'USER_NOT_FOUND' } },
    query: {
      status: { words: ['ISSUED', 'RESERVED', 'USED', 'EXPIRED', 'REVOKED'] },
      limit: 'limit',
      cursor: 'cursor',
    },
    answers: { 200: { description: 'A page.', shape: couponPage, example: { items: [aCoupon], nextCursor: null } } },
    refusals: ['USER_NOT_FOUND'],
    handle: async ({ params: { userId = '' }, query: { words, limit, cursor }, caller, path }) => {
      if (userId !== caller.sub && !caller.seesOthers) return new Problem('USER_NOT_FOUND', { data: { userId } });
      const status = (words.status ?? null) as CouponStatus | null;
      const { items, nextCursor } = await queries.couponsOfUser({ userId, status, limit, cursor });
      return json(200, { items: items.map(couponBody), nextCursor: sealCursor(path, nextCursor) });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/coupons/{couponId}',
    name: 'getCoupon',
    area,
    summary: 'One coupon.',
    roles: everybody,
    params: { couponId },
    answers: { 200: { description: 'The coupon.', shape: coupon, example: aCoupon } },
    refusals: ['COUPON_NOT_FOUND'],
    handle: async ({ params, caller }) => {
      const found = await queries.coupon(params.couponId ?? '');
      if (found && (found.facts.userId === caller.sub || caller.seesOthers)) return json(200, couponBody(found));
      return new Problem('COUPON_NOT_FOUND', { data: { couponId: params.couponId } });
    },
  }),
];

export const couponRoutes = (service: Service): Route[] => [
  pricing(service),
  ...changes(service),
  ...reads(service.queries),
];
