import { needsStep, type OrderStep, type Refusal, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { afterConflicts } from '../../use-case.js';
import { type RedeemInput, redeemCodes } from '../coupon/redeem-code.js';
import { reserveCoupons } from '../coupon/reserve-coupons.js';
import { movePoints } from '../points/move-points.js';
import { holdStock } from '../stock/hold-stock.js';
import type { StockStores } from '../stock/stock-batch.js';
import { holdSeconds, type OrderRequest, reservationIds, stockHoldIds } from './hold-ids.js';
import { type OrderStores, openOrders } from './order-batch.js';

export type HoldStepStores = OrderStores &
  StockStores &
  Pick<Adapters, 'ids' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'codes' | 'pointLedger'>;

/** An order that somebody asks about, and on whose behalf. */
export interface OrderRef {
  readonly orderNumber: string;
  readonly origin: Origin;
}

/** An order with what it asks for. */
export interface RequestedOrder extends OrderRef {
  readonly request: OrderRequest;
}

/** Holds one step of many orders; answers the refusals by order number. */
type Hold = (
  stores: HoldStepStores,
  tx: Transaction,
  orders: readonly RequestedOrder[],
) => Promise<ReadonlyMap<string, Refusal>>;

const holders: Readonly<Record<OrderStep, Hold>> = { STOCK: holdLines, COUPON: holdCoupons, POINTS: holdPoints };

/** An order that can't have a step. */
interface RefusedOrder extends OrderRef {
  readonly no: Refusal;
}

/**
 * Asks for one step of orders; answers those that are refused. Holds have names that follow from the order, so asking
 * again changes nothing.
 */
const holdStep =
  (stores: HoldStepStores, step: OrderStep, wanted: readonly RequestedOrder[]) =>
  async (tx: Transaction): Promise<readonly RefusedOrder[]> => {
    const refusals = await holders[step](stores, tx, wanted);
    return wanted.flatMap(({ orderNumber, origin }) => {
      const no = refusals.get(orderNumber);
      return no ? [{ orderNumber, origin, no }] : [];
    });
  };

/** Writes refusals down with their orders, so that they stay. */
const refuseStep =
  (stores: OrderStores, step: OrderStep, refused: readonly RefusedOrder[]) =>
  async (tx: Transaction): Promise<void> => {
    const numbers = refused.map(({ orderNumber }) => orderNumber);
    const batch = await openOrders(stores, tx, numbers);
    for (const { orderNumber, origin, no } of refused)
      batch.decide(orderNumber, { type: 'RefuseStep', step, code: no.code, data: no.data }, origin);
    await batch.save();
  };

/**
 * Holds one step of the orders that need it, and tells those that can't have it. In two transactions: whoever ends orders locks them
 * before what is held for them, and so must everybody; asked again after a crash in between, it comes to the same.
 */
export const askStep =
  (stores: HoldStepStores & Pick<Adapters, 'unitOfWork'>, step: OrderStep) =>
  async (orders: readonly RequestedOrder[]): Promise<void> => {
    const { unitOfWork } = stores;
    const wanted = orders.filter(({ request }) => needsStep(request, step));
    if (wanted.length === 0) return;
    const refused = await afterConflicts(() => unitOfWork.run(holdStep(stores, step, wanted)));
    if (refused.length > 0) await afterConflicts(() => unitOfWork.run(refuseStep(stores, step, refused)));
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

async function holdLines(stores: HoldStepStores, tx: Transaction, orders: readonly RequestedOrder[]) {
  const asked = orders.flatMap(({ orderNumber, request, origin }) => {
    const ids = stockHoldIds(orderNumber, request);
    const ttlSeconds = holdSeconds(request);
    return request.lines.map(({ productId, optionId, quantity }, i) => ({
      ...{ holdId: ids[i] as string, orderNumber, productId, optionId, quantity, ttlSeconds, origin },
    }));
  });
  return firstRefusals(asked, await holdStock(stores)(tx, asked));
}

async function holdPoints(stores: HoldStepStores, tx: Transaction, orders: readonly RequestedOrder[]) {
  const asked = orders.map(({ orderNumber, request, origin }) => ({
    ...{ change: 'Hold' as const, userId: request.userId, points: request.pointsUsed, key: orderNumber, orderNumber },
    ...{ ttlSeconds: holdSeconds(request), origin },
  }));
  return firstRefusals(asked, await movePoints(stores, { debt: 'ALLOWED' })(tx, asked));
}

/** One discount of an order, and the coupon behind it as far as it is known. */
interface Discounted extends RequestedOrder {
  readonly reservationId: string;
  readonly couponId: string | null;
  readonly code: string | null;
  readonly amount: number;
  readonly policyVersion: number;
}

async function holdCoupons(stores: HoldStepStores, tx: Transaction, orders: readonly RequestedOrder[]) {
  const all = orders.flatMap((wanted): Discounted[] => {
    const { discounts } = wanted.request;
    const ids = reservationIds(wanted.orderNumber, wanted.request);
    return discounts.map(({ couponId, code, amount, policyVersion }, i) => ({
      ...{ ...wanted, reservationId: ids[i] as string, couponId, code, amount, policyVersion },
    }));
  });
  const asked = await notRedeemed(stores, tx, all);
  const redeemed = await redeemAll(stores, tx, asked);
  const known = asked.map((each, i) => ({ ...each, coupon: redeemed[i] as Outcome<string> }));
  const ready = known.flatMap(({ coupon, ...each }) => (coupon.accepted ? [{ ...each, couponId: coupon.value }] : []));
  const reserved = await reserveCoupons(stores)(
    tx,
    ready.map(({ reservationId, couponId, orderNumber, amount, request, origin }) => ({
      ...{ reservationId, couponId, orderNumber, owner: request.userId, basis: { discount: amount } },
      ...{ ttlSeconds: holdSeconds(request), origin },
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

/** A code becomes a coupon once only; a coupon that is asked for again is the same reservation again. */
async function notRedeemed({ reservations }: HoldStepStores, tx: Transaction, all: readonly Discounted[]) {
  const ids = all.flatMap(({ couponId, reservationId }) => (couponId === null ? [reservationId] : []));
  const before = ids.length > 0 ? await reservations.load(tx, ids) : new Map<string, never>();
  return all.filter(({ reservationId }) => (before.get(reservationId)?.state.status ?? 'NONE') === 'NONE');
}

/** Turns the codes of an order into coupons of its buyer, at the very terms that the order was priced with. */
async function redeemAll(stores: HoldStepStores, tx: Transaction, asked: readonly Discounted[]) {
  const coupons: Outcome<string>[] = [];
  for (const { couponId, code, request, origin, policyVersion } of asked) {
    if (couponId !== null) coupons.push({ accepted: true, value: couponId });
    else coupons.push(await redeem(stores, tx, { code: code ?? '', userId: request.userId, origin }, policyVersion));
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
