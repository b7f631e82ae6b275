import assert from 'node:assert/strict';
import type { Order, PlacedOrder } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { meanwhile, oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { anOrder, aPayment, ended, unpaid } from './order-samples.js';
import { sameData, sameMembers } from './same-data.js';
import { AN_INSTANT, born, SECOND } from './samples.js';

export type OrderRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'orders' | 'clock' | 'ids'>;
type Fixture = OrderRepositoryFixture;

/** Stores orders that are made from what the store says the time is; answers their numbers in the same order. */
async function stored(
  { unitOfWork, orders, clock, ids }: Fixture,
  ordersAt: (now: number) => readonly PlacedOrder[],
): Promise<readonly string[]> {
  return unitOfWork.run(async tx => {
    const changes = ordersAt(await clock.now(tx)).map(order => born(ids.next(), order));
    const written = await orders.save(tx, changes);
    assert.equal(written.size, changes.length, 'every order is written');
    return changes.map(({ id }) => id);
  });
}

const save = ({ unitOfWork, orders }: Fixture, id: string, version: number, state: Order) =>
  unitOfWork.run(tx => orders.save(tx, [{ id, expectedVersion: version - 1, version, state }]));

const stateOf = async ({ unitOfWork, orders }: Fixture, id: string) =>
  (await unitOfWork.run(tx => orders.load(tx, [id]))).get(id)?.state;

const ordered = ({ unitOfWork, orders }: Fixture, ...users: readonly string[]) =>
  unitOfWork.run(async tx => [...(await orders.ordered(tx, users))]);

const lockUnpaid = ({ unitOfWork, orders }: Fixture, limit = 100) =>
  unitOfWork.run(async tx => [...(await orders.lockUnpaid(tx, limit)).keys()]);

/** Ends what was not paid as a sweeper does; answers the orders that it has ended. */
async function sweep({ unitOfWork, orders }: Fixture, limit: number): Promise<readonly string[]> {
  const done: string[] = [];
  for (let round = 0; ; round++) {
    assert.ok(round < 1_000, 'the sweep comes to an end');
    const batch = await unitOfWork.run(async tx => {
      const changes = [...(await orders.lockUnpaid(tx, limit))].map(([id, { version, state }]) => {
        assert.ok(state.status === 'AWAITING_PAYMENT');
        const next: Order = { ...state, status: 'CANCELLED', reason: 'PAYMENT_TIMEOUT', endedAt: AN_INSTANT };
        return { id, expectedVersion: version, version: version + 1, state: next };
      });
      return [...(await orders.save(tx, changes))];
    });
    if (batch.length === 0) return done;
    done.push(...batch);
  }
}

const skipsTheLocked = 'skips orders that somebody else is at, without waiting';
const answersOthers = 'answers about other buyers meanwhile';

export const orderRepositoryContract = contract<Fixture>(
  'OrderRepository',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      await stored(fixture, () => [anOrder()]);
      sameData(await ordered(await another(), 'ann'), []);
    },
    async 'keeps what was settled at the placing, whatever a later change says'(fixture) {
      const placed = anOrder();
      const [id = ''] = await stored(fixture, () => [placed]);
      const cheaper = anOrder({ reason: 'mine', facts: { total: 1, userId: 'bob', lines: [] } });
      await save(fixture, id, 2, cheaper).catch(() => undefined);
      const state = await stateOf(fixture, id);
      sameData(state?.status === 'NONE' ? null : state?.facts, placed.facts);
    },
    async 'throws for amounts below zero, and for an end that does not fit the status'(fixture) {
      const now = AN_INSTANT;
      const wrong = [
        anOrder({ facts: { total: -1 } }),
        anOrder({ facts: { pointsUsed: -1 } }),
        anOrder({ endedAt: now }),
        unpaid(now, { ...unpaid(now).facts, total: -1 }),
        { ...unpaid(now), endedAt: now },
        anOrder({ status: 'AWAITING_PAYMENT' }),
        anOrder({ status: 'COMPLETED' }),
        anOrder({ status: 'CANCELLED', reason: 'stop' }),
      ];
      for (const order of wrong) await assert.rejects(save(fixture, fixture.ids.next(), 1, order));
    },
    async 'throws when an order that is over would end another way, or go on'(fixture) {
      for (const [status, others] of [
        ['COMPLETED', ['CANCELLED', 'PENDING']],
        ['CANCELLED', ['COMPLETED', 'PENDING']],
      ] as const) {
        const over = ended(status, AN_INSTANT);
        const [id = ''] = await stored(fixture, () => [over]);
        for (const other of others) {
          const next = { ...over, status: other, endedAt: other === 'PENDING' ? null : AN_INSTANT };
          await assert.rejects(save(fixture, id, 2, next));
        }
        const told = { ...over, payments: [aPayment('late', { outcome: 'REFUND_DUE' })], refundDue: 5 };
        await save(fixture, id, 2, told);
        sameData(await stateOf(fixture, id), told);
      }
    },
    async 'keeps instants to the millisecond and amounts to the largest safe integer'(fixture) {
      const amount = Number.MAX_SAFE_INTEGER;
      const at = 253_402_300_799_999;
      const full = ended('CANCELLED', at, {
        total: amount,
        pointsUsed: amount,
        paymentDeadline: at - 1,
        holdUntil: at,
      });
      const paid = aPayment('e', { amount: { amount, currency: 'KRW' }, occurredAt: at });
      const order = { ...full, payments: [paid], refundDue: amount };
      const [id = ''] = await stored(fixture, () => [order]);
      sameData(await stateOf(fixture, id), order);
    },
    async 'tells who has an order that was not cancelled'(fixture) {
      const facts = (userId: string) => ({ facts: { userId } });
      await stored(fixture, () => [
        anOrder(facts('pending')),
        unpaid(AN_INSTANT, { userId: 'awaiting' }),
        ended('COMPLETED', AN_INSTANT, { userId: 'completed' }),
        ended('CANCELLED', AN_INSTANT, { userId: 'cancelled' }),
        ended('CANCELLED', AN_INSTANT, { userId: 'again' }),
        anOrder(facts('again')),
      ]);
      const users = ['nobody', 'completed', 'cancelled', 'again', 'awaiting', 'pending', 'Pending', 'completed'];
      sameMembers(await ordered(fixture, ...users), ['again', 'awaiting', 'completed', 'pending']);
      sameData(await ordered(fixture), []);
    },
    async 'counts an order of the same transaction'(fixture) {
      const { unitOfWork, orders, ids } = fixture;
      await unitOfWork.run(async tx => {
        await orders.save(tx, [born(ids.next(), anOrder())]);
        sameMembers(await orders.ordered(tx, ['ann', 'bob']), ['ann']);
      });
    },
    async 'keeps a second question about a buyer waiting until the first transaction ends'(fixture) {
      const { unitOfWork, orders, ids } = fixture;
      let seen: readonly string[] = [];
      const order = await oneAfterTheOther(
        unitOfWork,
        async tx => {
          sameMembers(await orders.ordered(tx, ['ann']), []);
          await orders.save(tx, [born(ids.next(), anOrder())]);
        },
        async tx => {
          seen = [...(await orders.ordered(tx, ['bob', 'ann']))];
        },
      );
      sameData([order, seen], [['first', 'second'], ['ann']]);
    },
    async [answersOthers]({ unitOfWork, orders }) {
      const seen = await meanwhile(
        unitOfWork,
        tx => orders.ordered(tx, ['ann']),
        async tx => [...(await orders.ordered(tx, ['bob']))],
      );
      sameData(seen, []);
    },
    async 'lets exactly one of twenty first orders be the first'({ unitOfWork, orders, ids }) {
      const firsts = await twenty(index =>
        unitOfWork.run(async tx => {
          const users = index % 2 === 0 ? ['ann', 'bob'] : ['bob', 'ann'];
          const isFirst = !(await orders.ordered(tx, users)).has('ann');
          await orders.save(tx, [born(ids.next(), anOrder())]);
          return isFirst;
        }),
      );
      assert.equal(firsts.filter(Boolean).length, 1);
    },
    async 'finds orders that were not paid by their deadline, earliest first, and no more than the limit'(fixture) {
      const numbers = await stored(fixture, now => [
        unpaid(now - 1),
        unpaid(now + 600 * SECOND),
        unpaid(now - 3 * SECOND),
        anOrder({ facts: { payment: 'EXTERNAL', paymentDeadline: now - 9 * SECOND } }),
        ended('COMPLETED', now, { paymentDeadline: now - 9 * SECOND }),
        ended('CANCELLED', now, { paymentDeadline: now - 9 * SECOND }),
        unpaid(now - 2 * SECOND),
      ]);
      const expected = [numbers[2], numbers[6], numbers[0]];
      sameData(await lockUnpaid(fixture), expected);
      sameData(await lockUnpaid(fixture, 2), expected.slice(0, 2));
    },
    async 'answers the state and version that the change of it needs'(fixture) {
      const { unitOfWork, orders } = fixture;
      const [id = ''] = await stored(fixture, now => [unpaid(now - 1)]);
      const state = await stateOf(fixture, id);
      await save(fixture, id, 2, state as Order);
      await unitOfWork.run(async tx => {
        const found = (await orders.lockUnpaid(tx, 1)).get(id);
        sameData(found, { version: 2, state });
      });
    },
    async [skipsTheLocked](fixture) {
      const [first = '', second] = await stored(fixture, now => [unpaid(now - 2), unpaid(now - 1)]);
      const seen = await meanwhile(
        fixture.unitOfWork,
        tx => fixture.orders.load(tx, [first], { lock: true }),
        async tx => [...(await fixture.orders.lockUnpaid(tx, 100)).keys()],
      );
      sameData(seen, [second]);
    },
    async 'finds again what a failed transaction had locked'(fixture) {
      const numbers = await stored(fixture, now => [unpaid(now - 1)]);
      await rolledBack(fixture.unitOfWork, tx => fixture.orders.lockUnpaid(tx, 100));
      sameData(await lockUnpaid(fixture), numbers);
    },
    async 'lets twenty sweepers end everything that was not paid, each order once'(fixture) {
      const numbers = await stored(fixture, now => Array.from({ length: 60 }, (_, i) => unpaid(now - 1 - (i % 7))));
      const done = (await twenty(() => sweep(fixture, 7))).flat();
      sameMembers([...done, ...(await sweep(fixture, 7))], numbers);
    },
  },
  { [answersOthers]: 'concurrent transactions', [skipsTheLocked]: 'concurrent transactions' },
);
