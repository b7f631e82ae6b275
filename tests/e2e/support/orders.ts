import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Api, aService, type Caller, operator } from './api.js';

const PATIENCE_MS = 15_000;

/** A shop over a running service: what tests of orders do again and again. */
export class Shop {
  constructor(readonly api: Api) {}

  /** A product of its own at 10,000 won, with so many free; null = an e-book that nobody counts. */
  async product(free: number | null = 10, amount = 10_000): Promise<string> {
    const productId = `mug-${randomUUID()}`;
    const options = [{ optionId: 'blue', price: { amount, currency: 'KRW' } }];
    const kind = free === null ? 'EBOOK' : 'GOODS';
    const made = await this.api.call('PUT', `/api/v1/products/${productId}`, {
      ...{ as: operator, body: { name: 'A mug', kind, options } },
    });
    if (made.status !== 201) throw new Error(`no product: ${made.text}`);
    const path = `/api/v1/products/${productId}/options/blue/stock`;
    if (free !== null) await this.api.call('PUT', path, { as: operator, body: { quantity: free } });
    return productId;
  }

  async stock(productId: string) {
    return (await this.api.call('GET', `/api/v1/products/${productId}/options/blue/stock`, { as: aService })).body;
  }

  async earn(userId: string, points: number): Promise<void> {
    const body = { userId, points, key: randomUUID() };
    await this.api.call('POST', '/api/v2/points/earn', { as: aService, body });
  }

  async balance(as: Caller) {
    return (await this.api.call('GET', `/api/v2/points/users/${as.sub}/balance`, { as })).body;
  }

  async coupon(as: Caller, couponId: string) {
    return (await this.api.call('GET', `/api/v1/coupons/${couponId}`, { as })).body;
  }

  place(as: Caller, productId: string, quantity: number, more: object = {}): Promise<Answer> {
    const body = { lines: [{ lineId: '1', productId, optionId: 'blue', quantity }], ...more };
    return this.api.call('POST', '/api/v3/orders', { as, body });
  }

  /** An order that has got as far as it can without anybody's doing. */
  async ordered(as: Caller, productId: string, quantity: number, more: object = {}): Promise<string> {
    const { status, text, body } = await this.place(as, productId, quantity, more);
    if (status !== 202) throw new Error(`no order: ${text}`);
    const orderNumber = String(body.orderNumber);
    await this.settled(as, orderNumber);
    return orderNumber;
  }

  async status(as: Caller, orderNumber: string) {
    return (await this.api.call('GET', `/api/v3/orders/${orderNumber}/status`, { as })).body as unknown as {
      readonly status: string;
      readonly reason: string | null;
      readonly steps: readonly { readonly step: string; readonly status: string }[];
    };
  }

  async order(as: Caller, orderNumber: string) {
    return (await this.api.call('GET', `/api/v3/orders/${orderNumber}`, { as })).body;
  }

  /** `STATUS reason | STOCK COUPON POINTS`, once it is not PENDING. */
  async settled(as: Caller, orderNumber: string, patienceMs = PATIENCE_MS): Promise<string> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const { status, reason, steps } = await this.status(as, orderNumber);
      const shown = `${status} ${reason ?? '-'} | ${steps.map(step => step.status).join(' ')}`;
      if (status !== 'PENDING') return shown;
      if (Date.now() > end) throw new Error(`order ${orderNumber} is still ${shown}`);
      await sleep(10);
    }
  }

  pay(orderNumber: string, amount: number, more: object = {}): Promise<Answer> {
    const body = {
      ...{ eventId: `evt-${orderNumber}`, type: 'COMPLETED', orderNumber, paymentId: `pay-${orderNumber}` },
      ...{ amount: { amount, currency: 'KRW' }, occurredAt: new Date().toISOString(), ...more },
    };
    return this.api.call('POST', '/api/v1/payments/events', { as: aService, body });
  }

  cancel(as: Caller, orderNumber: string): Promise<Answer> {
    return this.api.call('POST', '/api/v3/orders/cancel', { as, body: { orderNumber, reason: 'changed my mind' } });
  }

  refund(orderNumber: string, quantity: number, more: object = {}): Promise<Answer> {
    const body = { lines: [{ lineId: '1', quantity }], reason: 'returned', restock: true, ...more };
    return this.api.call('POST', `/api/v3/orders/${orderNumber}/refunds`, { as: aService, body });
  }
}

/** Asks until it is so: what follows an answer comes a moment later. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  expected: Value,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  const text = JSON.stringify(expected);
  let last = await ask();
  while (JSON.stringify(last) !== text && Date.now() < end) {
    await sleep(20);
    last = await ask();
  }
  expect(last).toEqual(expected);
}
