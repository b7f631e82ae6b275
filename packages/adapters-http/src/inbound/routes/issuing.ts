import type { IssueInput, ObtainedCoupon } from '@org/application';
import type { IssuedCoupon, IssueWay } from '@org/domain';
import { aCoupon, policyId } from '../document/examples/coupon-examples.js';
import { EventDto, IssueDto, RedeemDto } from '../dto/coupon-dto.js';
import { REPLAYED, through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json, type Reply } from '../reply.js';
import { type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { coupon, couponBody } from '../views/coupon-views.js';
import { originOf, userOf } from './acting.js';

const area = 'Coupons';
const actors = ['shopper', 'service', 'operator'] as const;

const issueRefusals = [
  'POLICY_NOT_FOUND',
  'POLICY_NOT_ACTIVE',
  'ISSUE_WAY_NOT_ALLOWED',
  'ISSUE_PERIOD_NOT_STARTED',
  'ISSUE_PERIOD_OVER',
  'VALIDITY_OVER',
  'COUPON_ALREADY_ISSUED',
  'COUPON_SOLD_OUT',
  'DAILY_LIMIT_REACHED',
];

const issued = (status: number) => (made: IssuedCoupon) =>
  json(status, couponBody(made), ['Location', `/api/v1/coupons/${made.id}`]);
const created = issued(201);

const answers = { 201: { description: 'The coupon.', shape: coupon, example: aCoupon } };

/** An answer that is repeated under its key was counted when it was given. */
function counted(reply: Reply | Problem, { counters }: Service, way: IssueWay): Reply | Problem {
  if (!(reply instanceof Problem) && reply.status === 201 && !reply.headers.includes(REPLAYED)) counters.issued(way);
  return reply;
}

interface Button {
  readonly path: string;
  readonly name: string;
  readonly way: IssueWay;
  readonly summary: string;
  /** By which strategy. */
  readonly door: 'issue' | 'issueUnderLock';
}

/** By a button: who comes first, or who downloads. */
const buttons: readonly Button[] = [
  {
    ...{ path: '/api/v1/coupons/issue', name: 'issueCoupon', way: 'FIRST_COME', door: 'issue' },
    summary: 'Get a coupon, first come, first served.',
  },
  {
    ...{ path: '/api/v2/coupons', name: 'issueCouponUnderLock', way: 'FIRST_COME', door: 'issueUnderLock' },
    summary: 'The same under a lock: one process at a time issues coupons of a policy.',
  },
  {
    ...{ path: '/api/v1/coupons/download', name: 'downloadCoupon', way: 'DOWNLOAD', door: 'issue' },
    summary: 'Download a coupon: by its claim button.',
  },
];

const byPolicy = (service: Service, { path, name, way, summary, door }: Button): Route =>
  route<IssueDto>({
    method: 'POST',
    path,
    name,
    area,
    summary,
    roles: actors,
    hot: true,
    keyed: true,
    body: { of: IssueDto, examples: [{ policyId }] },
    answers,
    refusals: issueRefusals,
    handle: async ask => {
      const userId = userOf(ask.caller, ask.body.userId);
      if (userId instanceof Problem) return userId;
      const input = { policyId: ask.body.policyId, userId, way, code: null, cause: null, origin: originOf(ask) };
      return counted(await through(ask, service.promotions[door], input, created), service, way);
    },
  });

const redeem = (service: Service): Route =>
  route<RedeemDto>({
    method: 'POST',
    path: '/api/v1/coupons/redeem',
    name: 'redeemCode',
    area,
    summary: 'Turn a code into a coupon.',
    roles: actors,
    keyed: true,
    body: { of: RedeemDto, examples: [{ code: 'SPRING-7K2M9' }] },
    answers,
    refusals: ['CODE_NOT_FOUND', 'CODE_MISTYPED', 'CODE_ALREADY_REDEEMED', ...issueRefusals.slice(1)],
    handle: async ask => {
      const userId = userOf(ask.caller, ask.body.userId);
      if (userId instanceof Problem) return userId;
      const input = { code: ask.body.code, userId, origin: originOf(ask) };
      return counted(await through(ask, service.promotions.redeem, input, created), service, 'CODE');
    },
  });

const forEvent = (service: Service): Route =>
  route<EventDto>({
    method: 'POST',
    path: '/api/v1/coupons/events',
    name: 'issueForEvent',
    area,
    summary: 'Issue a coupon for something that happened: a sign-up, a birthday, an order.',
    roles: ['service', 'operator'],
    keyed: true,
    body: { of: EventDto, examples: [{ policyId, userId: 'user-1', cause: 'sign-up:user-1' }] },
    answers: {
      ...answers,
      200: { description: 'The coupon that this cause got before.', shape: coupon, example: aCoupon },
    },
    refusals: issueRefusals,
    handle: async ask => {
      const { policyId: id, userId, cause } = ask.body;
      const input: IssueInput = { policyId: id, userId, way: 'EVENT', code: null, cause, origin: originOf(ask) };
      const render = (made: ObtainedCoupon) => issued(made.created ? 201 : 200)(made);
      return counted(await through(ask, service.promotions.issue, input, render), service, 'EVENT');
    },
  });

export const issuingRoutes = (service: Service): Route[] => [
  ...buttons.map(button => byPolicy(service, button)),
  redeem(service),
  forEvent(service),
];
