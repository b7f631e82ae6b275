import type { Adapters } from '../adapters.js';
import { type CouponRequest, requested, requestRefused, requestStream } from '../coupon-requests.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { rolledBack } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';
import { anOpenPolicy, born, facts, issued, SECOND, used, user } from './samples.js';

export type CouponRequestsFixture = Pick<
  Adapters,
  'unitOfWork' | 'policies' | 'campaigns' | 'coupons' | 'events' | 'queries' | 'clock' | 'ids'
>;
type Fixture = CouponRequestsFixture;

const origin = { actor: 'ann', traceparent: null };
const soldOut = { code: 'COUPON_SOLD_OUT', data: { total: 1, words: ['가', '"quoted"'] } };

/** Requests of one policy that were accepted, one for each user. */
async function accepted(fixture: Fixture, userIds: readonly string[]): Promise<readonly CouponRequest[]> {
  const policyId = await anOpenPolicy(fixture);
  const requests = userIds.map(userId => ({ requestId: fixture.ids.next(), policyId, userId, origin }));
  await fixture.unitOfWork.run(tx => fixture.events.append(tx, requests.map(requested)));
  return requests;
}

const factsFor = ({ policyId, userId, requestId }: CouponRequest, sequence: number) =>
  facts(policyId, sequence, { userId: user(userId), cause: requestStream(requestId) });

const refuse = ({ events }: Fixture, tx: Transaction, request: CouponRequest) =>
  events.append(tx, [requestRefused(request, soldOut)]);

const shown = ({ requestId, policyId, userId }: CouponRequest) => ({ requestId, policyId, userId });

export const couponRequestsContract = contract<Fixture>('CouponQueries: requests', {
  async 'answers null for a request that does not exist, and for what is none'(fixture) {
    const [request] = await accepted(fixture, ['ann']);
    for (const id of [fixture.ids.next(), '', 'x', requestStream(request?.requestId ?? '')])
      sameData(await fixture.queries.request(id, null), null, id);
  },
  async 'shows a request to whom it is for, and to who asks for anybody'(fixture) {
    const [request] = (await accepted(fixture, ['ann', 'bob'])) as [CouponRequest];
    const { requestId } = request;
    const pending = { ...shown(request), status: 'PENDING' };
    sameData(await fixture.queries.request(requestId, 'ann'), pending);
    sameData(await fixture.queries.request(requestId, null), pending);
    for (const other of ['bob', '', 'an', 'ANN'])
      sameData(await fixture.queries.request(requestId, other), null, other);
  },
  async 'tells the coupon of a request by its cause, as the time of the store has made it'(fixture) {
    const { unitOfWork, coupons, clock, queries, ids } = fixture;
    const [fresh, spent, over, none] = (await accepted(fixture, ['ann', 'ann', 'bob', 'bob'])) as [
      CouponRequest,
      CouponRequest,
      CouponRequest,
      CouponRequest,
    ];
    const [a, b, c] = [ids.next(), ids.next(), ids.next()];
    await unitOfWork.run(async tx => {
      const now = await clock.now(tx);
      await coupons.save(tx, [
        born(a, issued(factsFor(fresh, 1))),
        born(b, used({ ...factsFor(spent, 2), ordinal: 2 })),
        born(c, issued({ ...factsFor(over, 3), expiresAt: now - SECOND })),
        born(ids.next(), issued({ ...factsFor(none, 4), ordinal: 2, cause: 'another' })),
      ]);
    });
    for (const [request, id, status] of [
      [fresh, a, 'ISSUED'],
      [spent, b, 'USED'],
      [over, c, 'EXPIRED'],
    ] as const) {
      const found = await queries.request(request.requestId, request.userId);
      const coupon = await queries.coupon(id);
      const told = found?.status === 'ISSUED' ? found.coupon : null;
      sameData([found?.status, told?.id, told?.status], ['ISSUED', id, status]);
      sameData(
        [told?.facts, { ...found, coupon: null }],
        [coupon?.facts, { ...shown(request), status: 'ISSUED', coupon: null }],
      );
    }
    sameData(await queries.request(none.requestId, 'bob'), { ...shown(none), status: 'PENDING' });
  },
  async 'takes no coupon of somebody else for the one of a request'(fixture) {
    const { unitOfWork, coupons, queries, ids } = fixture;
    const [request] = (await accepted(fixture, ['ann'])) as [CouponRequest];
    const elsewhere = await anOpenPolicy(fixture);
    await unitOfWork.run(tx =>
      coupons.save(tx, [
        born(ids.next(), issued({ ...factsFor(request, 1), userId: user('bob') })),
        born(ids.next(), issued(factsFor({ ...request, policyId: elsewhere }, 1))),
      ]),
    );
    sameData(await queries.request(request.requestId, null), { ...shown(request), status: 'PENDING' });
  },
  async 'tells why a request was refused'(fixture) {
    const [request, other] = (await accepted(fixture, ['ann', 'ann'])) as [CouponRequest, CouponRequest];
    await fixture.unitOfWork.run(tx => refuse(fixture, tx, request));
    const refused = { ...shown(request), status: 'REFUSED', refusal: soldOut };
    sameData(await fixture.queries.request(request.requestId, 'ann'), refused);
    sameData(await fixture.queries.request(request.requestId, 'bob'), null);
    sameData(await fixture.queries.request(other.requestId, 'ann'), { ...shown(other), status: 'PENDING' });
  },
  async 'shows nothing of what was taken back'(fixture) {
    const { unitOfWork, coupons, ids, queries } = fixture;
    const [one, two] = (await accepted(fixture, ['ann', 'bob'])) as [CouponRequest, CouponRequest];
    await rolledBack(unitOfWork, async tx => {
      await refuse(fixture, tx, one);
      await coupons.save(tx, [born(ids.next(), issued(factsFor(two, 1)))]);
    });
    for (const request of [one, two])
      sameData(await queries.request(request.requestId, null), { ...shown(request), status: 'PENDING' });
  },
});
