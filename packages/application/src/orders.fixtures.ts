import type { PolicyDraft } from '@org/domain';
import type { Adapters } from './adapters.js';
import { option } from './catalogue.fixtures.js';
import { createCatalogue } from './catalogue.js';
import { inMemoryAdapters } from './memory/index.js';
import { createOrders, type OrdersOptions, type OrderWish } from './orders.js';
import { createPoints } from './points.js';
import type { StoredEvent } from './ports/event-log.js';
import { accepted, origin, result, value } from './promotions.fixtures.js';
import { createPromotions } from './promotions.js';

const idOf = ({ streamId, streamVersion }: StoredEvent) => `${streamId}:${streamVersion}`;

/** For runs in which every order can be helped. */
export const mustBeHelped = (orderNumber: string, error: unknown): never => {
  throw new Error(`order ${orderNumber} could not be helped`, { cause: error });
};

/** A shop that takes orders, on in-memory adapters, with a mug in stock; messages go round when `run` says so. */
export async function aShopWithOrders(
  options: OrdersOptions = {},
  around: <Own extends Adapters>(adapters: Own) => Own = adapters => adapters,
) {
  const adapters = around(inMemoryAdapters());
  const promotions = createPromotions(adapters);
  const catalogue = createCatalogue(adapters);
  const points = createPoints(adapters);
  const orders = createOrders(adapters, options);
  const seen = new Map(orders.subscriptions.map(({ group }) => [group, new Set<string>()]));

  /** Hands every worker the events that it has not seen; answers whether there were any. */
  async function turn(): Promise<boolean> {
    let any = false;
    for (const { group, types, handle } of orders.subscriptions) {
      const done = seen.get(group) ?? new Set();
      const fresh = adapters.events.all().filter(event => types.includes(event.type) && !done.has(idOf(event)));
      if (fresh.length === 0) continue;
      any = true;
      for (const event of fresh) done.add(idOf(event));
      await handle(fresh.map(event => ({ ...event, id: idOf(event), attempt: 1 })));
    }
    return any;
  }
  const run = async () => {
    while (await turn());
  };
  const product = async (productId: string, { amount = 10_000, kind = 'GOODS' as const, free = 10 } = {}) => {
    const draft = { name: productId, kind, options: [option('blue', amount)] };
    accepted(result(await catalogue.putProduct({ input: { productId, draft, expectedRevision: null, origin } })));
    const count = { productId, optionId: 'blue', change: 'SetFree', quantity: free, expectedRevision: null } as const;
    accepted(result(await catalogue.countStock({ input: { ...count, origin } })));
  };
  /** One coupon of one policy for each of these users. */
  const couponsFor = async (draft: Partial<PolicyDraft>, userIds: readonly string[]): Promise<string[]> => {
    const full: PolicyDraft = {
      ...{ name: 'Friday', currency: 'KRW', discount: { type: 'FIXED_AMOUNT', amount: 3_000 } },
      ...{ issuance: ['FIRST_COME'], ...draft },
    };
    const { policyId } = value(await promotions.managePolicy({ input: { change: 'Create', draft: full, origin } }));
    value(await promotions.managePolicy({ input: { change: 'Activate', policyId, origin } }));
    const ids: string[] = [];
    for (const userId of userIds) {
      const input = { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin } as const;
      ids.push(value(await promotions.issue({ input })).id);
    }
    return ids;
  };
  const coupon = async (draft: Partial<PolicyDraft> = {}, userId = 'ann') =>
    (await couponsFor(draft, [userId]))[0] as string;
  const earn = async (userId: string, amount: number, orderNumber: string | null = null) => {
    const input = { change: 'Earn', userId, points: amount, key: `gift-${orderNumber}`, reason: null } as const;
    return value(await points.move({ input: { ...input, orderNumber, availableAt: null, expiresAt: null, origin } }));
  };
  const place = async (wish: Partial<OrderWish> = {}) => {
    const lines = [{ lineId: '1', productId: 'mug', optionId: 'blue', quantity: 2 }];
    const full = { userId: 'ann', lines, couponIds: [], codes: [], points: 0, payment: 'NONE' as const, channel: null };
    return result(await orders.place({ input: { ...full, ...wish, origin } }));
  };
  /** Places and lets everybody do his work. */
  const order = async (wish: Partial<OrderWish> = {}) => {
    const { orderNumber } = accepted(await place(wish));
    await run();
    return orderNumber;
  };
  const look = async (orderNumber: string) => {
    const found = await adapters.orderQueries.order(orderNumber, null);
    if (!found) throw new Error(`no order ${orderNumber}`);
    return found.order;
  };
  /** `STATUS reason | STOCK COUPON POINTS`. */
  const shown = async (orderNumber: string) => {
    const { status, reason, steps } = await look(orderNumber);
    return `${status} ${reason ?? '-'} | ${steps.STOCK} ${steps.COUPON} ${steps.POINTS}`;
  };
  const pay = async (orderNumber: string, amount: number, more: Partial<Payment> = {}) => {
    const payment: Payment = {
      ...{ eventId: `${orderNumber}-paid`, type: 'COMPLETED', paymentId: 'p1' },
      ...{ amount: { amount, currency: 'KRW' }, occurredAt: null, ...more },
    };
    return result(await orders.recordPayment({ input: { orderNumber, payment, origin } }));
  };
  const cancel = async (orderNumber: string, owner: string | null = 'ann') =>
    result(await orders.cancel({ input: { orderNumber, owner, reason: null, origin } }));
  const refund = async (orderNumber: string, quantity: number, { lineId = '1', restock = true } = {}) =>
    result(
      await orders.refund({ input: { orderNumber, lines: [{ lineId, quantity }], reason: null, restock, origin } }),
    );
  /** `free/held/sold`. */
  const stock = async (productId = 'mug') => {
    const view = await adapters.catalogueQueries.stock(productId, 'blue');
    return view && `${view.free}/${view.held}/${view.sold}`;
  };
  const couponStatus = async (couponId: string) => (await adapters.queries.coupon(couponId))?.status;
  const balance = async (userId = 'ann') => {
    const { available, held } = await adapters.pointQueries.balance(userId);
    return `${available}/${held}`;
  };
  await product('mug');
  const verbs = { turn, run, product, coupon, couponsFor, earn, place, order, look, shown, pay, cancel, refund };
  return { ...adapters, adapters, promotions, catalogue, points, orders, ...verbs, stock, couponStatus, balance, seen };
}

type Payment = Parameters<ReturnType<typeof createOrders>['recordPayment']>[0]['input']['payment'];
