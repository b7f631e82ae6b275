import type { CouponRequest, RequestInput } from '@org/application';
import { aRequestAnswer, policyId, requestId } from '../document/examples/coupon-examples.js';
import { IssueDto } from '../dto/coupon-dto.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { acceptedRequest, acceptedRequestBody, couponRequest, requestBody } from '../views/coupon-views.js';
import { originOf, userOf } from './acting.js';

const area = 'Coupons';
const base = '/api/v3/coupons';
const actors = ['shopper', 'service', 'operator'] as const;

const accepted = (request: CouponRequest) =>
  json(202, acceptedRequestBody(request), ['Location', `${base}/requests/${request.requestId}`]);

const ask = ({ promotions }: Service): Route =>
  route<IssueDto>({
    method: 'POST',
    path: base,
    name: 'requestCoupon',
    area,
    summary: 'Ask for a coupon, first come, first served; who gets one is decided after the answer.',
    roles: actors,
    hot: true,
    keyed: true,
    body: { of: IssueDto, examples: [{ policyId }] },
    answers: {
      202: {
        description: 'Accepted; what comes of it is told under `Location`, and pushed as `coupon.result`.',
        shape: acceptedRequest,
        example: { requestId, status: 'PENDING' },
      },
    },
    refusals: ['POLICY_NOT_FOUND'],
    handle: async asked => {
      const userId = userOf(asked.caller, asked.body.userId);
      if (userId instanceof Problem) return userId;
      const input = { policyId: asked.body.policyId, userId, origin: originOf(asked) };
      return through<RequestInput, CouponRequest>(asked, promotions.request, input, accepted);
    },
  });

const outcome = ({ queries }: Service): Route =>
  route({
    method: 'GET',
    path: `${base}/requests/{requestId}`,
    name: 'couponRequest',
    area,
    summary: 'What came of a request: PENDING, ISSUED with the coupon, or REFUSED with the code of the refusal.',
    roles: [...actors, 'admin'],
    hot: true,
    params: { requestId: { form: 'UUID', unknown: 'COUPON_REQUEST_NOT_FOUND' } },
    answers: { 200: { description: 'The request.', shape: couponRequest, example: aRequestAnswer } },
    refusals: ['COUPON_REQUEST_NOT_FOUND'],
    handle: async ({ params, caller }) => {
      const id = params.requestId ?? '';
      const found = await queries.request(id, caller.seesOthers ? null : caller.sub);
      return found
        ? json(200, requestBody(found))
        : new Problem('COUPON_REQUEST_NOT_FOUND', { data: { requestId: id } });
    },
  });

export const couponRequestRoutes = (service: Service): Route[] => [ask(service), outcome(service)];
