import { refusal } from '../../refusal.js';
import { has, type PricingRefusal } from '../eligibility.js';
import type { Discount, PolicyTerms } from '../policy.js';
import type { NoEffectCause } from '../refusal-codes.js';
import type { Calculation, Plan } from './calculation.js';
import type { LedgerLine } from './ledger.js';
import { grossOf, unitsOf } from './threshold.js';
import { cheapestFirst, choosesUnits, chooseUnits, dearestFirst, takeInOrder, unitsNeeded } from './units.js';

/** What a discount would do to the eligible lines of a policy, or why it does nothing. */
export type Planned = { readonly plan: Plan } | { readonly no: PricingRefusal };
type Planner<Type extends Discount['type']> = (
  discount: Extract<Discount, { type: Type }>,
  terms: PolicyTerms,
  eligible: readonly LedgerLine[],
) => Planned;

/** A discount that comes to nothing, with what would have to be there first (pricing rule 10). */
const nothing = (cause: NoEffectCause, data: Readonly<Record<string, number>>): Planned => ({
  no: refusal('NO_EFFECT', { cause, ...data }),
});

const all = (eligible: readonly LedgerLine[]) => eligible.map(line => ({ line, units: line.item.quantity }));

/** A discount with a selection of units (pricing rule 8). */
function onUnits(
  discount: Extract<Discount, { type: 'PERCENTAGE' | 'FIXED_AMOUNT' }>,
  calculation: Calculation,
  eligible: readonly LedgerLine[],
): Planned {
  const picks = chooseUnits(eligible, discount);
  if (picks.length === 0) {
    const [minimum, actual] = [unitsNeeded(discount), unitsOf(eligible)];
    return nothing('TOO_FEW_UNITS', { minimum, actual, missing: minimum - actual });
  }
  return { plan: { basis: { type: discount.type }, calculation, picks, chooses: choosesUnits(discount) } };
}

const percentage: Planner<'PERCENTAGE'> = (discount, { stacking }, eligible) => {
  const { percent, rounding, maxAmount } = discount;
  return onUnits(discount, { type: 'PERCENT', percent, base: stacking.percentBase, rounding, maxAmount }, eligible);
};

const fixedAmount: Planner<'FIXED_AMOUNT'> = (discount, _, eligible) => {
  const { amount, allocation } = discount;
  const once = allocation === 'ACROSS';
  return onUnits(discount, once ? { type: 'AMOUNT', amount, maxAmount: null } : { type: 'PER_UNIT', amount }, eligible);
};

const tiered: Planner<'TIERED'> = ({ tiers, maxAmount, rounding }, { stacking }, eligible) => {
  const gross = grossOf(eligible);
  const reached = tiers.filter(({ from }) => from <= gross);
  if (reached.length === 0) {
    const minimum = Math.min(...tiers.map(({ from }) => from));
    return nothing('NO_TIER_REACHED', { minimum, actual: gross, missing: minimum - gross });
  }
  const tier = reached.reduce((best, next) => (next.from > best.from ? next : best));
  const calculation: Calculation =
    'amount' in tier
      ? { type: 'AMOUNT', amount: tier.amount, maxAmount }
      : { type: 'PERCENT', percent: tier.percent, base: stacking.percentBase, rounding, maxAmount };
  const basis = { type: 'TIERED', from: tier.from, eligible: gross } as const;
  return { plan: { basis, calculation, picks: all(eligible), chooses: false } };
};

/** The lines of either side of a BUY_X_GET_Y, and how many cycles they make. */
export function sidesOf(discount: Extract<Discount, { type: 'BUY_X_GET_Y' }>, eligible: readonly LedgerLine[]) {
  const { products, getProducts, getCategories, buyQuantity, getQuantity } = discount;
  const buy = products.length === 0 ? eligible : eligible.filter(({ item }) => has(products, item.productId));
  const apart = getProducts.length > 0 || getCategories.length > 0;
  const isGot = ({ item }: LedgerLine) =>
    has(getProducts, item.productId) || item.categoryIds.some(id => has(getCategories, id));
  const get = apart ? eligible.filter(isGot) : buy;
  const isBought = new Set(buy);
  const shared = apart ? get.filter(line => isBought.has(line)) : buy;
  const [buyUnits, getUnits] = [unitsOf(buy), unitsOf(get)];
  const allUnits = buyUnits + getUnits - unitsOf(shared);
  const cycles = Math.min(
    Math.floor(buyUnits / buyQuantity),
    Math.floor(getUnits / getQuantity),
    Math.floor(allUnits / (buyQuantity + getQuantity)),
  );
  return { buy, get, shared, apart, buyUnits, getUnits, allUnits, cycles };
}

const buyXGetY: Planner<'BUY_X_GET_Y'> = (discount, { stacking }, eligible) => {
  const { buyQuantity, getQuantity, percentOff, rounding, maxAmount, getOrder } = discount;
  const { get, shared, buyUnits, getUnits, allUnits, cycles } = sidesOf(discount, eligible);
  if (cycles === 0) {
    const missing = buyQuantity - buyUnits;
    if (missing > 0) return nothing('TOO_FEW_BOUGHT', { buyQuantity, getQuantity, actual: buyUnits, missing });
    const actual = Math.min(getUnits, allUnits - buyQuantity);
    return nothing('TOO_FEW_TO_GET', { buyQuantity, getQuantity, actual, missing: getQuantity - actual });
  }
  const order = getOrder === 'CHEAPEST' ? cheapestFirst(get) : dearestFirst(get);
  // What the buy side needs of the units that are on both sides cannot be got.
  const needed = Math.max(0, cycles * buyQuantity - (buyUnits - unitsOf(shared)));
  const picks = takeInOrder(order, cycles * getQuantity, shared, unitsOf(shared) - needed);
  const calculation = {
    type: 'PERCENT',
    percent: percentOff,
    base: stacking.percentBase,
    rounding,
    maxAmount,
  } as const;
  return {
    plan: { basis: { type: 'BUY_X_GET_Y', buyQuantity, getQuantity, cycles }, calculation, picks, chooses: true },
  };
};

const freeShipping: Planner<'FREE_SHIPPING'> = ({ maxAmount }) => ({
  plan: {
    basis: { type: 'FREE_SHIPPING' },
    calculation: { type: 'SHIPPING', maxAmount },
    picks: [],
    chooses: false,
  },
});

const planners: { readonly [Type in Discount['type']]: Planner<Type> } = {
  PERCENTAGE: percentage,
  FIXED_AMOUNT: fixedAmount,
  TIERED: tiered,
  BUY_X_GET_Y: buyXGetY,
  FREE_SHIPPING: freeShipping,
};

/** The plan of a policy on its eligible lines (pricing rules 3 to 8). */
export function planOf(terms: PolicyTerms, eligible: readonly LedgerLine[]): Planned {
  const planner = planners[terms.discount.type] as Planner<Discount['type']>;
  return planner(terms.discount as never, terms, eligible);
}
