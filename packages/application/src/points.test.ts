import { afterTransfers, noFigures, type PointTransfer } from '@org/domain';
import { aPointShop } from './points.fixtures.js';
import { accepted, no, origin } from './promotions.fixtures.js';

describe('points', () => {
  it('rule 15: the same key again is answered with the same earning, and changes nothing', async () => {
    const shop = aPointShop();
    const first = accepted(await shop.earn('ann', 100, 'k'));
    expect(first).toMatchObject({ points: 100, created: true, balance: { available: 100 } });
    expect(accepted(await shop.earn('ann', 100, 'k'))).toEqual({ ...first, created: false });
    expect(no(await shop.earn('ann', 101, 'k'))).toBe('POINT_KEY_REUSED');
    const used = accepted(await shop.use('ann', 30, 'k'));
    expect(used.pointId).not.toBe(first.pointId);
    expect(accepted(await shop.use('ann', 30, 'k'))).toEqual({ ...used, created: false });
    expect(accepted(await shop.earn('bob', 5, 'k')).created).toBe(true);
  });

  it('rule 15: a key is the same again also when time has passed in between', async () => {
    const shop = aPointShop();
    const expiresAt = shop.clock.time + 1_000;
    const first = accepted(await shop.earn('ann', 100, 'k', { expiresAt }));
    shop.clock.advance(2_000);
    expect(accepted(await shop.earn('ann', 100, 'k', { expiresAt }))).toMatchObject({
      pointId: first.pointId,
      created: false,
      balance: { available: 0 },
    });
  });

  it('of 200 uses at once of a balance that covers 50, exactly 50 are done', async () => {
    const shop = aPointShop();
    await shop.earn('ann', 500, 'gift');
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, i) => shop.use('ann', 10, `u${i}`)));
    expect(outcomes.filter(({ accepted: was }) => was)).toHaveLength(50);
    expect(new Set(outcomes.map(no))).toEqual(new Set([null, 'INSUFFICIENT_POINTS']));
    expect(await shop.pointQueries.balance('ann')).toMatchObject({ available: 0 });
  });

  it('of many users share a transaction, and the refusal of one fails no other', async () => {
    const shop = aPointShop();
    let transactions = 0;
    const { run } = shop.unitOfWork;
    shop.unitOfWork.run = work => {
      transactions++;
      return run.call(shop.unitOfWork, work) as ReturnType<typeof work>;
    };
    const outcomes = await Promise.all([
      ...Array.from({ length: 100 }, (_, i) => shop.earn(`user-${i}`, 10, 'gift')),
      shop.use('nobody', 1, 'u'),
      shop.cancel('01990000-0000-7000-8000-00000000ffff'),
    ]);
    // Half of them each: two batches at a time.
    expect(transactions).toBe(2);
    expect(outcomes.map(no)).toEqual([...Array(100).fill(null), 'INSUFFICIENT_POINTS', 'POINT_NOT_FOUND']);
  });

  it('are held, posted in part and given back in the shares of refunds', async () => {
    const shop = aPointShop();
    const earned = accepted(await shop.earn('ann', 100, 'gift'));
    const held = accepted(await shop.hold('ann', 80, 'o1'));
    expect(held).toMatchObject({ status: 'HELD', balance: { available: 20, held: 80 } });
    expect(accepted(await shop.post(held.pointId, 60))).toMatchObject({ status: 'POSTED', points: 60 });
    expect(no(await shop.release(held.pointId))).toBe('POINT_HOLD_NOT_ACTIVE');
    expect(accepted(await shop.giveBack(held.pointId, 25, 'refund-1')).balance.available).toBe(65);
    expect(accepted(await shop.giveBack(held.pointId, 25, 'refund-1')).balance.available).toBe(65);
    expect(accepted(await shop.reverse(earned.pointId, 70, 'refund-1')).balance).toMatchObject({
      available: 0,
      debt: 5,
    });
  });

  it('of a hold that is over are free at once; the sweeper writes it down', async () => {
    const shop = aPointShop();
    await shop.earn('ann', 100, 'gift');
    const held = accepted(await shop.hold('ann', 80, 'o1', 60));
    shop.clock.advance(60_000);
    expect(await shop.pointQueries.balance('ann')).toEqual({ available: 100, held: 0, pending: 0, debt: 0 });
    expect(no(await shop.post(held.pointId))).toBe('POINT_HOLD_EXPIRED');
    expect(await shop.points.settleOverdue({ limit: 10, origin })).toBe(1);
    expect(await shop.points.settleOverdue({ limit: 10, origin })).toBe(0);
    expect(no(await shop.post(held.pointId))).toBe('POINT_HOLD_EXPIRED');
  });

  it('rule 17: owe nothing where the shop does not allow it', async () => {
    const shop = aPointShop({ debt: 'REFUSED' });
    const { pointId } = accepted(await shop.earn('ann', 100, 'gift'));
    const used = accepted(await shop.use('ann', 1, 'u'));
    expect(no(await shop.cancel(pointId))).toBe('POINTS_SPENT');
    await shop.cancel(used.pointId);
    expect(accepted(await shop.cancel(pointId)).status).toBe('CANCELLED');
  });

  it('come to the recomputation of every transfer that the log tells of', async () => {
    const shop = aPointShop();
    const { pointId } = accepted(await shop.earn('ann', 100, 'gift'));
    const used = accepted(await shop.use('ann', 60, 'u'));
    await shop.cancel(pointId);
    await shop.cancel(used.pointId);
    await shop.earn('ann', 10, 'more');
    const told = shop.events.all().filter(({ key }) => key === 'ann');
    expect(told.map(({ type, streamVersion }) => [type, streamVersion])).toEqual([
      ['point.earned.v1', 1],
      ['point.used.v1', 2],
      ['point.earning-cancelled.v1', 3],
      ['point.use-cancelled.v1', 4],
      ['point.earned.v1', 5],
    ]);
    const transfers = told.flatMap(({ data }) => data.transfers as PointTransfer[]);
    expect(afterTransfers(noFigures, transfers)).toMatchObject({ ISSUED: 10, AVAILABLE: 10, DEBT: 0 });
  });
});
