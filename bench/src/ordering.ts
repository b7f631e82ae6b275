import { postgresAdapters } from '@org/adapters-persistence';
import {
  type Adapters,
  createCatalogue,
  createOrders,
  createPoints,
  createPromotions,
  type Outcome,
  orderStream,
} from '@org/application';
import { activePolicy, type BenchDatabase, origin } from './database.js';

/** A buyer with a coupon and points, who orders two things once. */
export interface Buyer {
  readonly userId: string;
  readonly couponId: string;
}

/** What a buyer has at first, and what he spends of it. */
export const POINTS = { earned: 5_000, spent: 1_000 } as const;

type Answered<Value> = { readonly kind: string; readonly result?: Outcome<Value> };

function valueIn<Value>({ kind, result }: Answered<Value>): Value {
  if (kind === 'DONE' && result?.accepted) return result.value;
  throw new Error(`refused: ${JSON.stringify(result)}`);
}

/** Some at a time, so that they share transactions and the pool is not overrun. */
async function many<Item, Made>(items: readonly Item[], make: (item: Item) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let i = 0; i < items.length; i += 1_000) made.push(...(await Promise.all(items.slice(i, i + 1_000).map(make))));
  return made;
}

/** Products called `<prefix>-0` and so on, of which there is enough. */
export async function fillProducts({ dataSource }: BenchDatabase, count: number, prefix = 'p'): Promise<void> {
  const catalogue = createCatalogue(postgresAdapters(dataSource));
  const numbers = Array.from({ length: count }, (_, i) => i);
  await many(numbers, async i => {
    const productId = `${prefix}-${i}`;
    const options = [{ optionId: 'one', price: { amount: 10_000 + i, currency: 'KRW' } }];
    const draft = { name: productId, options };
    valueIn(await catalogue.putProduct({ input: { productId, draft, expectedRevision: null, origin } }));
    const free = { change: 'SetFree', quantity: 1_000_000, expectedRevision: null } as const;
    valueIn(await catalogue.countStock({ input: { productId, optionId: 'one', ...free, origin } }));
  });
}

export async function fillBuyers(database: BenchDatabase, count: number, prefix: string): Promise<Buyer[]> {
  const adapters = postgresAdapters(database.dataSource);
  const [promotions, points] = [createPromotions(adapters), createPoints(adapters)];
  const policyId = await activePolicy(database, count);
  const users = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  await many(users, async userId => {
    const nothing = { orderNumber: null, reason: null, availableAt: null, expiresAt: null };
    const input = { change: 'Earn', userId, points: POINTS.earned, key: 'first', ...nothing, origin } as const;
    valueIn(await points.move({ input }));
  });
  return many(users, async userId => {
    const input = { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin } as const;
    return { userId, couponId: valueIn(await promotions.issue({ input })).id };
  });
}

/** The order of buyer `index`: two lines, the coupon, some points. */
export const orderOf = ({ couponId }: Buyer, index: number, products: number, prefix = 'p') => ({
  lines: [0, 1].map(line => ({
    ...{ lineId: String(line), productId: `${prefix}-${(2 * index + line) % products}`, optionId: 'one', quantity: 1 },
  })),
  couponIds: [couponId],
  codes: [],
  points: POINTS.spent,
  payment: 'NONE' as const,
  channel: null,
});

const PLACED = 'order.placed.v1';

/** The saga without HTTP and without a bus: places a batch and hands it to who completes it. */
export function saga(adapters: Adapters) {
  const orders = createOrders(adapters);
  const worker = orders.subscriptions.find(({ types }) => types.includes(PLACED));
  if (!worker) throw new Error(`nobody wants ${PLACED}`);
  /** Hands over what the log says of these orders. */
  const complete = async (numbers: readonly string[]) => {
    const placed = await adapters.unitOfWork.run(tx =>
      Promise.all(numbers.map(orderNumber => adapters.events.stream(tx, orderStream(orderNumber)))),
    );
    const events = placed.flat().filter(({ type }) => type === PLACED);
    await worker.handle(events.map(event => ({ ...event, id: event.streamId, attempt: 1 })));
  };
  const place = async (buyers: readonly Buyer[], wishOf: (buyer: Buyer, i: number) => ReturnType<typeof orderOf>) =>
    Promise.all(
      buyers.map(async (buyer, i) => {
        const input = { userId: buyer.userId, ...wishOf(buyer, i), origin };
        return valueIn(await orders.place({ input })).orderNumber;
      }),
    );
  return { place, complete };
}
