import { allocate } from '../../allocation.js';
import { ratioOf, timesRatio } from '../../money.js';
import type { Percent, Rounding } from '../policy.js';
import { type Ledger, limitOf, netOf, type Pick } from './ledger.js';

/** How much a discount wants, apart from what is left to take. */
export type Calculation =
  | {
      readonly type: 'PERCENT';
      readonly percent: Percent;
      readonly base: 'INITIAL' | 'REMAINING';
      readonly rounding: Rounding;
      readonly maxAmount: number | null;
    }
  | { readonly type: 'AMOUNT'; readonly amount: number; readonly maxAmount: number | null }
  | { readonly type: 'PER_UNIT'; readonly amount: number }
  | { readonly type: 'SHIPPING'; readonly maxAmount: number | null };

/** Why it is this calculation. */
export type Basis =
  | { readonly type: 'PERCENTAGE' | 'FIXED_AMOUNT' | 'FREE_SHIPPING' }
  | { readonly type: 'TIERED'; readonly from: number; readonly eligible: number }
  | {
      readonly type: 'BUY_X_GET_Y';
      readonly buyQuantity: number;
      readonly getQuantity: number;
      readonly cycles: number;
    };

/** What a coupon is about to do: which units, and how much. */
export interface Plan {
  readonly basis: Basis;
  readonly calculation: Calculation;
  readonly picks: readonly Pick[];
  /** Whether the coupon chooses units, so that another coupon should choose others. */
  readonly chooses: boolean;
}

/** What a line bears: `units` of it weigh `net`, of which `limit` can be taken and `amount` is. */
export interface Share {
  readonly lineId: string;
  readonly units: number;
  readonly net: number;
  readonly limit: number;
  readonly amount: number;
}

/** The figures of a plan, in the order in which they follow from each other. */
export interface Figures {
  /** What the calculation starts from: the base of a percentage, the amount of the others, shipping. */
  readonly base: number;
  /** After rounding, before any cut. */
  readonly wanted: number;
  /** The most that could be taken. */
  readonly left: number;
  readonly amount: number;
  readonly shares: readonly Share[];
}

interface Bearing {
  readonly pick: Pick;
  readonly weight: number;
  readonly limit: number;
}

const grossOf = (picks: readonly Pick[]) =>
  picks.reduce((sum, { line, units }) => sum + line.item.unitPrice * units, 0);
const cut = (amount: number, maxAmount: number | null) => (maxAmount === null ? amount : Math.min(amount, maxAmount));

function wantedOf(calculation: Exclude<Calculation, { type: 'SHIPPING' }>, bearings: readonly Bearing[]) {
  const picks = bearings.map(({ pick }) => pick);
  switch (calculation.type) {
    case 'PERCENT': {
      const { percent, rounding } = calculation;
      const initial = calculation.base === 'INITIAL';
      const base = initial ? grossOf(picks) : bearings.reduce((sum, { weight }) => sum + weight, 0);
      return { base, wanted: timesRatio(base, ratioOf(percent), rounding) };
    }
    case 'AMOUNT':
      return { base: calculation.amount, wanted: calculation.amount };
    case 'PER_UNIT': {
      const { amount } = calculation;
      const wanted = picks.reduce((sum, { line, units }) => sum + Math.min(amount, line.item.unitPrice) * units, 0);
      return { base: amount, wanted };
    }
  }
}

/** The figures of a discount on lines: wanted, then cut to `maxAmount`, then to what is left, then spread. */
function onLines(calculation: Exclude<Calculation, { type: 'SHIPPING' }>, picks: readonly Pick[]): Figures {
  const bearings = picks.map((pick): Bearing => {
    const weight = netOf(pick);
    return { pick, weight, limit: limitOf(pick, weight) };
  });
  const { base, wanted } = wantedOf(calculation, bearings);
  const left = bearings.reduce((sum, { limit }) => sum + limit, 0);
  const amounts =
    calculation.type === 'PER_UNIT'
      ? bearings.map(({ pick, limit }) => Math.min(calculation.amount * pick.units, limit))
      : allocate(Math.min(cut(wanted, calculation.maxAmount), left), bearings);
  const shares = bearings.map(({ pick: { line, units }, weight, limit }, i): Share => {
    return { lineId: line.item.lineId, units, net: weight, limit, amount: amounts[i] ?? 0 };
  });
  return { base, wanted, left, amount: amounts.reduce((sum, amount) => sum + amount, 0), shares };
}

/** What a plan comes to on the ledger as it stands. Changes nothing. */
export function calculate({ calculation, picks }: Omit<Plan, 'basis'>, { shipping }: Ledger): Figures {
  if (calculation.type !== 'SHIPPING') return onLines(calculation, picks);
  const amount = cut(shipping, calculation.maxAmount);
  return { base: shipping, wanted: amount, left: shipping, amount, shares: [] };
}
