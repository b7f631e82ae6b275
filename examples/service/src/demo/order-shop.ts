import { Client, OPTION, OperatorApi } from './api.js';
import { load, postRequest } from './http-load.js';
import { kindOf } from './order-kinds.js';
import type { Scene } from './sale.js';

/** Somebody who orders, with coupons and points. */
export interface Buyer {
  readonly userId: string;
  readonly client: Client;
  readonly couponIds: readonly string[];
}

/** What the orders of one demonstration are about. */
export interface Shop {
  readonly policyId: string;
  readonly buyers: readonly Buyer[];
  /** The service that tells of payments and gives refunds, by many accounts: each may ask only so often. */
  readonly desks: readonly Client[];
  readonly productOf: Readonly<Record<'mug' | 'lamp', string>>;
  /** Names of what is in stock, and how many units were put in, in all. */
  readonly items: readonly string[];
  readonly units: number;
  readonly points: number;
}

const ORDERS_EACH = 4;
/** One less than orders: some find their coupon used. */
const COUPONS_EACH = 3;
/** Less than some want in their four orders. */
const POINTS_EACH = 3_000;
const DESKS = 32;
const CONNECTIONS = 64;

async function postAll(url: string, requests: readonly Buffer[]): Promise<string[]> {
  const { hostname, port } = new URL(url);
  const answers: string[] = Array(requests.length).fill('');
  const { statuses } = await load({
    host: hostname,
    port: Number(port || 80),
    connections: Math.min(CONNECTIONS, requests.length),
    requests: requests.length,
    request: index => requests[index] as Buffer,
    onAnswer: (index, _, body) => {
      answers[index] = body;
    },
  });
  if (statuses.get(201) !== requests.length)
    throw new Error(`the shop can't be filled: the answers were ${JSON.stringify([...statuses])}`);
  return answers;
}

/** Products with stock, a policy, and buyers with coupons and points, all of them new. */
export async function openShop({ url, name, sign }: Scene, orders: number): Promise<Shop> {
  const { hostname } = new URL(url);
  const operator = new OperatorApi(url, sign(`${name}-operator`, 'operator'));
  const kinds = Array.from({ length: orders }, (_, i) => kindOf(i));
  const wanted = (product: string) =>
    kinds.reduce((sum, kind) => sum + (kind.product === product ? kind.quantity : 0), 0);
  const productOf = { mug: `${name}-mug`, lamp: `${name}-lamp` };
  // An odd one is left in the end: it is too little for an order of two.
  const stock = { mug: wanted('mug'), lamp: 2 * Math.floor(wanted('lamp') / 4) + 1 };
  await operator.product(productOf.mug, 10_000, stock.mug);
  await operator.product(productOf.lamp, 24_900, stock.lamp);

  const users = Array.from({ length: Math.ceil(orders / ORDERS_EACH) }, (_, i) => `${name}-buyer-${i}`);
  const total = users.length * COUPONS_EACH;
  const policyId = await operator.activePolicy(`Orders of ${name}`, { total, perUser: COUPONS_EACH });
  const tokens = users.map(userId => sign(userId, 'shopper'));
  const deskTokens = Array.from({ length: DESKS }, (_, i) => sign(`${name}-desk-${i}`, 'service'));
  const wish = JSON.stringify({ policyId });
  const issues = Array.from({ length: total }, (_, i) =>
    postRequest(hostname, '/api/v1/coupons/issue', tokens[i % users.length] as string, wish),
  );
  const coupons = (await postAll(url, issues)).map(body => (JSON.parse(body) as { couponId: string }).couponId);
  const gifts = users.map((userId, i) => {
    const gift = JSON.stringify({ userId, points: POINTS_EACH, key: 'welcome' });
    return postRequest(hostname, '/api/v2/points/earn', deskTokens[i % DESKS] as string, gift);
  });
  await postAll(url, gifts);
  return {
    policyId,
    buyers: users.map((userId, i) => ({
      ...{ userId, client: new Client(url, tokens[i] as string) },
      couponIds: coupons.filter((_, coupon) => coupon % users.length === i),
    })),
    desks: deskTokens.map(token => new Client(url, token)),
    productOf,
    items: Object.values(productOf).map(productId => `${productId}/${OPTION}`),
    units: stock.mug + stock.lamp,
    points: users.length * POINTS_EACH,
  };
}
