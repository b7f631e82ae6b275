import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, aService, type Caller, operator } from '../../e2e/support/api.js';

/** What the shop of this test sells: there is enough of mugs, and of lamps there is not. */
export const shelf = { mug: 1_000_000, cup: 1_000_000, lamp: 40 } as const;
export const POINTS = 9_000;

export interface Buyer extends Caller {
  readonly couponIds: readonly string[];
}

/** The same numbers in every run (mulberry32), from 0 to below 1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Does something for each, some at a time. */
export async function each<Item>(items: readonly Item[], atATime: number, work: (item: Item) => Promise<void>) {
  const left = [...items];
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

/** Products with stock, and buyers with two coupons and points each. */
export async function openShop(api: Api, buyers: number): Promise<readonly Buyer[]> {
  for (const [productId, quantity] of Object.entries(shelf)) {
    const options = [{ optionId: 'one', price: { amount: 10_000, currency: 'KRW' } }];
    const body = { name: productId, kind: 'GOODS', categoryIds: [], options };
    const path = `/api/v1/products/${productId}`;
    const put = await api.call('PUT', path, { as: operator, body });
    const count = await api.call('PUT', `${path}/options/one/stock`, { as: operator, body: { quantity } });
    if (put.status > 201 || count.status !== 200) throw new Error(`no product: ${put.text} ${count.text}`);
  }
  const policies = [await api.policy(), await api.policy({ limits: { budget: 100 * 3_000 } })];
  const made: Buyer[] = [];
  await each(
    Array.from({ length: buyers }, (_, i) => `buyer-${i}`),
    16,
    async sub => {
      const shopper = { sub, roles: ['shopper'] as const };
      const couponIds = [];
      for (const policyId of policies) couponIds.push(await api.coupon(shopper, policyId));
      const body = { userId: sub, points: POINTS, key: 'gift' };
      const earned = await api.call('POST', '/api/v2/points/earn', { as: aService, body });
      if (earned.status !== 201) throw new Error(`no points: ${earned.text}`);
      made.push({ ...shopper, couponIds });
    },
  );
  return made;
}

/** Asks until there is an answer: a service that is being killed gives none, or a 503 or a 409 “in flight”. */
export async function insist(api: Api, path: string, options: Parameters<Api['call']>[2]) {
  for (;;) {
    const answer = await api.call('POST', path, options).catch(() => null);
    if (answer && answer.status < 500 && answer.body.code !== 'IDEMPOTENCY_KEY_IN_FLIGHT') return answer;
    await sleep(50);
  }
}

const pick = <Item>(items: readonly Item[], chance: number) => items[Math.floor(chance * items.length)] as Item;

/** One order of somebody, sent once or twice under one key; answers the numbers that it was given: one, if all is well. */
export async function placeOrder(api: Api, buyers: readonly Buyer[], next: () => number): Promise<Set<string>> {
  const buyer = pick(buyers, next());
  const productIds = [pick(['mug', 'cup'], next()), ...(next() < 0.1 ? ['lamp'] : [])];
  const body = {
    lines: productIds.map((productId, i) => ({
      ...{ lineId: String(i), productId, optionId: 'one', quantity: 1 + Math.floor(next() * 3) },
    })),
    couponIds: next() < 0.5 ? [pick(buyer.couponIds, next())] : [],
    points: next() < 0.5 ? Math.floor(next() * 3_000) : 0,
    payment: next() < 0.3 ? 'EXTERNAL' : 'NONE',
    channel: 'WEB',
  };
  const headers = { 'idempotency-key': randomUUID() };
  const send = () => insist(api, '/api/v3/orders', { as: buyer, body, headers });
  const answers = await Promise.all(next() < 0.1 ? [send(), send()] : [send()]);
  for (const { status, text } of answers)
    if (status !== 202) throw new Error(`an order was answered ${status} ${text}`);
  const numbers = new Set(answers.map(answer => String(answer.body.orderNumber)));
  const [orderNumber = ''] = numbers;
  if (next() < 0.05) await insist(api, '/api/v3/orders/cancel', { as: buyer, body: { orderNumber } });
  if (body.payment === 'EXTERNAL') await pay(api, orderNumber, next);
  return numbers;
}

/** What a payment service would tell: mostly good news, some of it twice, some before anything is held. */
async function pay(api: Api, orderNumber: string, next: () => number): Promise<void> {
  if (next() < 0.1) return;
  const order = await askFor(api, orderNumber);
  const due = { amount: Number(order.total), currency: 'KRW' };
  const amount = next() < 0.05 ? { ...due, amount: due.amount + 1 } : due;
  const type = next() < 0.8 ? 'COMPLETED' : pick(['FAILED', 'CANCELLED'], next());
  const event = { eventId: randomUUID(), type, orderNumber, paymentId: `pay-${orderNumber}`, amount };
  const body = { ...event, occurredAt: new Date().toISOString() };
  const tell = () => insist(api, '/api/v1/payments/events', { as: aService, body });
  const answers = await Promise.all(next() < 0.2 ? [tell(), tell(), tell()] : [tell()]);
  for (const { status, text } of answers)
    if (status !== 202) throw new Error(`a payment was answered ${status} ${text}`);
}

async function askFor(api: Api, orderNumber: string) {
  for (;;) {
    const answer = await api.call('GET', `/api/v3/orders/${orderNumber}`, { as: aService }).catch(() => null);
    if (answer?.status === 200) return answer.body;
    await sleep(50);
  }
}
