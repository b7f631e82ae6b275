import type { PolicyInput, PolicyView } from '@org/application';
import { aPolicy, aPolicyAnswer, discountExamples, statisticsExample } from '../document/examples/coupon-examples.js';
import { draftOf, PolicyDto } from '../dto/policy-dto.js';
import { sealCursor } from '../dto/query.js';
import { etagOf } from '../etags.js';
import { through } from '../idempotency.js';
import { expectedRevision } from '../if-match.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { policy, policyBody, policyPage, statistics, statisticsBody } from '../views/policy-views.js';
import { originOf } from './acting.js';

const area = 'Coupon policies';
export const policyId = { form: 'UUID', unknown: 'POLICY_NOT_FOUND' } as const;
export const editors = ['operator', 'admin'] as const;
const base = '/api/v3/coupon-policies';

const shown = (status: number) => (view: PolicyView) => {
  const location = status === 201 ? ['Location', `${base}/${view.policyId}`] : [];
  return json(status, policyBody(view), ['ETag', etagOf(view), ...location]);
};

function create(path: string, name: string, { promotions }: Service): Route {
  return route<PolicyDto>({
    method: 'POST',
    path,
    name,
    area,
    summary: 'Make a policy; it begins as a draft.',
    roles: editors,
    keyed: true,
    body: { of: PolicyDto, examples: [aPolicy, ...discountExamples], large: true },
    answers: { 201: { description: 'The policy, every default filled in.', shape: policy, example: aPolicyAnswer } },
    refusals: ['POLICY_INVALID', 'POLICY_CODE_TAKEN'],
    handle: ask => {
      const input = { change: 'Create', draft: draftOf(ask.body), origin: originOf(ask) } as const;
      return through<PolicyInput, PolicyView>(ask, promotions.managePolicy, input, shown(201));
    },
  });
}

const moves = [
  ['activate', 'Activate', 'From now on coupons can be had, within the issue period.'],
  ['pause', 'Pause', 'No coupons for now; those that are out stay good.'],
  ['end', 'End', 'No coupons any more; those that are out stay good.'],
] as const;

const moveRoutes = ({ promotions }: Service): Route[] =>
  moves.map(([verb, change, summary]) =>
    route({
      method: 'POST',
      path: `${base}/{policyId}/${verb}`,
      name: `${verb}Policy`,
      area,
      summary,
      roles: editors,
      keyed: true,
      params: { policyId },
      answers: { 200: { description: 'The policy.', shape: policy, example: aPolicyAnswer } },
      refusals: ['POLICY_NOT_FOUND', 'POLICY_STATUS_CONFLICT'],
      handle: ask => {
        const input = { change, policyId: ask.params.policyId ?? '', origin: originOf(ask) };
        return through<PolicyInput, PolicyView>(ask, promotions.managePolicy, input, shown(200));
      },
    }),
  );

const edit = ({ promotions }: Service): Route =>
  route<PolicyDto>({
    method: 'PUT',
    path: `${base}/{policyId}`,
    name: 'editPolicy',
    area,
    summary: 'Make the next version of a policy; coupons that are out keep theirs.',
    roles: editors,
    keyed: true,
    conditional: true,
    params: { policyId },
    body: { of: PolicyDto, examples: [aPolicy], large: true },
    answers: { 200: { description: 'The policy in its new version.', shape: policy, example: aPolicyAnswer } },
    refusals: [
      'POLICY_NOT_FOUND',
      'POLICY_STATUS_CONFLICT',
      'POLICY_CODE_TAKEN',
      'LIMIT_BELOW_USE',
      'REVISION_CONFLICT',
      'POLICY_INVALID',
    ],
    handle: async ask => {
      const revision = expectedRevision(ask);
      if (revision instanceof Problem) return revision;
      const { policyId: id = '' } = ask.params;
      const draft = draftOf(ask.body);
      const input = { change: 'Edit', policyId: id, draft, expectedRevision: revision, origin: originOf(ask) } as const;
      return through<PolicyInput, PolicyView>(ask, promotions.managePolicy, input, shown(200));
    },
  });

const reads = ({ queries }: Service): Route[] => [
  route({
    method: 'GET',
    path: `${base}/{policyId}`,
    name: 'getPolicy',
    area,
    summary: 'Read a policy.',
    roles: ['operator', 'admin', 'service'],
    params: { policyId },
    answers: { 200: { description: 'The policy, with its revision as ETag.', shape: policy, example: aPolicyAnswer } },
    refusals: ['POLICY_NOT_FOUND'],
    handle: async ({ params: { policyId: id = '' } }) => {
      const view = await queries.policy(id);
      return view ? shown(200)(view) : new Problem('POLICY_NOT_FOUND', { data: { policyId: id } });
    },
  }),
  route({
    method: 'GET',
    path: base,
    name: 'listPolicies',
    area,
    summary: 'List the policies, newest first.',
    roles: ['operator', 'admin', 'service'],
    query: { status: { words: ['DRAFT', 'ACTIVE', 'PAUSED', 'ENDED'] }, limit: 'limit', cursor: 'cursor' },
    answers: {
      200: { description: 'A page.', shape: policyPage, example: { items: [aPolicyAnswer], nextCursor: null } },
    },
    handle: async ({ query: { words, limit, cursor }, path }) => {
      const status = (words.status ?? null) as PolicyView['status'] | null;
      const { items, nextCursor } = await queries.policies({ status, limit, cursor });
      return json(200, { items: items.map(policyBody), nextCursor: sealCursor(path, nextCursor) });
    },
  }),
  route({
    method: 'GET',
    path: `${base}/{policyId}/statistics`,
    name: 'policyStatistics',
    area,
    summary: 'How many coupons of a policy are issued, reserved, used, expired, revoked.',
    roles: editors,
    params: { policyId },
    answers: {
      200: { description: 'Counts, and minor units of money.', shape: statistics, example: statisticsExample },
    },
    refusals: ['POLICY_NOT_FOUND'],
    handle: async ({ params: { policyId: id = '' } }) => {
      const found = await queries.statistics(id);
      return found ? json(200, statisticsBody(found)) : new Problem('POLICY_NOT_FOUND', { data: { policyId: id } });
    },
  }),
];

export const policyRoutes = (service: Service): Route[] => [
  create(base, 'createPolicy', service),
  create('/api/v1/coupons/policies', 'createPolicyV1', service),
  ...reads(service),
  edit(service),
  ...moveRoutes(service),
];
