import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answered,
  createCatalogue,
  createOrders,
  createPoints,
  createPromotions,
  type OrdersOptions,
  type OrderWish,
  type Outcome,
} from '@org/application';
import type { PolicyDraft } from '@org/domain';
import type { TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';

export const origin = { actor: 'test', traceparent: null };

export function result<Value>(answered: Answered<Outcome<Value>>): Outcome<Value> {
  if (answered.kind !== 'DONE') throw new Error(`answered ${answered.kind}`);
  return answered.result;
}
export function value<Value>(answered: Answered<Outcome<Value>>): Value {
  const outcome = result(answered);
  if (!outcome.accepted) throw new Error(`refused: ${outcome.refusal.code} ${JSON.stringify(outcome.refusal.data)}`);
  return outcome.value;
}

/** A process that takes orders; its workers see the events of the database when `run` says so. */
export function aProcess({ dataSource }: TestDatabase, options: OrdersOptions = {}) {
  const stores = postgresAdapters(dataSource);
  const orders = createOrders(stores, options);
  const places = new Map<string, string | null>();

  /** Hands every worker the events behind its place; answers whether there were any. */
  async function turn(): Promise<boolean> {
    let any = false;
    for (const { group, types, handle } of orders.subscriptions) {
      const page = await stores.eventFeed.read({ after: places.get(group) ?? null, types, limit: 500 });
      places.set(group, page.next);
      if (page.events.length === 0) continue;
      any = true;
      await handle(page.events.map(event => ({ ...event, attempt: 1 })));
    }
    return any;
  }
  const run = async () => {
    // A page may be empty while others commit: nothing is left when two turns in a row find nothing.
    for (let quiet = 0; quiet < 2; ) quiet = (await turn()) ? 0 : quiet + 1;
  };

  const place = (wish: Partial<OrderWish> = {}) => {
    const lines = [{ lineId: '1', productId: 'mug', optionId: 'blue', quantity: 1 }];
    const full = { userId: 'ann', lines, couponIds: [], codes: [], points: 0, payment: 'NONE' as const, channel: null };
    return orders.place({ input: { ...full, ...wish, origin } }).then(value);
  };
  const pay = async (orderNumber: string, amount: number) => {
    const payment = { eventId: `${orderNumber}-paid`, type: 'COMPLETED' as const, paymentId: 'p', occurredAt: null };
    const input = { orderNumber, payment: { ...payment, amount: { amount, currency: 'KRW' } }, origin };
    return value(await orders.recordPayment({ input }));
  };
  const refund = async (orderNumber: string, quantity: number) => {
    const input = { orderNumber, lines: [{ lineId: '1', quantity }], reason: null, restock: true, origin };
    return value(await orders.refund({ input }));
  };
  /** `STATUS reason | STOCK COUPON POINTS`. */
  const shown = async (orderNumber: string) => {
    const view = await stores.orderQueries.order(orderNumber, null);
    if (!view) throw new Error(`no order ${orderNumber}`);
    const { status, reason, steps } = view.order;
    return `${status} ${reason ?? '-'} | ${steps.STOCK} ${steps.COUPON} ${steps.POINTS}`;
  };
  return { stores, orders, run, place, pay, refund, shown };
}

export type Process = ReturnType<typeof aProcess>;

/** What a shop has to sell and to give away. */
export function aShelf({ dataSource }: TestDatabase) {
  const stores = postgresAdapters(dataSource);
  const [catalogue, promotions, points] = [createCatalogue(stores), createPromotions(stores), createPoints(stores)];
  const product = async (productId: string, free: number) => {
    const options = [{ optionId: 'blue', price: { amount: 10_000, currency: 'KRW' } }];
    const draft = { name: productId, kind: 'GOODS' as const, options };
    value(await catalogue.putProduct({ input: { productId, draft, expectedRevision: null, origin } }));
    const count = { productId, optionId: 'blue', change: 'SetFree', quantity: free, expectedRevision: null } as const;
    value(await catalogue.countStock({ input: { ...count, origin } }));
  };
  const policy = async (draft: Partial<PolicyDraft> = {}) => {
    const full: PolicyDraft = {
      ...{ name: 'Friday', currency: 'KRW', discount: { type: 'FIXED_AMOUNT', amount: 3_000 } },
      ...{ issuance: ['FIRST_COME'], ...draft },
    };
    const { policyId } = value(await promotions.managePolicy({ input: { change: 'Create', draft: full, origin } }));
    value(await promotions.managePolicy({ input: { change: 'Activate', policyId, origin } }));
    return policyId;
  };
  const coupon = async (policyId: string, userId = 'ann') => {
    const input = { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin } as const;
    return value(await promotions.issue({ input })).id;
  };
  const earn = async (userId: string, amount: number, orderNumber: string | null = null) => {
    const input = { change: 'Earn', userId, points: amount, key: `gift-${orderNumber}`, reason: null } as const;
    return value(await points.move({ input: { ...input, orderNumber, availableAt: null, expiresAt: null, origin } }));
  };
  /** `free/held/sold`. */
  const stock = async (productId: string) => {
    const view = await stores.catalogueQueries.stock(productId, 'blue');
    return view && `${view.free}/${view.held}/${view.sold}`;
  };
  return { product, policy, coupon, earn, stock };
}

/** Lets every process work side by side until nobody finds anything more. */
export async function settle(processes: readonly Process[]): Promise<void> {
  await Promise.all(processes.map(each => each.run()));
  await sleep(20);
  await Promise.all(processes.map(each => each.run()));
}

/** How often each answer was given. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
