import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, OPTION } from './api.js';
import { kindOf, type OrderKind } from './order-kinds.js';
import type { Buyer, Shop } from './order-shop.js';

/** What the clients of one order were told, and have told. Amounts are minor units. */
export interface OrderTale {
  /** One, if all is well. */
  readonly numbers: readonly string[];
  /** `COMPLETED`, or why it was cancelled. */
  readonly end: string;
  /** Money that the payment service has told of. */
  readonly received: number;
  readonly refunded: number;
  /** From the request to the end. */
  readonly ms: number;
}

const ORDERS = '/api/v3/orders';
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 640;

/** @param turn which order of the buyer it is, from 0 on */
async function place({ client, couponIds }: Buyer, { productOf }: Shop, kind: OrderKind, turn: number) {
  const { product, quantity, hasCoupon, points, payments, isSentTwice } = kind;
  const wish = {
    lines: [{ lineId: '1', productId: productOf[product], optionId: OPTION, quantity }],
    couponIds: hasCoupon ? [couponIds[turn % couponIds.length]] : [],
    points,
    payment: payments === null ? 'NONE' : 'EXTERNAL',
  };
  const key = randomUUID();
  const send = () => client.insist(ORDERS, key, wish);
  const answers = await Promise.all(isSentTwice ? [send(), send()] : [send()]);
  return [...new Set(answers.map(({ orderNumber }) => String(orderNumber)))];
}

/** Tells of the payment, whether or not everything is held by then; answers the money. */
async function pay(desk: Client, buyer: Client, orderNumber: string, types: readonly string[]): Promise<number> {
  if (types.length === 0) return 0;
  const { total } = await buyer.call('GET', `${ORDERS}/${orderNumber}`);
  for (const type of types) {
    const event = { eventId: `${type}-${orderNumber}`, type, orderNumber, paymentId: `pay-${orderNumber}` };
    const body = { ...event, amount: { amount: total, currency: 'KRW' }, occurredAt: new Date().toISOString() };
    await desk.insist('/api/v1/payments/events', randomUUID(), body);
  }
  return types.includes('COMPLETED') ? Number(total) : 0;
}

async function untilOver(buyer: Client, orderNumber: string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (let pause = 10; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const { status, reason } = await buyer.call('GET', `${ORDERS}/${orderNumber}/status`);
    if (status === 'COMPLETED') return status;
    if (status === 'CANCELLED') return String(reason);
    if (Date.now() > until) throw new Error(`order ${orderNumber} is still ${status} after ${PATIENCE_MS / 1000} s`);
    await sleep(pause);
  }
}

async function giveBack(desk: Client, orderNumber: string, refunds: OrderKind['refunds']): Promise<number> {
  let money = 0;
  for (const { quantity, restock } of refunds) {
    const body = { lines: [{ lineId: '1', quantity }], restock };
    const { amount } = await desk.insist(`${ORDERS}/${orderNumber}/refunds`, randomUUID(), body);
    money += Number(amount);
  }
  return money;
}

/**
 * Order `index`, from the request until it is over and what goes back has gone back.
 * @throws Error when the service refuses what it may not refuse, or the order does not end
 */
export async function playOrder(shop: Shop, index: number): Promise<OrderTale> {
  const kind = kindOf(index);
  const buyer = shop.buyers[index % shop.buyers.length] as Buyer;
  const desk = shop.desks[index % shop.desks.length] as Client;
  const began = performance.now();
  const numbers = await place(buyer, shop, kind, Math.floor(index / shop.buyers.length));
  const [orderNumber = ''] = numbers;
  if (kind.isCancelled) await buyer.client.insist(`${ORDERS}/cancel`, randomUUID(), { orderNumber });
  const received = await pay(desk, buyer.client, orderNumber, kind.payments ?? []);
  const end = await untilOver(buyer.client, orderNumber);
  const ms = performance.now() - began;
  const refunded = end === 'COMPLETED' ? await giveBack(desk, orderNumber, kind.refunds) : 0;
  return { numbers, end, received, refunded, ms };
}
