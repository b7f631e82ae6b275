import fc from 'fast-check';
import { requestOf } from './coupon-requests.js';
import { accepted, aShop, no, origin, result } from './promotions.fixtures.js';
import { decideRequests } from './use-cases/coupon/decide-requests.js';

type Shop = ReturnType<typeof aShop>;

const ask = async (shop: Shop, policyId: string, userId = 'ann') =>
  accepted(result(await shop.promotions.request({ input: { policyId, userId, origin } }))).requestId;

const requestsIn = ({ events }: Shop) =>
  events
    .all()
    .filter(({ type }) => type === 'coupon.requested.v1')
    .map(event => ({ ...event, id: `${event.streamId}:${event.streamVersion}`, attempt: 1 }));

/** Hands events to the worker: all of them, unless some are named. */
async function deliver(shop: Shop, events = requestsIn(shop)) {
  for (const { handle } of shop.promotions.subscriptions) await handle(events);
}

async function shown({ queries }: Shop, requestId: string): Promise<string> {
  const found = await queries.request(requestId, null);
  if (found?.status === 'ISSUED') return `ISSUED ${found.coupon.facts.sequence}`;
  return found?.status === 'REFUSED' ? `REFUSED ${found.refusal.code}` : String(found?.status);
}

const allow = async ({ promotions, queries }: Shop, policyId: string, total: number) => {
  const view = await queries.policy(policyId);
  if (!view) throw new Error('no policy');
  const draft = { ...view.terms, limits: { ...view.terms.limits, total } };
  result(await promotions.managePolicy({ input: { change: 'Edit', policyId, draft, expectedRevision: null, origin } }));
};

describe('a request for a coupon', () => {
  it('waits until it is decided, and is told with its coupon then', async () => {
    const shop = aShop();
    const requestId = await ask(shop, await shop.policy());
    expect(await shown(shop, requestId)).toBe('PENDING');
    await deliver(shop);
    expect(await shown(shop, requestId)).toBe('ISSUED 1');
  });

  it('is refused at once for a policy that does not exist, and for no other reason', async () => {
    const shop = aShop();
    const request = async (policyId: string) =>
      no(result(await shop.promotions.request({ input: { policyId, userId: 'ann', origin } })));
    const unknown = shop.ids.next();
    expect([await request(unknown), await request(unknown)]).toEqual(['POLICY_NOT_FOUND', 'POLICY_NOT_FOUND']);
    const draft = await shop.policy({}, { active: false });
    const requestId = await ask(shop, draft);
    await deliver(shop);
    expect(await shown(shop, requestId)).toBe('REFUSED POLICY_NOT_ACTIVE');
  });

  it('is one event, and a look at its policy once', async () => {
    const shop = aShop();
    const policyId = await shop.policy();
    const looks = import.meta.jest.spyOn(shop.policies, 'load');
    const before = shop.events.all().length;
    for (const userId of ['ann', 'bob', 'eve']) await ask(shop, policyId, userId);
    expect([shop.events.all().length - before, looks.mock.calls.length]).toEqual([3, 1]);
  });

  it('gets coupons in the order of asking, until all are gone', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { total: 2, perUser: 1 } });
    const asked = [];
    for (const userId of ['ann', 'ann', 'bob', 'eve']) asked.push(await ask(shop, policyId, userId));
    await deliver(shop);
    expect(await Promise.all(asked.map(id => shown(shop, id)))).toEqual([
      'ISSUED 1',
      'REFUSED COUPON_ALREADY_ISSUED',
      'ISSUED 2',
      'REFUSED COUPON_SOLD_OUT',
    ]);
  });

  it('keeps its refusal when it comes again after more have come on sale', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { total: 1, perUser: 1 } });
    const [, late] = [await ask(shop, policyId), await ask(shop, policyId, 'bob')];
    await deliver(shop);
    await allow(shop, policyId, 5);
    await deliver(shop);
    expect(await shown(shop, late)).toBe('REFUSED COUPON_SOLD_OUT');
    expect((await shop.queries.statistics(policyId))?.issued).toBe(1);
  });

  it('has one outcome though two are at it at the same time, and more come on sale meanwhile', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { total: 1 } });
    await shop.issue(policyId, 'eve');
    const requestId = await ask(shop, policyId);
    const requests = requestsIn(shop).map(requestOf);
    let second: Promise<unknown> = Promise.resolve();
    await shop.unitOfWork.run(async tx => {
      await decideRequests(shop)(tx, requests);
      // Begins before the first has committed, and would issue a coupon if it had looked by then.
      second = shop.unitOfWork.run(own => decideRequests(shop)(own, requests));
      await new Promise(resolve => setTimeout(resolve, 5));
    });
    await second;
    expect(await shown(shop, requestId)).toBe('REFUSED COUPON_SOLD_OUT');
    expect(await shop.unitOfWork.run(tx => shop.events.stream(tx, `coupon-request/${requestId}`))).toHaveLength(2);
  });

  it('leaves the trace and the actor of its asking in the coupon', async () => {
    const shop = aShop();
    const policyId = await shop.policy();
    const traced = { actor: 'checkout', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    result(await shop.promotions.request({ input: { policyId, userId: 'ann', origin: traced } }));
    await deliver(shop);
    const issued = shop.events.all().find(({ type }) => type === 'coupon.issued.v1');
    expect(issued?.origin).toEqual(traced);
  });
});

type Step = { readonly what: 'ASK' | 'DELIVER' | 'AGAIN' | 'ALLOW'; readonly pick: number };
const steps = fc.array(
  fc.record<Step>({
    what: fc.constantFrom<Step['what'][]>('ASK', 'ASK', 'ASK', 'DELIVER', 'AGAIN', 'ALLOW') as fc.Arbitrary<
      Step['what']
    >,
    pick: fc.nat(1_000_000),
  }),
  { minLength: 5, maxLength: 40 },
);

describe('requests in any history, handled late, twice and in parts', () => {
  it('have one outcome each that never changes, and exactly N of N get a coupon', () =>
    fc.assert(
      fc.asyncProperty(steps, async history => {
        const shop = aShop();
        let total = 2;
        const policyId = await shop.policy({ limits: { total, perUser: 1 } });
        const users = new Map<string, string>();
        const outcomes = new Map<string, string>();
        const handledSoFar = new Set<string>();
        const look = async () => {
          for (const requestId of users.keys()) {
            const now = await shown(shop, requestId);
            if (outcomes.has(requestId)) expect(now).toBe(outcomes.get(requestId));
            if (now !== 'PENDING') outcomes.set(requestId, now);
          }
        };
        for (const { what, pick } of [...history, { what: 'DELIVER', pick: 0 } as const]) {
          if (what === 'ASK') {
            const userId = `user-${pick % 6}`;
            users.set(await ask(shop, policyId, userId), userId);
          } else if (what === 'ALLOW') await allow(shop, policyId, ++total);
          else {
            const all = requestsIn(shop).filter(({ id }) => what === 'AGAIN' || !handledSoFar.has(id));
            const some = all.slice(what === 'AGAIN' ? pick % (all.length + 1) : 0);
            if (what === 'DELIVER') for (const { id } of some) handledSoFar.add(id);
            if (some.length > 0) await deliver(shop, some);
          }
          await look();
        }
        const winners = [...outcomes].filter(([, told]) => told.startsWith('ISSUED'));
        expect(outcomes.size).toBe(users.size);
        expect(new Set(winners.map(([id]) => users.get(id))).size).toBe(winners.length);
        expect(winners.map(([, told]) => Number(told.split(' ')[1])).sort((a, b) => a - b)).toEqual(
          winners.map((_, i) => i + 1),
        );
        expect((await shop.queries.statistics(policyId))?.issued).toBe(winners.length);
        expect(winners.length).toBeLessThanOrEqual(total);
        const soldOut = [...outcomes.values()].filter(told => told === 'REFUSED COUPON_SOLD_OUT');
        if (soldOut.length > 0) expect(winners.length).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 60 },
    ));
});
