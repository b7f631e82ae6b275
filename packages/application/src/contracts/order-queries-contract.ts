import assert from 'node:assert/strict';
import type { OrderStatus, PlacedOrder } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { orderStream } from '../order-events.js';
import { rolledBack } from './concurrency.js';
import { contract } from './contract.js';
import { anOrder, ended, unpaid } from './order-samples.js';
import { sameData } from './same-data.js';
import { AN_INSTANT, born, DAY, SECOND } from './samples.js';

export type OrderQueriesFixture = Pick<Adapters, 'unitOfWork' | 'orders' | 'orderQueries' | 'events' | 'clock' | 'ids'>;
type Fixture = OrderQueriesFixture;

/** Stores orders one after the other; answers them with their numbers. */
async function stored({ unitOfWork, orders, ids }: Fixture, states: readonly PlacedOrder[]) {
  const given = states.map(order => ({ orderNumber: ids.next(), order }));
  await unitOfWork.run(tx =>
    orders.save(
      tx,
      given.map(({ orderNumber, order }) => born(orderNumber, order)),
    ),
  );
  return given;
}

const placedAt = (at: number, userId = 'ann') => anOrder({ facts: { placedAt: at, userId } });

/** The numbers of all pages, the newest first. */
async function walk({ orderQueries }: Fixture, limit: number, status: OrderStatus | null = null, userId = 'ann') {
  const numbers: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 100; page++) {
    const found: Awaited<ReturnType<typeof orderQueries.orders>> = await orderQueries.orders({
      ...{ userId, status },
      ...{ limit, cursor },
    });
    assert.ok(found.items.length <= limit);
    numbers.push(...found.items.map(({ orderNumber }) => orderNumber));
    if (found.nextCursor === null) return numbers;
    cursor = found.nextCursor;
  }
  throw new Error('the pages come to no end');
}

const numbersOf = (given: readonly { readonly orderNumber: string }[]) => given.map(({ orderNumber }) => orderNumber);

const anEvent = (orderNumber: string, streamVersion: number, type: string, actor = 'ann') => ({
  ...{ streamId: orderStream(orderNumber), streamVersion, type, key: 'ann' },
  ...{ data: { orderNumber, said: `"${streamVersion}" 🙂` }, origin: { actor, traceparent: null } },
});

export const orderQueriesContract = contract<Fixture>('OrderQueries', {
  async 'gets a store of its own for every case'(fixture, another) {
    const [given] = await stored(fixture, [anOrder()]);
    const other = await another();
    sameData(await other.orderQueries.order(given?.orderNumber ?? '', null), null);
    sameData(await walk(other, 10), []);
  },
  async 'tells an order to its owner and to who asks for whomever, and to nobody else'(fixture) {
    const { orderQueries, ids } = fixture;
    const [given] = await stored(fixture, [ended('CANCELLED', AN_INSTANT), placedAt(AN_INSTANT, 'bob')]);
    const orderNumber = given?.orderNumber ?? '';
    sameData(await orderQueries.order(orderNumber, 'ann'), given);
    sameData(await orderQueries.order(orderNumber, null), given);
    for (const owner of ['bob', 'Ann', '']) sameData(await orderQueries.order(orderNumber, owner), null, owner);
    for (const number of [ids.next(), 'order-1', '', `${orderNumber} `, orderNumber.toUpperCase()])
      if (number !== orderNumber) sameData(await orderQueries.order(number, null), null, number);
  },
  async 'tells orders by their numbers, whole, and leaves out those that are not there'(fixture) {
    const { orderQueries, ids } = fixture;
    const given = await stored(fixture, [ended('CANCELLED', AN_INSTANT), placedAt(AN_INSTANT, 'bob'), anOrder()]);
    const [ann, bob] = numbersOf(given) as [string, string];
    const found = await orderQueries.named([bob, ids.next(), 'order-1', '', bob, ann]);
    sameData(
      [...found].sort((a, b) => (a.orderNumber < b.orderNumber ? -1 : 1)),
      given.slice(0, 2).sort((a, b) => (a.orderNumber < b.orderNumber ? -1 : 1)),
    );
    sameData(await orderQueries.named([]), []);
    sameData(await orderQueries.named(['order-1']), []);
  },
  async 'lists the orders of a user, newest first, whole, and those of nobody else'(fixture) {
    const { orderQueries } = fixture;
    const given = await stored(fixture, [
      placedAt(AN_INSTANT + 2 * SECOND),
      placedAt(AN_INSTANT + DAY),
      placedAt(AN_INSTANT, 'bob'),
      placedAt(AN_INSTANT),
    ]);
    const page = { status: null, limit: 50, cursor: null };
    const expected = [given[1], given[0], given[3]];
    sameData(await orderQueries.orders({ userId: 'ann', ...page }), { items: expected, nextCursor: null });
    sameData(await orderQueries.orders({ userId: 'nobody', ...page }), { items: [], nextCursor: null });
  },
  async 'lists by status'(fixture) {
    const given = await stored(fixture, [
      placedAt(AN_INSTANT),
      unpaid(AN_INSTANT + DAY),
      ended('COMPLETED', AN_INSTANT + 2 * DAY),
      ended('CANCELLED', AN_INSTANT + 3 * DAY),
      ended('COMPLETED', AN_INSTANT + 4 * DAY),
    ]);
    const statuses = ['PENDING', 'AWAITING_PAYMENT', 'COMPLETED', 'CANCELLED'] as const;
    for (const status of statuses) {
      const expected = given.filter(({ order }) => order.status === status).reverse();
      for (const limit of [1, 50]) sameData(await walk(fixture, limit, status), numbersOf(expected), status);
    }
  },
  async 'pages through a list without loss or double, also where many are of one millisecond'(fixture) {
    const given = await stored(
      fixture,
      Array.from({ length: 11 }, (_, i) => placedAt(AN_INSTANT + Math.floor(i / 4) * SECOND)),
    );
    const whole = await walk(fixture, 50);
    sameData([...whole].sort(), numbersOf(given).sort());
    for (const limit of [1, 2, 3, 10, 11]) sameData(await walk(fixture, limit), whole, `by ${limit}`);
  },
  async 'pages on from where it was while newer orders come in'(fixture) {
    const given = await stored(
      fixture,
      Array.from({ length: 7 }, (_, i) => placedAt(AN_INSTANT + i * SECOND)),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < 10; turn++) {
      const filter = { userId: 'ann', status: null, limit: 3, cursor };
      const page: Awaited<ReturnType<typeof fixture.orderQueries.orders>> = await fixture.orderQueries.orders(filter);
      seen.push(...numbersOf(page.items));
      cursor = page.nextCursor;
      if (cursor === null) break;
      await stored(fixture, [placedAt(AN_INSTANT + DAY + turn)]);
    }
    sameData(seen, numbersOf(given).reverse());
  },
  async 'takes a cursor that nobody has given out for the start'(fixture) {
    const given = await stored(fixture, [placedAt(AN_INSTANT)]);
    for (const cursor of ['', 'x', 'WzEsMl0', '[]'])
      sameData(
        numbersOf((await fixture.orderQueries.orders({ userId: 'ann', status: null, limit: 5, cursor })).items),
        numbersOf(given),
        cursor,
      );
  },
  async 'tells what happened to an order, oldest first, and nothing of others'(fixture) {
    const { unitOfWork, events, clock, orderQueries } = fixture;
    const [one = '', other = '', quiet = ''] = numbersOf(await stored(fixture, [anOrder(), anOrder(), anOrder()]));
    const before = await unitOfWork.run(tx => clock.now(tx));
    await unitOfWork.run(async tx => {
      await events.append(tx, [anEvent(one, 2, 'order.held.v1', 'system'), anEvent(other, 1, 'order.placed.v1')]);
      await events.append(tx, [anEvent(one, 1, 'order.placed.v1')]);
    });
    await unitOfWork.run(tx => events.append(tx, [anEvent(one, 10, 'order.completed.v1', 'payments')]));
    const after = await unitOfWork.run(tx => clock.now(tx));
    const timeline = (await orderQueries.timeline(one, 'ann')) ?? [];
    sameData(
      timeline.map(({ at: _, ...entry }) => entry),
      [
        { type: 'order.placed.v1', actor: 'ann', data: anEvent(one, 1, '').data },
        { type: 'order.held.v1', actor: 'system', data: anEvent(one, 2, '').data },
        { type: 'order.completed.v1', actor: 'payments', data: anEvent(one, 10, '').data },
      ],
    );
    for (const { at } of timeline) assert.ok(before <= at && at <= after, `${before} ≤ ${at} ≤ ${after}`);
    sameData(await orderQueries.timeline(quiet, null), []);
  },
  async 'tells the timeline to the owner and to who asks for whomever, and to nobody else'(fixture) {
    const { unitOfWork, events, orderQueries, ids } = fixture;
    const [one = ''] = numbersOf(await stored(fixture, [anOrder()]));
    const ghost = ids.next();
    await unitOfWork.run(tx => events.append(tx, [anEvent(one, 1, 'a.b.v1'), anEvent(ghost, 1, 'a.b.v1')]));
    for (const owner of ['ann', null]) assert.equal((await orderQueries.timeline(one, owner))?.length, 1);
    sameData(await orderQueries.timeline(one, 'bob'), null);
    for (const number of [ghost, 'order-1', '']) sameData(await orderQueries.timeline(number, null), null, number);
  },
  async 'shows nothing of what may still be taken back'(fixture) {
    const { unitOfWork, orders, ids, orderQueries } = fixture;
    const orderNumber = ids.next();
    const nothing = async () => {
      sameData(await orderQueries.order(orderNumber, null), null);
      sameData(await walk(fixture, 10), []);
    };
    await rolledBack(unitOfWork, tx => orders.save(tx, [born(orderNumber, anOrder())]), nothing);
    await nothing();
  },
});
