import { type OrderStep, type PlacedOrder, type Refusal, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { type RedeemInput, redeemCodes } from '../coupon/redeem-code.js';
import { reserveCoupons } from '../coupon/reserve-coupons.js';
import { movePoints } from '../points/move-points.js';
import { holdStock } from '../stock/hold-stock.js';
import type { StockStores } from '../stock/stock-batch.js';
import { holdSeconds, reservationIds, stockHoldIds } from './hold-ids.js';
import { type OrderStores, openOrders, readOrders } from './order-batch.js';

export type HoldStepStores = OrderStores &
  StockStores &
  Pick<Adapters, 'ids' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'codes' | 'pointLedger'>;

/** An order that somebody asks about, and on whose behalf. */
export interface OrderRef {
  readonly orderNumber: string;
  readonly origin: Origin;
}

interface Wanted extends OrderRef {
  readonly order: PlacedOrder;
}

/** Holds one step of many orders; answers the refusals by order number. */
type Hold = (
  stores: HoldStepStores,
  tx: Transaction,
  orders: readonly Wanted[],
) => Promise<ReadonlyMap<string, Refusal>>;

const holders: Readonly<Record<OrderStep, Hold>> = { STOCK: holdLines, COUPON: holdCoupons, POINTS: holdPoints };

/**
 * Asks for one step of orders that wait for it. Holds have names that follow from the order, so asking again changes
 * nothing; a refusal is written down with the order, so that it stays one.
 */
export const holdStep =
  (stores: HoldStepStores, step: OrderStep) =>
  async (tx: Transaction, refs: readonly OrderRef[]): Promise<void> => {
    const numbers = refs.map(({ orderNumber }) => orderNumber);
    const orders = await readOrders(stores, tx, numbers);
    const wanted = refs.flatMap(({ orderNumber, origin }): Wanted[] => {
      const order = orders.get(orderNumber);
      return order?.status === 'PENDING' && order.steps[step] === 'PENDING' ? [{ orderNumber, origin, order }] : [];
    });
    if (wanted.length === 0) return;
    const refusals = await holders[step](stores, tx, wanted);
    if (refusals.size === 0) return;
    const batch = await openOrders(stores, tx, [...refusals.keys()]);
    for (const { orderNumber, origin } of wanted) {
      const no = refusals.get(orderNumber);
      if (no) batch.decide(orderNumber, { type: 'RefuseStep', step, code: no.code, data: no.data }, origin);
    }
    await batch.save();
  };

/** The first refusal of each order. */
function firstRefusals(asked: readonly { readonly orderNumber: string }[], outcomes: readonly Outcome<unknown>[]) {
  const refusals = new Map<string, Refusal>();
  for (const [i, { orderNumber }] of asked.entries()) {
    const outcome = outcomes[i];
    if (outcome && !outcome.accepted && !refusals.has(orderNumber)) refusals.set(orderNumber, outcome.refusal);
  }
  return refusals;
}

async function holdLines(stores: HoldStepStores, tx: Transaction, orders: readonly Wanted[]) {
  const asked = orders.flatMap(({ orderNumber, order: { facts }, origin }) => {
    const ids = stockHoldIds(orderNumber, facts);
    const ttlSeconds = holdSeconds(facts);
    return facts.lines.map(({ productId, optionId, quantity }, i) => ({
      ...{ holdId: ids[i] as string, orderNumber, productId, optionId, quantity, ttlSeconds, origin },
    }));
  });
  return firstRefusals(asked, await holdStock(stores)(tx, asked));
}

async function holdPoints(stores: HoldStepStores, tx: Transaction, orders: readonly Wanted[]) {
  const asked = orders.map(({ orderNumber, order: { facts }, origin }) => ({
    ...{ change: 'Hold' as const, userId: facts.userId, points: facts.pointsUsed, key: orderNumber, orderNumber },
    ...{ ttlSeconds: holdSeconds(facts), origin },
  }));
  return firstRefusals(asked, await movePoints(stores, { debt: 'ALLOWED' })(tx, asked));
}

/** One discount of an order, and the coupon behind it as far as it is known. */
interface Discounted extends Wanted {
  readonly reservationId: string;
  readonly couponId: string | null;
  readonly code: string | null;
  readonly amount: number;
  readonly policyVersion: number;
}

async function holdCoupons(stores: HoldStepStores, tx: Transaction, orders: readonly Wanted[]) {
  const all = orders.flatMap((wanted): Discounted[] => {
    const { facts } = wanted.order;
    const ids = reservationIds(wanted.orderNumber, facts);
    return facts.discounts.map(({ couponId, code, amount, policyVersion }, i) => ({
      ...{ ...wanted, reservationId: ids[i] as string, couponId, code, amount, policyVersion },
    }));
  });
  const before = await stores.reservations.load(
    tx,
    all.map(({ reservationId }) => reservationId),
  );
  const asked = all.filter(({ reservationId }) => before.get(reservationId)?.state.status === 'NONE');
  const redeemed = await redeemAll(stores, tx, asked);
  const known = asked.map((each, i) => ({ ...each, coupon: redeemed[i] as Outcome<string> }));
  const ready = known.flatMap(({ coupon, ...each }) => (coupon.accepted ? [{ ...each, couponId: coupon.value }] : []));
  const reserved = await reserveCoupons(stores)(
    tx,
    ready.map(({ reservationId, couponId, orderNumber, amount, order: { facts }, origin }) => ({
      ...{ reservationId, couponId, orderNumber, owner: facts.userId, basis: { discount: amount } },
      ...{ ttlSeconds: holdSeconds(facts), origin },
    })),
  );
  return new Map([
    ...firstRefusals(ready, reserved),
    ...firstRefusals(
      known,
      known.map(({ coupon }) => coupon),
    ),
  ]);
}

/** Turns the codes of an order into coupons of its buyer, at the very terms that the order was priced with. */
async function redeemAll(stores: HoldStepStores, tx: Transaction, asked: readonly Discounted[]) {
  const coupons: Outcome<string>[] = [];
  for (const { couponId, code, order, origin, policyVersion } of asked) {
    if (couponId !== null) coupons.push({ accepted: true, value: couponId });
    else
      coupons.push(await redeem(stores, tx, { code: code ?? '', userId: order.facts.userId, origin }, policyVersion));
  }
  return coupons;
}

async function redeem(
  stores: HoldStepStores,
  tx: Transaction,
  input: RedeemInput,
  version: number,
): Promise<Outcome<string>> {
  const [outcome] = await redeemCodes(stores)(tx, [input]);
  if (!outcome?.accepted) return outcome ?? refused(refusal('CODE_NOT_FOUND', { code: input.code }));
  const { id, facts } = outcome.value;
  if (facts.policyVersion === version) return { accepted: true, value: id };
  return refused(refusal('PRICE_CHANGED', { code: input.code, policyVersion: facts.policyVersion, priced: version }));
}
