import { type IssuedCoupon, needsStep, type OrderStep, type Refusal, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { type CouponBatch, openCoupons } from '../coupon/coupon-batch.js';
import { endReservation } from '../coupon/end-reservations.js';
import { freeBudgets, isShortOfBudget } from '../coupon/expire-overdue.js';
import { redeemCodes } from '../coupon/redeem-code.js';
import { reserveOne } from '../coupon/reserve-coupons.js';
import { openMovements } from '../points/move-points.js';
import { endStockHold } from '../stock/end-stock-holds.js';
import { holdEach } from '../stock/hold-stock.js';
import { openStock, type StockStores } from '../stock/stock-batch.js';
import { type Ending, endOfDiscount, endOfLine, endOfPoints } from './endings.js';
import { type FoundHold, found } from './find-holds.js';
import { holdSeconds, type OrderRequest, reservationIds, stockHoldIds } from './hold-ids.js';
import type { OrderStores } from './order-batch.js';

export type StepStores = OrderStores &
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

/**
 * One step of many orders, open under its locks for the time of one transaction. What was asked for is held already;
 * holds have names that follow from the order, so asking again changes nothing.
 */
export interface StepBatch {
  /** Why orders that asked can't have it, by order number. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** What is held for an order, by the time of the store. */
  holds(order: RequestedOrder): readonly FoundHold[];
  /** Posts or voids a hold. */
  end(hold: Ending): Outcome<unknown>;
  save(): Promise<void>;
}

/** @param asks whether the step is wanted for an order now; the others are only opened */
type OpenStep = (
  stores: StepStores,
  tx: Transaction,
  orders: readonly RequestedOrder[],
  asks: (order: RequestedOrder) => boolean,
) => Promise<StepBatch>;

export const openStep: Readonly<Record<OrderStep, OpenStep>> = {
  STOCK: openLines,
  COUPON: openDiscounts,
  POINTS: openPoints,
};

/**
 * One order for all who lock what is held, so that they wait for each other; budgets and the campaigns of codes come
 * with the coupons.
 */
export const lockingOrder: readonly OrderStep[] = ['POINTS', 'STOCK', 'COUPON'];

/** A step that no order of the batch has. */
const nothingOfIt: StepBatch = {
  refusals: new Map(),
  holds: () => [],
  end({ id }) {
    throw new Error(`hold ${id} was not opened`);
  },
  save: async () => undefined,
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

async function openLines(...[stores, tx, orders, asks]: Parameters<OpenStep>): Promise<StepBatch> {
  const wishesOf = ({ orderNumber, request, origin }: RequestedOrder) => {
    const ids = stockHoldIds(orderNumber, request);
    const ttlSeconds = holdSeconds(request);
    return request.lines.map(({ productId, optionId, quantity }, i) => ({
      ...{ holdId: ids[i] as string, orderNumber, productId, optionId, quantity, ttlSeconds, origin },
    }));
  };
  const lines = orders.flatMap(wishesOf);
  const batch = await openStock(
    stores,
    tx,
    lines,
    lines.map(({ holdId }) => holdId),
  );
  const asked = orders.filter(asks).flatMap(wishesOf);
  return {
    refusals: firstRefusals(asked, await holdEach(batch, asked)),
    holds: ({ orderNumber, request }) =>
      stockHoldIds(orderNumber, request).map(id => found(id, batch.hold(id), batch.now)),
    end: ending => endStockHold(batch, endOfLine(ending)),
    save: batch.save,
  };
}

async function openPoints(...[stores, tx, orders, asks]: Parameters<OpenStep>): Promise<StepBatch> {
  const wishOf = ({ orderNumber, request, origin }: RequestedOrder) => ({
    ...{ change: 'Hold' as const, userId: request.userId, points: request.pointsUsed, key: orderNumber, orderNumber },
    ...{ ttlSeconds: holdSeconds(request), origin },
  });
  const needing = orders.filter(({ request }) => needsStep(request, 'POINTS'));
  if (needing.length === 0) return nothingOfIt;
  const { batch, move } = await openMovements(stores, { debt: 'ALLOWED' }, tx, needing.map(wishOf));
  const asked = needing.filter(asks).map(wishOf);
  const buyers = new Map(needing.map(({ orderNumber, request }) => [orderNumber, request.userId]));
  return {
    refusals: firstRefusals(
      asked,
      asked.map(wish => move(wish)),
    ),
    holds({ orderNumber, request }) {
      if (!needsStep(request, 'POINTS')) return [];
      const { spendings } = batch.account(request.userId);
      const hold = spendings.find(({ kind, key }) => kind === 'HOLD' && key === orderNumber);
      return [found(hold?.pointId ?? '', hold, batch.now)];
    },
    end: ending => move(endOfPoints(ending), buyers.get(ending.orderNumber)),
    save: batch.save,
  };
}

/** One discount of an order, and the coupon behind it as far as it is known. */
interface Discounted extends RequestedOrder {
  readonly reservationId: string;
  readonly couponId: string | null;
  readonly code: string | null;
  readonly amount: number;
  readonly policyVersion: number;
}

async function openDiscounts(...[stores, tx, orders, asks]: Parameters<OpenStep>): Promise<StepBatch> {
  if (!orders.some(({ request }) => needsStep(request, 'COUPON'))) return nothingOfIt;
  const discountsOf = (order: RequestedOrder): Discounted[] => {
    const ids = reservationIds(order.orderNumber, order.request);
    return order.request.discounts.map(({ couponId, code, amount, policyVersion }, i) => ({
      ...{ ...order, reservationId: ids[i] as string, couponId, code, amount, policyVersion },
    }));
  };
  const all = orders.flatMap(discountsOf);
  const before = await couponsBefore(stores, tx, all);
  // A code becomes a coupon once only; a coupon that is asked for again is the same reservation again.
  const asked = all.filter(each => asks(each) && !before.has(each.reservationId));
  const redeemed = await redeemAll(stores, tx, asked);
  const known = asked.map((each, i) => ({ ...each, coupon: redeemed[i] as Outcome<string> }));
  const ready = known.flatMap(({ coupon, ...each }) => (coupon.accepted ? [{ ...each, couponId: coupon.value }] : []));
  const open = async () => {
    const batch = await openCoupons(
      stores,
      tx,
      [...before.values(), ...[...all, ...ready].flatMap(({ couponId }) => couponId ?? [])],
      all.map(({ reservationId }) => reservationId),
    );
    return { batch, reserved: ready.map(each => reserveFor(batch, each)) };
  };
  let { batch, reserved } = await open();
  const [short] = ready.filter((_, i) => isShortOfBudget(reserved[i] as Outcome<unknown>));
  // Nothing is written yet: what is decided on the freed money begins anew.
  if (short && (await freeBudgets(stores, tx, short.origin))) ({ batch, reserved } = await open());
  const outcomes = known.map(({ coupon }) => coupon);
  return {
    refusals: new Map([...firstRefusals(ready, reserved), ...firstRefusals(known, outcomes)]),
    holds: ({ orderNumber, request }) =>
      reservationIds(orderNumber, request).map(id => found(id, batch.reservation(id), batch.now)),
    end: ending => endReservation(batch, endOfDiscount(ending)),
    save: batch.save,
  };
}

const reserveFor = (
  batch: CouponBatch,
  { reservationId, couponId, amount, ...of }: Discounted & { couponId: string },
) =>
  reserveOne(batch, {
    ...{ reservationId, couponId, orderNumber: of.orderNumber, owner: of.request.userId },
    ...{ basis: { discount: amount }, ttlSeconds: holdSeconds(of.request), origin: of.origin },
  });

/** The coupons that codes of these orders have become before, by their reservations. */
async function couponsBefore({ reservations }: StepStores, tx: Transaction, all: readonly Discounted[]) {
  const ids = all.flatMap(({ couponId, reservationId }) => (couponId === null ? [reservationId] : []));
  if (ids.length === 0) return new Map<string, string>();
  const stored = await reservations.load(tx, ids);
  return new Map([...stored].flatMap(([id, { state }]) => (state.status === 'NONE' ? [] : [[id, state.couponId]])));
}

/** Turns the codes of orders into coupons of their buyers, at the very terms that the orders were priced with. */
async function redeemAll(
  stores: StepStores,
  tx: Transaction,
  asked: readonly Discounted[],
): Promise<Outcome<string>[]> {
  const typed = asked.filter(({ couponId }) => couponId === null);
  const inputs = typed.map(({ code, request, origin }) => ({ code: code ?? '', userId: request.userId, origin }));
  const redeemed = (await redeemCodes(stores)(tx, inputs)).values();
  return asked.map(({ couponId, code, policyVersion: priced }) => {
    if (couponId !== null) return done(couponId);
    const outcome = redeemed.next().value as Outcome<IssuedCoupon>;
    if (!outcome.accepted) return outcome;
    const { id, facts } = outcome.value;
    if (facts.policyVersion === priced) return done(id);
    return refused(refusal('PRICE_CHANGED', { code, policyVersion: facts.policyVersion, priced }));
  });
}
