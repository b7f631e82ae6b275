import type { PointId } from '@org/domain';
import type { Page, Paged } from '../ports/coupon-queries.js';
import { contract } from './contract.js';
import type { PointLedgerFixture } from './point-ledger-contract.js';
import { cancelling, earning, holding, move, using } from './point-samples.js';
import { sameData } from './same-data.js';
import { DAY } from './samples.js';

export type PointQueriesFixture = PointLedgerFixture;
type Fixture = PointQueriesFixture;

/** The items of all pages. */
async function walk<Item>(limit: number, page: (page: Page) => Promise<Paged<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < 100; turn++) {
    const found: Paged<Item> = await page({ limit, cursor });
    items.push(...found.items);
    if (found.nextCursor === null) return items;
    cursor = found.nextCursor;
  }
  throw new Error('the pages come to no end');
}

const lines = ({ pointQueries }: Fixture, userId: string, limit = 50) =>
  walk(limit, page => pointQueries.history({ userId, ...page }));
const lots = ({ pointQueries }: Fixture, userId: string, limit = 50) =>
  walk(limit, page => pointQueries.lots({ userId, ...page }));

export const pointQueriesContract = contract<Fixture>('PointQueries', {
  async 'gets a store of its own for every case'(fixture, another) {
    await move(fixture, 'ann', earning(100));
    sameData((await (await another()).pointQueries.balance('ann')).available, 0);
  },
  async 'tells a user who never had points that there are none'({ pointQueries }) {
    const page = { userId: 'ann', limit: 10, cursor: null };
    sameData(await pointQueries.balance('ann'), { available: 0, held: 0, pending: 0, debt: 0 });
    sameData(await pointQueries.history(page), { items: [], nextCursor: null });
    sameData(await pointQueries.lots(page), { items: [], nextCursor: null });
  },
  async 'tells the balance, and that of nobody else'(fixture) {
    const [lot] = await move(
      fixture,
      'ann',
      earning(100),
      earning(50, { availableIn: DAY }),
      using(30),
      holding(20, DAY),
    );
    await move(fixture, 'bob', earning(7));
    sameData(await fixture.pointQueries.balance('ann'), { available: 50, held: 20, pending: 50, debt: 0 });
    sameData((await fixture.pointQueries.balance('bob')).available, 7);
    await move(fixture, 'ann', cancelling(lot as PointId));
    sameData(await fixture.pointQueries.balance('ann'), { available: 0, held: 20, pending: 50, debt: 50 });
  },
  async 'tells balance and lots by the time of the store, written down or not'(fixture) {
    await move(fixture, 'ann', earning(10), earning(20, { availableIn: 1_500 }), earning(40, { expiresIn: 1_500 }));
    await move(fixture, 'ann', holding(45, 1_500));
    await fixture.elapse(1_600);
    sameData(await fixture.pointQueries.balance('ann'), { available: 30, held: 0, pending: 0, debt: 0 });
    sameData(
      (await lots(fixture, 'ann')).map(({ points, available, pending }) => [points, available, pending]),
      [
        [10, 10, 0],
        [20, 20, 0],
      ],
    );
  },
  async 'lists the history newest first, with the balance after each line'(fixture) {
    const [lot, use] = await move(fixture, 'ann', earning(100), using(30), holding(20, DAY));
    await move(fixture, 'bob', earning(7));
    await move(fixture, 'ann', cancelling(use as PointId));
    const told = await lines(fixture, 'ann');
    sameData(
      told.map(({ pointId, type, points, balance, orderNumber }) => [pointId, type, points, balance, orderNumber]),
      [
        [use, 'CANCEL', 30, 80, 'order-1'],
        [use, 'USE', 30, 70, 'order-1'],
        [lot, 'EARN', 100, 100, null],
      ],
    );
  },
  async 'pages through history and lots without loss or double, whatever the size of the page'(fixture) {
    const expiries = [{ expiresIn: 2 * DAY }, {}, { expiresIn: DAY }, { expiresIn: DAY }, {}, { availableIn: DAY }];
    await move(fixture, 'ann', ...expiries.map((terms, i) => earning(i + 1, terms)));
    for (const limit of [1, 2, 3, 6, 7]) {
      const history = await lines(fixture, 'ann', limit);
      sameData(
        history.map(({ points }) => points),
        [6, 5, 4, 3, 2, 1],
        `history by ${limit}`,
      );
      const left = await lots(fixture, 'ann', limit);
      sameData(
        left.map(({ points }) => points),
        [3, 4, 1, 2, 5, 6],
        `lots by ${limit}`,
      );
    }
  },
  async 'pages on from where it was while new lines come in'(fixture) {
    await move(fixture, 'ann', earning(1), earning(2), earning(3));
    const first = await fixture.pointQueries.history({ userId: 'ann', limit: 2, cursor: null });
    await move(fixture, 'ann', earning(4));
    const { nextCursor: cursor } = first;
    const second = await fixture.pointQueries.history({ userId: 'ann', limit: 2, cursor });
    sameData(
      [...first.items, ...second.items].map(({ points }) => points),
      [3, 2, 1],
    );
  },
});
