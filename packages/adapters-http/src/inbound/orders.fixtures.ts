import type { StoredEvent } from '@org/application';
import { operator, service, shopper, type TestServer } from './http.fixtures.js';

/** What somebody wants: two blue mugs, unless `more` says otherwise. */
export const wish = (more: object = {}) => ({
  lines: [{ lineId: '1', productId: 'mug', optionId: 'blue', quantity: 2 }],
  ...more,
});

export async function aProduct({ put }: TestServer, productId = 'mug', { free = 10, amount = 10_000 } = {}) {
  const options = [{ optionId: 'blue', price: { amount, currency: 'KRW' } }];
  const body = { name: productId, kind: 'GOODS', options };
  const made = await put(`/api/v1/products/${productId}`, { token: operator, body });
  if (made.status !== 201) throw new Error(made.text);
  const path = `/api/v1/products/${productId}/options/blue/stock`;
  await put(path, { token: operator, body: { quantity: free } });
}

export async function anOrder(server: TestServer, user = 'ann', more: object = {}): Promise<string> {
  if (!(await server.adapters.catalogueQueries.product('mug'))) await aProduct(server);
  const got = await server.post('/api/v3/orders', { token: shopper(user), body: wish(more) });
  if (got.status !== 202) throw new Error(got.text);
  return String(got.json.orderNumber);
}

export const paid = (orderNumber: string, amount: number, more: object = {}) => ({
  ...{ eventId: 'evt-1', type: 'COMPLETED', orderNumber, paymentId: 'pay-1' },
  ...{ amount: { amount, currency: 'KRW' }, occurredAt: '2026-11-21T12:00:00+09:00', ...more },
});

export const pay = ({ post }: TestServer, body: object, token = service) =>
  post('/api/v1/payments/events', { token, body });

const idOf = ({ streamId, streamVersion }: StoredEvent) => `${streamId}:${streamVersion}`;
const seen = new WeakMap<TestServer, Map<string, Set<string>>>();

/** Hands every worker the events that it has not seen; answers whether there were any. */
async function turn(server: TestServer): Promise<boolean> {
  const { promotions, orders, adapters } = server;
  const known = seen.get(server) ?? new Map<string, Set<string>>();
  seen.set(server, known);
  let any = false;
  for (const { group, types, handle } of [...promotions.subscriptions, ...orders.subscriptions]) {
    const done = known.get(group) ?? new Set<string>();
    known.set(group, done);
    const fresh = adapters.events.all().filter(event => types.includes(event.type) && !done.has(idOf(event)));
    if (fresh.length === 0) continue;
    any = true;
    for (const event of fresh) done.add(idOf(event));
    await handle(fresh.map(event => ({ ...event, id: idOf(event), attempt: 1 })));
  }
  return any;
}

/** Lets everybody do his work at the orders, until nobody has any. */
export async function goOn(server: TestServer): Promise<void> {
  while (await turn(server));
}
