import type { Refusal } from '../../refusal.js';
import type { Basis, Calculation, Share } from './calculation.js';
import type { Ledger } from './ledger.js';
import type { Applied, Refused } from './stacking.js';

/** Where the figures start from; lines by `lineId`. */
export interface CartStep {
  readonly step: 'CART';
  readonly currency: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly unitPrice: number;
    readonly quantity: number;
    readonly gross: number;
    readonly minimumUnitPrice: number;
  }[];
  readonly shipping: number;
}

/** One discount: why, from which base, and who bears how much of it. */
export interface DiscountStep {
  readonly step: 'DISCOUNT';
  readonly policyId: string;
  readonly policyVersion: number;
  readonly couponId: string | null;
  readonly code: string | null;
  readonly basis: Basis;
  readonly calculation: Calculation;
  readonly chooses: boolean;
  readonly base: number;
  readonly wanted: number;
  readonly left: number;
  readonly amount: number;
  readonly shares: readonly Share[];
}

export interface RefusedStep {
  readonly step: 'REFUSED';
  readonly policyId: string;
  readonly couponId: string | null;
  readonly code: string | null;
  readonly reason: string;
  readonly data: Refusal['data'];
}

export interface TotalStep {
  readonly step: 'TOTAL';
  readonly lines: number;
  readonly shipping: number;
  readonly pointsOffered: number;
  readonly pointsUsed: number;
  readonly total: number;
}

export type BareStep = CartStep | DiscountStep | RefusedStep | TotalStep;
/** A step of the calculation, and the same in words: `text` says every figure of the step. */
export type TraceStep = BareStep & { readonly text: string };

const names: { readonly [Type in Basis['type']]: (basis: Extract<Basis, { type: Type }>) => string } = {
  PERCENTAGE: () => 'percentage',
  FIXED_AMOUNT: () => 'fixed amount',
  FREE_SHIPPING: () => 'free shipping',
  TIERED: ({ from, eligible }) => `tier from ${from}, reached by ${eligible}`,
  BUY_X_GET_Y: ({ buyQuantity, getQuantity, cycles }) => `buy ${buyQuantity} get ${getQuantity}, ${cycles} times`,
};

const atMost = (maxAmount: number | null) => (maxAmount === null ? '' : `, at most ${maxAmount}`);

function sumOf(calculation: Calculation, base: number): string {
  switch (calculation.type) {
    case 'PERCENT': {
      const { percent, rounding, maxAmount } = calculation;
      const kind = calculation.base === 'INITIAL' ? 'gross' : 'net';
      return `${percent} % of ${base} (${kind}) by ${rounding.mode} to ${rounding.unit}${atMost(maxAmount)}`;
    }
    case 'AMOUNT':
      return `${base} once${calculation.amount === base ? '' : ` of ${calculation.amount}`}${atMost(calculation.maxAmount)}`;
    case 'PER_UNIT':
      return `${base} per unit${calculation.amount === base ? '' : ` of ${calculation.amount}`}`;
    case 'SHIPPING':
      return `shipping ${base}${atMost(calculation.maxAmount)}`;
  }
}

function discountText(step: DiscountStep): string {
  const { policyId, policyVersion, code, basis, calculation, base, wanted, left, amount, shares, chooses } = step;
  const name = (names[basis.type] as (basis: Basis) => string)(basis);
  let text = `${code ?? policyId} v${policyVersion}, ${name}: ${sumOf(calculation, base)} = ${wanted}, ${left} left: -${amount}`;
  // Nets and limits follow from the steps before; here stands what is taken of how many units.
  const kind = chooses ? 'chosen of' : 'of';
  for (const share of shares) text += `; -${share.amount} from ${share.units} ${kind} ${share.lineId}`;
  return text;
}

/** The step in words. */
export function textOf(step: BareStep): string {
  switch (step.step) {
    case 'CART': {
      let text = `cart in ${step.currency}`;
      for (const { lineId, unitPrice, quantity, gross, minimumUnitPrice } of step.lines)
        text += `; ${lineId}: ${quantity} × ${unitPrice} = ${gross}, not below ${minimumUnitPrice} each`;
      return `${text}; shipping ${step.shipping}`;
    }
    case 'DISCOUNT':
      return discountText(step);
    case 'REFUSED':
      return `${step.code ?? step.policyId} refused: ${step.reason}`;
    case 'TOTAL': {
      const { lines, shipping, pointsOffered, pointsUsed, total } = step;
      return `lines ${lines} + shipping ${shipping} - points ${pointsUsed} (of ${pointsOffered}) = ${total}`;
    }
  }
}

export function cartStep({ lines, cart }: Ledger): TraceStep {
  const step: CartStep = {
    step: 'CART',
    currency: cart.currency,
    lines: lines.map(({ item: { lineId, unitPrice, quantity, minimumUnitPrice }, gross }) => {
      return { lineId, unitPrice, quantity, gross, minimumUnitPrice };
    }),
    shipping: cart.shipping,
  };
  return Object.assign(step, { text: textOf(step) });
}

export function discountStep({ coupon: { couponId, code, policy }, plan, figures }: Applied): TraceStep {
  const step: DiscountStep = {
    step: 'DISCOUNT',
    policyId: policy.policyId,
    policyVersion: policy.version,
    couponId,
    code,
    basis: plan.basis,
    calculation: plan.calculation,
    chooses: plan.chooses,
    base: figures.base,
    wanted: figures.wanted,
    left: figures.left,
    amount: figures.amount,
    shares: figures.shares,
  };
  return Object.assign(step, { text: textOf(step) });
}

export function refusedStep({
  coupon: { couponId, code, policy },
  refusal: { code: reason, data },
}: Refused): TraceStep {
  const step: RefusedStep = { step: 'REFUSED', policyId: policy.policyId, couponId, code, reason, data };
  return Object.assign(step, { text: textOf(step) });
}

export function totalStep(figures: Omit<TotalStep, 'step'>): TraceStep {
  const step: TotalStep = { step: 'TOTAL', ...figures };
  return Object.assign(step, { text: textOf(step) });
}
