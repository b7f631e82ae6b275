import assert from 'node:assert/strict';
import { isBalanced, noFigures, type PointEvent, type PointId, points } from '@org/domain';
import { meanwhile, oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import {
  booked,
  cancelling,
  earning,
  holding,
  move,
  moveIn,
  type PointStore,
  posting,
  postingOf,
  using,
} from './point-samples.js';
import { sameData, sameEntries, sameMembers } from './same-data.js';
import { DAY } from './samples.js';

export interface PointLedgerFixture extends PointStore {
  /** Lets at least so much time of the store pass. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = PointLedgerFixture;

const post = ({ unitOfWork, pointLedger }: Fixture, event: PointEvent, version = 0) =>
  unitOfWork.run(async tx => {
    const book = (await pointLedger.lock(tx, [{ userId: 'ann', pointIds: [], keys: [] }])).get('ann');
    const posted = postingOf('ann', version, book?.state ?? points.initial, [event]);
    return pointLedger.post(tx, [posted]);
  });

/** An event that no rule would lead to. */
const invented = (fixture: Fixture, transfers: PointEvent['transfers'], changed: Partial<PointEvent> = {}) =>
  ({
    ...{
      type: 'PointsEarned',
      pointId: fixture.ids.next() as PointId,
      points: 100,
      key: 'k',
      content: '',
      reason: null,
    },
    ...{ orderNumber: null, availableAt: 1_000, expiresAt: null, at: 1_000, transfers },
    ...changed,
  }) as PointEvent;

const overdue = ({ unitOfWork, pointLedger }: Fixture, limit = 10) =>
  unitOfWork.run(async tx => [...(await pointLedger.lockOverdue(tx, limit)).keys()]);

const skipsTheLocked = 'skips accounts that somebody else is at, without waiting';

export const pointLedgerContract = contract<Fixture>(
  'PointLedger',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      await move(fixture, 'ann', earning(100));
      assert.equal((await booked(await another(), 'ann')).version, 0);
    },
    async 'answers an empty account at version 0 for a user who never had points'(fixture) {
      sameData(await booked(fixture, 'ann'), { version: 0, state: points.initial });
    },
    async 'reads back earnings, uses and holds as they were posted'(fixture) {
      const ids = await move(
        fixture,
        'ann',
        earning(100, { expiresIn: DAY }),
        earning(50, { availableIn: DAY, expiresIn: 2 * DAY }),
        using(30),
        holding(20, DAY),
      );
      const { version, state } = await booked(fixture, 'ann', ids);
      assert.equal(version, 4);
      assert.ok(isBalanced(state.figures));
      sameData(state.figures, { ...noFigures, ISSUED: 150, PENDING: 50, AVAILABLE: 50, HELD: 20, SPENT: 30 });
      const [first, second] = state.lots;
      sameData(
        state.lots.map(({ pointId, points: earned, position, available, pending, held }) => ({
          ...{ pointId, earned, position, available, pending, held },
        })),
        [
          { pointId: ids[0], earned: 100, position: 1, available: 50, pending: 0, held: 20 },
          { pointId: ids[1], earned: 50, position: 2, available: 0, pending: 50, held: 0 },
        ],
      );
      assert.equal((first?.expiresAt ?? 0) - (first?.availableAt ?? 0), DAY);
      assert.equal((second?.availableAt ?? 0) - (second?.earnedAt ?? 0), DAY);
      assert.equal(first?.content, '적립 "보너스" \\ 🙂');
      sameData(
        [...state.spendings]
          .sort((a, b) => (a.pointId < b.pointId ? -1 : 1))
          .map(({ pointId, kind, status, points: spent, parts }) => ({ pointId, kind, status, spent, parts })),
        [
          { pointId: ids[2], kind: 'USE', status: 'POSTED', spent: 30, parts: [{ lotId: ids[0], points: 30 }] },
          { pointId: ids[3], kind: 'HOLD', status: 'HELD', spent: 20, parts: [{ lotId: ids[0], points: 20 }] },
        ],
      );
    },
    async 'answers what is named with the lots that it has taken from, however long they are empty'(fixture) {
      const [lot, use] = await move(fixture, 'ann', earning(40), using(40, 'the-use'));
      await move(fixture, 'ann', earning(5));
      const byId = (await booked(fixture, 'ann', [use ?? ''])).state;
      assert.ok(byId.lots.some(({ pointId }) => pointId === lot));
      const { unitOfWork, pointLedger } = fixture;
      const keys = ['the-use', 'another'];
      const byKey = await unitOfWork.run(tx => pointLedger.lock(tx, [{ userId: 'ann', pointIds: [], keys }]));
      assert.ok(byKey.get('ann')?.state.spendings.some(({ pointId }) => pointId === use));
      await move(fixture, 'ann', cancelling(use as PointId));
      sameData((await booked(fixture, 'ann')).state.figures, { ...noFigures, ISSUED: 45, AVAILABLE: 45 });
    },
    async 'keeps debts and what has ended'(fixture) {
      const [lot, , hold] = await move(fixture, 'ann', earning(100), using(60), holding(10, DAY));
      await move(fixture, 'ann', posting(hold as PointId), cancelling(lot as PointId));
      const { state } = await booked(fixture, 'ann', [lot ?? '', hold ?? '']);
      sameData(state.figures, { ...noFigures, SPENT: 70, DEBT: 70 });
      sameData(
        state.lots.map(({ status, debt, reversed }) => [status, debt, reversed]),
        [['CANCELLED', 70, 100]],
      );
      sameData(state.spendings.find(({ pointId }) => pointId === hold)?.status, 'POSTED');
      await move(fixture, 'ann', earning(80));
      sameData((await booked(fixture, 'ann')).state.figures, { ...noFigures, ISSUED: 80, AVAILABLE: 10, SPENT: 70 });
    },
    async 'tells whose points these are'(fixture) {
      const [lot = '', use = ''] = await move(fixture, 'ann', earning(10), using(5));
      const [other = ''] = await move(fixture, 'bob', earning(10));
      const { unitOfWork, pointLedger, ids } = fixture;
      sameEntries(await unitOfWork.run(tx => pointLedger.owners(tx, [other, use, ids.next(), lot, 'nothing'])), [
        [lot, 'ann'],
        [use, 'ann'],
        [other, 'bob'],
      ]);
    },
    async 'writes a set of users, and nothing of those whose version is stale'(fixture) {
      const { unitOfWork, pointLedger, ids } = fixture;
      await move(fixture, 'bob', earning(1));
      const born = (userId: string, version: number) => {
        const pointId = ids.next() as PointId;
        const transfers = [{ from: 'ISSUED', to: 'AVAILABLE', lotId: pointId, points: 100 } as const];
        return postingOf(userId, version, points.initial, [invented(fixture, transfers, { pointId })]);
      };
      const wanted = ['ann', 'bob', 'cem'].map(userId => ({ userId, pointIds: [], keys: [] }));
      const written = await unitOfWork.run(async tx => {
        await pointLedger.lock(tx, wanted);
        return pointLedger.post(tx, [born('ann', 0), born('bob', 0), born('cem', 0)]);
      });
      sameMembers(written, ['ann', 'cem']);
      sameData((await booked(fixture, 'bob')).state.figures.AVAILABLE, 1);
      sameData((await booked(fixture, 'cem')).state.figures.AVAILABLE, 100);
    },
    async 'throws when a lot would be overdrawn'(fixture) {
      const [lotId = ''] = await move(fixture, 'ann', earning(100));
      const transfers = [{ from: 'AVAILABLE', to: 'SPENT', lotId: lotId as PointId, points: 101 } as const];
      const use = invented(fixture, transfers, { type: 'PointsUsed', orderNumber: 'o', key: 'u', points: 101 });
      await assert.rejects(post(fixture, use, 1));
      sameData((await booked(fixture, 'ann')).state.figures.AVAILABLE, 100);
    },
    async 'throws when points would go where none may go'(fixture) {
      const [lotId = ''] = await move(fixture, 'ann', earning(100), using(50));
      const transfers = [{ from: 'SPENT', to: 'ISSUED', lotId: lotId as PointId, points: 50 } as const];
      const wrong = invented(fixture, transfers, { type: 'EarningReversed', pointId: lotId as PointId, points: 50 });
      await assert.rejects(post(fixture, wrong, 2));
    },
    async 'throws when a key of one kind is used twice, and lets other kinds and users have it'(fixture) {
      await move(fixture, 'ann', earning(100, { key: 'k' }), using(1, 'k'), holding(1, DAY, 'k'));
      await move(fixture, 'bob', earning(100, { key: 'k' }));
      await assert.rejects(post(fixture, invented(fixture, []), 3));
    },
    async 'takes everything back when the work fails'(fixture) {
      await move(fixture, 'ann', earning(100));
      await rolledBack(fixture.unitOfWork, tx => moveIn(fixture, tx, 'ann', using(30), earning(5)));
      const { version, state } = await booked(fixture, 'ann');
      sameData([version, state.figures.AVAILABLE, state.spendings], [1, 100, []]);
      sameData((await fixture.pointQueries.history({ userId: 'ann', limit: 9, cursor: null })).items.length, 1);
    },
    async 'keeps a second lock waiting until the first transaction ends'(fixture) {
      await move(fixture, 'ann', earning(100));
      const order = await oneAfterTheOther(
        fixture.unitOfWork,
        tx => moveIn(fixture, tx, 'ann', using(70)),
        async tx => {
          const wanted = { userId: 'ann', pointIds: [], keys: [] };
          const book = (await fixture.pointLedger.lock(tx, [wanted])).get('ann');
          assert.equal(book?.state.figures.AVAILABLE, 30, 'the second must see what the first has written');
        },
      );
      sameData(order, ['first', 'second']);
    },
    async 'counts every one of twenty that use at the same time'(fixture) {
      await move(fixture, 'ann', earning(100));
      await twenty(() => move(fixture, 'ann', using(5)));
      const { version, state } = await booked(fixture, 'ann');
      sameData([version, state.figures.AVAILABLE, state.figures.SPENT], [21, 0, 100]);
    },
    async 'ends all of twenty that lock the same users in different orders'(fixture) {
      const { unitOfWork, pointLedger } = fixture;
      const wanted = ['ann', 'bob', 'cem'].map(userId => ({ userId, pointIds: [], keys: [] }));
      for (const { userId } of wanted) await move(fixture, userId, earning(100));
      await twenty(index =>
        unitOfWork.run(async tx => {
          await pointLedger.lock(tx, index % 2 === 0 ? wanted : [...wanted].reverse());
          for (const { userId } of wanted) await moveIn(fixture, tx, userId, using(5));
        }),
      );
      for (const { userId } of wanted) assert.equal((await booked(fixture, userId)).state.figures.AVAILABLE, 0);
    },
    async 'finds accounts for which the time has something to write down, and no other'(fixture) {
      await move(fixture, 'held', earning(10), holding(5, 50));
      await move(fixture, 'ripe', earning(10, { availableIn: 50 }));
      await move(fixture, 'rotten', earning(10, { expiresIn: 50 }));
      await move(fixture, 'fresh', earning(10), holding(5, DAY), earning(10, { availableIn: DAY, expiresIn: 2 * DAY }));
      await move(fixture, 'empty', earning(10, { expiresIn: 5_000 }), using(10));
      await fixture.elapse(100);
      sameMembers(await overdue(fixture), ['held', 'ripe', 'rotten']);
      assert.equal((await overdue(fixture, 2)).length, 2);
      for (const userId of ['held', 'ripe', 'rotten']) await move(fixture, userId, at => ({ type: 'Settle', at }));
      sameData(await overdue(fixture), []);
    },
    async [skipsTheLocked](fixture) {
      for (const userId of ['ann', 'bob']) await move(fixture, userId, earning(10, { expiresIn: 50 }));
      await fixture.elapse(100);
      const seen = await meanwhile(
        fixture.unitOfWork,
        tx => fixture.pointLedger.lock(tx, [{ userId: 'ann', pointIds: [], keys: [] }]),
        async tx => [...(await fixture.pointLedger.lockOverdue(tx, 10)).keys()],
      );
      sameData(seen, ['bob']);
    },
  },
  { [skipsTheLocked]: 'concurrent transactions' },
);
