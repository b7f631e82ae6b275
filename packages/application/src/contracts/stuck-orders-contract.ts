import type { PlacedOrder } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { aStockHold, counted } from './catalogue-samples.js';
import { contract } from './contract.js';
import { anOrder, ended, unpaid } from './order-samples.js';
import { earning, holding, move } from './point-samples.js';
import { sameData } from './same-data.js';
import { aReservation, born, DAY, SECOND } from './samples.js';

export type StuckOrdersFixture = Pick<
  Adapters,
  'unitOfWork' | 'orders' | 'clock' | 'ids' | 'stock' | 'stockHolds' | 'reservations' | 'pointLedger' | 'pointQueries'
>;
type Fixture = StuckOrdersFixture;

/** An order, and whether something is held for it still. */
type Told = readonly [order: PlacedOrder, held?: 'STOCK' | 'COUPON' | 'POINTS' | 'RESOLVED'];

/** Stores orders with their holds; answers their numbers in the same order. */
async function told(fixture: Fixture, ordersAt: (now: number) => readonly Told[]): Promise<readonly string[]> {
  const { unitOfWork, orders, clock, ids } = fixture;
  const stored = await unitOfWork.run(async tx => {
    const all = ordersAt(await clock.now(tx)).map(([order, held]) => ({ id: ids.next(), order, held }));
    await orders.save(
      tx,
      all.map(({ id, order }) => born(id, order)),
    );
    return all;
  });
  for (const { id, held } of stored) {
    if (held) await holders[held](fixture, id);
  }
  return stored.map(({ id }) => id);
}

const anEnd = 4_000_000_000_000;

const holders: Readonly<Record<NonNullable<Told[1]>, (fixture: Fixture, orderNumber: string) => Promise<unknown>>> = {
  STOCK: ({ unitOfWork, stockHolds }, orderNumber) => {
    const hold = aStockHold({ orderNumber, expiresAt: anEnd });
    return unitOfWork.run(tx =>
      stockHolds.save(
        tx,
        ['a', 'b'].map(line => born(`${orderNumber}/${line}`, hold)),
      ),
    );
  },
  COUPON: ({ unitOfWork, reservations, ids }, orderNumber) =>
    unitOfWork.run(tx =>
      reservations.save(tx, [
        born(`order/${orderNumber}`, aReservation(ids.next(), { orderNumber, expiresAt: anEnd })),
      ]),
    ),
  POINTS: (fixture, orderNumber) => move(fixture, orderNumber, earning(10), holding(5, DAY, orderNumber, orderNumber)),
  RESOLVED: async ({ unitOfWork, stockHolds, reservations, ids }, orderNumber) => {
    const over = { orderNumber, expiresAt: anEnd, endedAt: anEnd };
    await unitOfWork.run(async tx => {
      await stockHolds.save(tx, [
        born(`${orderNumber}/a`, aStockHold({ ...over, status: 'POSTED' })),
        born(`${orderNumber}/b`, aStockHold({ ...over, status: 'VOIDED' })),
      ]);
      await reservations.save(tx, [
        born(`order/${orderNumber}`, aReservation(ids.next(), { ...over, status: 'CONFIRMED' })),
      ]);
    });
  },
};

const MINUTE = 60;

const stuck = ({ unitOfWork, orders }: Fixture, limit = 100, olderThanSeconds = MINUTE) =>
  unitOfWork.run(tx => orders.stuck(tx, olderThanSeconds, limit));

const long = 100 * SECOND;

export const stuckOrdersContract = contract<Fixture>('OrderRepository: stuck orders', {
  async 'gets a store of its own for every case'(fixture, another) {
    await told(fixture, now => [[anOrder({ facts: { placedAt: now - long } })]]);
    sameData(await stuck(await another()), []);
  },
  async 'finds orders that have been pending for so long'(fixture) {
    const [old, young] = await told(fixture, now => [
      [anOrder({ facts: { placedAt: now - long } })],
      [anOrder({ facts: { placedAt: now - 10 * SECOND } })],
      [unpaid(now + long, { placedAt: now - long }), 'STOCK'],
      [ended('COMPLETED', now - long)],
    ]);
    sameData(await stuck(fixture), [old]);
    sameData(await stuck(fixture, 100, 5), [old, young]);
  },
  async 'finds orders that have been over for so long and still have something held'(fixture) {
    const numbers = await told(fixture, now => [
      [ended('COMPLETED', now - long, { placedAt: now - 4 * long }), 'STOCK'],
      [ended('CANCELLED', now - long, { placedAt: now - 3 * long }), 'COUPON'],
      [ended('COMPLETED', now - long, { placedAt: now - 2 * long }), 'POINTS'],
      [ended('CANCELLED', now - 10 * SECOND, { placedAt: now - 5 * long }), 'STOCK'],
      [ended('COMPLETED', now - long), 'RESOLVED'],
      [ended('CANCELLED', now - long)],
    ]);
    sameData(await stuck(fixture), numbers.slice(0, 3));
  },
  async 'answers the oldest first, each once, and no more than the limit'(fixture) {
    const numbers = await told(fixture, now => [
      [anOrder({ facts: { placedAt: now - 3 * long } })],
      [ended('COMPLETED', now - long, { placedAt: now - 4 * long }), 'STOCK'],
      [anOrder({ facts: { placedAt: now - 5 * long } })],
      [ended('CANCELLED', now - long, { placedAt: now - 2 * long }), 'COUPON'],
    ]);
    await holders.COUPON(fixture, numbers[1] ?? '');
    const expected = [2, 1, 0, 3].map(index => numbers[index]);
    sameData(await stuck(fixture), expected);
    for (const limit of [1, 2, 3]) sameData(await stuck(fixture, limit), expected.slice(0, limit));
  },
  async 'is not misled by what others hold for orders that they number as they like'(fixture) {
    const [over = ''] = await told(fixture, now => [[ended('COMPLETED', now - long)]]);
    const names = [
      'order-1',
      'x',
      over.toUpperCase(),
      `${over}0`,
      over.replaceAll('-', ''),
      `{${over}}`,
      over.slice(1),
    ];
    await fixture.unitOfWork.run(async tx => {
      await fixture.stock.save(tx, [born('mug/blue', counted(9))]);
      const reserved = aReservation(fixture.ids.next(), { orderNumber: over, expiresAt: anEnd });
      await fixture.reservations.save(tx, [born('a-name-of-my-own', reserved)]);
    });
    for (const [i, name] of names.entries()) {
      if (name === over) continue;
      await holders.STOCK(fixture, name);
      await holders.COUPON(fixture, `${name}`);
      await move(fixture, `user-${i}`, earning(10), holding(5, DAY, name, name));
    }
    sameData(await stuck(fixture), []);
  },
});
