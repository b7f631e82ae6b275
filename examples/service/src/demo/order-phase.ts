import { percentile } from './http-load.js';
import { agree, type BookLine, type BooksOf, readBooks } from './order-books.js';
import { type OrderTale, playOrder } from './order-life.js';
import { openShop, type Shop } from './order-shop.js';
import { showProgress } from './progress.js';
import type { Scene } from './sale.js';

const AT_A_TIME = 64;

/** Plays the orders, some at a time; ends when each of them is over. */
async function playAll(shop: Shop, orders: number): Promise<{ tales: OrderTale[]; seconds: number }> {
  const tales: OrderTale[] = [];
  const bar = showProgress(orders);
  let next = 0;
  const began = performance.now();
  const play = async () => {
    while (next < orders) {
      tales.push(await playOrder(shop, next++));
      bar.step();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, orders) }, play));
  } finally {
    bar.end();
  }
  return { tales, seconds: (performance.now() - began) / 1_000 };
}

function booksOf(shop: Shop, tales: readonly OrderTale[]): BooksOf {
  const sum = (figure: (tale: OrderTale) => number) => tales.reduce((total, tale) => total + figure(tale), 0);
  return {
    ...{ users: shop.buyers.map(({ userId }) => userId), policyId: shop.policyId, items: shop.items },
    numbers: tales.flatMap(({ numbers }) => numbers),
    told: {
      ...{ orders: tales.length, units: shop.units, points: shop.points },
      ...{ received: sum(({ received }) => received), refunded: sum(({ refunded }) => refunded) },
    },
  };
}

function print(tales: readonly OrderTale[], seconds: number, books: readonly BookLine[]): void {
  const ends = new Map<string, number>();
  for (const { end } of tales) ends.set(end, (ends.get(end) ?? 0) + 1);
  const sorted = [...ends].sort(([, a], [, b]) => b - a).map(([end, count]) => `${count} ${end}`);
  const times = Float64Array.from(tales.map(({ ms }) => ms)).sort();
  const ms = (share: number) => `${Math.round(percentile(times, share))} ms`;
  const shown = (figure: number) => figure.toLocaleString('en-US').padStart(14);
  console.log(`
ends         ${sorted.join(', ')}
throughput   ${Math.round(tales.length / seconds)} orders/s (${tales.length} in ${seconds.toFixed(1)} s, ${AT_A_TIME} at a time)
to the end   p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, max ${ms(1)}

In the database:${'expected'.padStart(28)}${'found'.padStart(14)}`);
  for (const line of books)
    console.log(`${line.what.padEnd(30)}${shown(line.expected)}${shown(line.found)}${agree(line) ? '' : '  WRONG'}`);
}

/**
 * Orders of every kind, and their books read back from the database.
 * @throws Error when the books are wrong
 */
export async function playOrders(scene: Scene, orders: number): Promise<void> {
  console.log(`\nOrders: ${orders} with coupons, points, payments that fail, stock that runs out, and refunds`);
  const shop = await openShop(scene, orders);
  const { tales, seconds } = await playAll(shop, orders);
  const books = await readBooks(scene.database, booksOf(shop, tales));
  print(tales, seconds, books);
  const wrong = books.filter(line => !agree(line)).map(({ what }) => what);
  if (wrong.length > 0) throw new Error(`The books are wrong: ${wrong.join(', ')}.`);
  console.log('Balanced: every order is over, and stock, coupons, points and money agree with it.');
}
