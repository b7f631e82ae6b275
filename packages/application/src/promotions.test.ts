import { accepted, aShop, no, origin, result, value } from './promotions.fixtures.js';

describe('first come, first served', () => {
  it.each(['GROUP_COMMIT', 'ROW_LOCK', 'REDIS_GATE'] as const)(
    'gives exactly N of N in sequence, one per user, by %s',
    async issueStrategy => {
      const shop = aShop({ issueStrategy });
      const policyId = await shop.policy({ limits: { total: 20, perUser: 1 } });
      const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => shop.issue(policyId, `user-${i % 50}`)));
      const winners = outcomes.flatMap(outcome => (outcome.accepted ? [outcome.value.facts] : []));
      expect(winners.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
      expect(new Set(winners.map(({ userId }) => userId)).size).toBe(20);
      expect(new Set(outcomes.map(no))).toEqual(new Set([null, 'COUPON_SOLD_OUT', 'COUPON_ALREADY_ISSUED']));
      expect(await shop.queries.issued(policyId)).toBe(20);
    },
  );

  it('answers a sell-out without the store, tells winners apart, and opens again at once for an edit', async () => {
    const shop = aShop();
    const limits = { total: 1, perUser: 1 };
    const draft = {
      name: 'Friday',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 1 },
      issuance: ['FIRST_COME'],
      limits,
    } as const;
    const policyId = await shop.policy(draft);
    await shop.issue(policyId, 'ann');
    expect(no(await shop.issue(policyId, 'bob'))).toBe('COUPON_SOLD_OUT');
    await new Promise(setImmediate);
    const { run } = shop.unitOfWork;
    let transactions = 0;
    shop.unitOfWork.run = work => {
      transactions++;
      return run.call(shop.unitOfWork, work) as ReturnType<typeof work>;
    };
    expect(no(await shop.issue(policyId, 'ann'))).toBe('COUPON_ALREADY_ISSUED');
    expect(no(await shop.issue(policyId, 'cem'))).toBe('COUPON_SOLD_OUT');
    expect(transactions).toBe(0);
    const more = { ...draft, limits: { ...limits, total: 2 } };
    value(
      await shop.promotions.managePolicy({
        input: { change: 'Edit', policyId, draft: more, expectedRevision: null, origin },
      }),
    );
    expect(accepted(await shop.issue(policyId, 'cem')).facts).toMatchObject({ sequence: 2, policyVersion: 2 });
  });

  it('pins what is issued to the version it was issued under', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ discount: { type: 'FIXED_AMOUNT', amount: 3_000 } });
    const { id } = accepted(await shop.issue(policyId));
    const draft = {
      name: 'Friday',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 1 },
      issuance: ['FIRST_COME'],
    } as const;
    value(
      await shop.promotions.managePolicy({
        input: { change: 'Edit', policyId, draft, expectedRevision: null, origin },
      }),
    );
    expect(accepted(await shop.reserve(id, 'r1')).reservation.discount).toBe(3_000);
  });

  it('gives the same coupon again for the same event', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ issuance: ['EVENT'] });
    const input = { policyId, userId: 'ann', way: 'EVENT', code: null, cause: 'birthday-2026', origin } as const;
    const first = value(await shop.promotions.issue({ input }));
    expect(value(await shop.promotions.issue({ input }))).toEqual({ ...first, created: false });
    expect(value(await shop.promotions.issue({ input: { ...input, cause: 'birthday-2027' } })).facts.sequence).toBe(2);
  });

  it('never lets a limit fall below what is issued', async () => {
    const shop = aShop();
    const draft = {
      name: 'Friday',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 1 },
      issuance: ['FIRST_COME'],
    } as const;
    const policyId = await shop.policy(draft);
    await shop.issue(policyId, 'ann');
    await shop.issue(policyId, 'bob');
    const edit = (total: number) =>
      shop.promotions.managePolicy({
        input: { change: 'Edit', policyId, draft: { ...draft, limits: { total } }, expectedRevision: null, origin },
      });
    expect(result(await edit(1))).toMatchObject({
      refusal: { code: 'LIMIT_BELOW_USE', data: { field: 'limits.total', value: 1, used: 2 } },
    });
    expect(no(result(await edit(2)))).toBeNull();
  });
});

describe('reserving', () => {
  it('answers the same key with the same reservation, and a foreign key with the time to try again', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    const first = accepted(await shop.reserve(couponId, 'r1'));
    expect(first).toMatchObject({ created: true, reservation: { status: 'RESERVED', discount: 3_000 } });
    expect(accepted(await shop.reserve(couponId, 'r1'))).toEqual({ ...first, created: false });
    expect(await shop.reserve(couponId, 'r2')).toMatchObject({
      refusal: { code: 'COUPON_RESERVED', data: { retryAt: shop.clock.time + 60_000 } },
    });
    shop.clock.advance(60_000);
    expect(no(await shop.reserve(couponId, 'r2'))).toBeNull();
    expect(accepted(await shop.reserve(couponId, 'r1')).reservation.status).toBe('EXPIRED');
  });

  it.each<[string, object, string]>([
    ["somebody else's coupon", { owner: 'bob' }, 'COUPON_NOT_FOUND'],
    ['an order that is too small', { amount: 9_999 }, 'MINIMUM_ORDER_NOT_MET'],
  ])('refuses %s', async (_, more, code) => {
    const shop = aShop();
    const couponId = await shop.coupon({ conditions: { minimumOrder: { amount: 10_000 } } });
    expect(no(await shop.reserve(couponId, 'r1', more))).toBe(code);
  });

  it('keeps the ids of others: theirs is taken, an own one is not for another order', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    await shop.reserve(couponId, 'r1');
    expect(no(await shop.reserve(couponId, 'r1', { owner: 'bob' }))).toBe('RESERVATION_ID_TAKEN');
    expect(no(await shop.reserve(couponId, 'r1', { orderNumber: 'order-2' }))).toBe('RESERVATION_ID_REUSED');
  });

  it('ends once: confirm and release exclude each other, each is the same when repeated', async () => {
    const shop = aShop();
    await shop.reserve(await shop.coupon(), 'r1');
    expect(no(await shop.end('Release', 'r1', 'bob'))).toBe('RESERVATION_NOT_FOUND');
    expect(accepted(await shop.end('Confirm', 'r1')).status).toBe('CONFIRMED');
    expect(accepted(await shop.end('Confirm', 'r1')).status).toBe('CONFIRMED');
    expect(no(await shop.end('Release', 'r1'))).toBe('RESERVATION_NOT_ACTIVE');
    expect(no(await shop.end('Confirm', 'nobody'))).toBe('RESERVATION_NOT_FOUND');
  });

  it('is over by the time of the store, whether or not the sweeper has come', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    await shop.reserve(couponId, 'r1');
    shop.clock.advance(60_000);
    expect(no(await shop.end('Confirm', 'r1'))).toBe('RESERVATION_EXPIRED');
    expect(await shop.promotions.expireOverdue('HOLD', { limit: 10, origin })).toBe(1);
    expect(no(await shop.end('Confirm', 'r1'))).toBe('RESERVATION_EXPIRED');
    expect(await shop.queries.coupon(couponId)).toMatchObject({ status: 'ISSUED' });
  });

  it('rule 16: takes the real discount from the budget and gives it back, also for a hold that nobody has swept', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { budget: 5_000 } });
    const [a, b] = [accepted(await shop.issue(policyId)).id, accepted(await shop.issue(policyId)).id];
    expect(no(await shop.reserve(a, 'r1'))).toBeNull();
    expect(await shop.reserve(b, 'r2')).toMatchObject({ refusal: { code: 'BUDGET_EXHAUSTED', data: { left: 2_000 } } });
    shop.clock.advance(60_000);
    expect(no(await shop.reserve(b, 'r2'))).toBeNull();
    await shop.end('Release', 'r2');
    expect(no(await shop.use(a))).toBeNull();
    await shop.cancel(a);
    expect((await shop.queries.statistics(policyId))?.budgetTaken).toBe(0);
  });
});

describe('using', () => {
  it('follows a coupon through its life, told by its events in order', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    await shop.reserve(couponId, 'r1');
    expect(no(await shop.use(couponId, { orderNumber: 'order-2' }))).toBe('COUPON_RESERVED');
    await shop.use(couponId);
    expect(no(await shop.use(couponId))).toBe('COUPON_USED');
    expect(accepted(await shop.cancel(couponId)).status).toBe('ISSUED');
    expect(no(await shop.cancel(couponId))).toBe('COUPON_NOT_USED');
    const events = await shop.unitOfWork.run(tx => shop.events.stream(tx, couponId));
    expect(events.map(({ type, streamVersion }) => [streamVersion, type])).toEqual([
      [1, 'coupon.issued.v1'],
      [2, 'coupon.reserved.v1'],
      [3, 'coupon.reservation-confirmed.v1'],
      [4, 'coupon.use-cancelled.v1'],
    ]);
  });

  it('tells who caused each event, also of two that came together', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    await shop.use(couponId);
    const by = (actor: string) => ({ actor, traceparent: null });
    const cancel = { change: 'CancelUse', couponId, owner: null, reason: 'returned', origin: by('bob') } as const;
    const revoke = { change: 'Revoke', couponId, owner: null, reason: 'fraud', origin: by('cem') } as const;
    await Promise.all([cancel, revoke].map(input => shop.promotions.changeCoupon({ input })));
    const events = await shop.unitOfWork.run(tx => shop.events.stream(tx, couponId));
    expect(events.slice(-2).map(({ type, origin }) => [type, origin.actor])).toEqual([
      ['coupon.use-cancelled.v1', 'bob'],
      ['coupon.revoked.v1', 'cem'],
    ]);
  });

  it('rule 19: a cancelled use leaves the coupon used where the policy says so', async () => {
    const shop = aShop();
    const couponId = await shop.coupon({ restoreOnCancel: false });
    await shop.use(couponId);
    expect(accepted(await shop.cancel(couponId)).status).toBe('USED');
    expect(no(await shop.cancel(couponId))).toBe('USE_ALREADY_CANCELLED');
  });
});

describe('a request with an idempotency key', () => {
  const once = (key: string, fingerprint = 'f') => ({
    request: { owner: 'ann', key, fingerprint },
    answer: (outcome: unknown) => JSON.stringify(outcome),
  });

  it('takes effect once and is answered byte for byte alike', async () => {
    const shop = aShop();
    const policyId = await shop.policy();
    const input = { policyId, userId: 'ann', way: 'FIRST_COME', code: null, cause: null, origin } as const;
    const first = await shop.promotions.issue({ input, once: once('k') });
    const again = await shop.promotions.issue({ input, once: once('k') });
    expect(again).toEqual({ kind: 'REPLAY', response: JSON.stringify(first.kind === 'DONE' && first.result) });
    expect(await shop.promotions.issue({ input, once: once('k', 'other') })).toEqual({ kind: 'OTHER_REQUEST' });
    expect(await shop.queries.issued(policyId)).toBe(1);
  });

  it('lets the first of two at the same moment through, and tells the second that it is in flight', async () => {
    const shop = aShop();
    const policyId = await shop.policy();
    const input = { policyId, userId: 'ann', way: 'FIRST_COME', code: null, cause: null, origin } as const;
    const both = await Promise.all([1, 2].map(() => shop.promotions.issue({ input, once: once('k') })));
    expect(both.map(({ kind }) => kind)).toEqual(['DONE', 'IN_FLIGHT']);
    expect(await shop.queries.issued(policyId)).toBe(1);
  });
});
