import type { PointId } from '@org/domain';
import { contract } from './contract.js';
import { cancelling, earning, holding, move, type PointStore, posting, using } from './point-samples.js';
import { sameData } from './same-data.js';
import { DAY } from './samples.js';

export type OrderPointsFixture = PointStore;
type Fixture = OrderPointsFixture;

const holds = ({ unitOfWork, pointLedger }: Fixture, ...refs: readonly (readonly [string, string])[]) =>
  unitOfWork.run(tx =>
    pointLedger.holds(
      tx,
      refs.map(([userId, key]) => ({ userId, key })),
    ),
  );
const earnedWith = ({ unitOfWork, pointLedger }: Fixture, userId: string, orderNumber: string) =>
  unitOfWork.run(tx => pointLedger.earnedWith(tx, userId, orderNumber));

export const orderPointsContract = contract<Fixture>('PointLedger: points of orders', {
  async 'gets a store of its own for every case'(fixture, another) {
    await move(fixture, 'ann', earning(100, { orderNumber: 'o' }), holding(10, DAY, 'k'));
    const other = await another();
    sameData([await holds(other, ['ann', 'k']), await earnedWith(other, 'ann', 'o')], [[null], []]);
  },
  async 'finds holds by user and key, one answer for each in the same order, and no other kind'(fixture) {
    const [, ann] = await move(fixture, 'ann', earning(100), holding(10, DAY, 'k'), using(5, 'u'), using(5, 'k'));
    const [, bob] = await move(fixture, 'bob', earning(100), holding(20, DAY, 'k'));
    const found = await holds(fixture, ['bob', 'k'], ['ann', 'u'], ['ann', 'k'], ['cem', 'k'], ['bob', 'k']);
    sameData(
      found.map(hold => hold?.pointId ?? null),
      [bob, null, ann, null, bob],
    );
    sameData(await holds(fixture), []);
  },
  async 'tells what became of a hold, and until when it lasts'(fixture) {
    const { unitOfWork, clock, pointLedger } = fixture;
    const before = await unitOfWork.run(tx => clock.now(tx));
    const [, hold = ''] = await move(fixture, 'ann', earning(100), holding(10, DAY, 'k'));
    const after = await unitOfWork.run(tx => clock.now(tx));
    const [held] = await holds(fixture, ['ann', 'k']);
    const isInTime = held !== null && held !== undefined && held.until >= before + DAY && held.until <= after + DAY;
    sameData([held?.status, isInTime], ['HELD', true]);
    await move(fixture, 'ann', posting(hold as PointId));
    sameData(await holds(fixture, ['ann', 'k']), [{ ...held, status: 'POSTED' }]);
    await unitOfWork.run(async tx => {
      sameData(await pointLedger.holds(tx, [{ userId: 'ann', key: 'k' }]), [{ ...held, status: 'POSTED' }]);
    });
  },
  async 'tells what a user has earned with an order, in the order of earning, cancelled or not'(fixture) {
    const orderNumber = 'order-7';
    const [first, , third] = await move(
      fixture,
      'ann',
      earning(100, { orderNumber }),
      earning(30, { orderNumber: 'order-77' }),
      earning(7, { orderNumber, availableIn: DAY }),
      earning(3),
    );
    await move(fixture, 'bob', earning(50, { orderNumber }));
    await move(fixture, 'ann', cancelling(first as PointId));
    sameData(await earnedWith(fixture, 'ann', orderNumber), [
      { pointId: first, points: 100, reversed: 100, status: 'CANCELLED' },
      { pointId: third, points: 7, reversed: 0, status: 'EARNED' },
    ]);
    for (const [userId, number] of [
      ['ann', 'order-1'],
      ['cem', orderNumber],
      ['ann', ''],
    ] as const)
      sameData(await earnedWith(fixture, userId, number), []);
  },
});
