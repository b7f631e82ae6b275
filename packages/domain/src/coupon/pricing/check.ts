import { unitNets } from '../../allocation.js';
import type { Cart, CartLine } from '../../cart/cart.js';
import { isAmount } from '../../money.js';
import type { Violation } from '../../refusal.js';
import { calculate, type Figures, type Plan } from './calculation.js';
import { messageOf } from './hint.js';
import { book, type Ledger, type LedgerLine, openLedger } from './ledger.js';
import type { Quote } from './quote.js';
import { type CartStep, type DiscountStep, type TraceStep, textOf } from './trace.js';

type Report = (field: string, value: unknown, expected: unknown) => void;

/** Equal as JSON, whatever the order of the keys: stores may sort them. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  );
}

/** Every number in `value` that is no amount: the arithmetic below is only for amounts. */
function numbersIn(value: unknown, field: string): Violation[] {
  if (typeof value === 'number')
    return isAmount(value) ? [] : [{ field, value, message: 'must be whole minor units, 0 or more' }];
  if (Array.isArray(value)) return value.flatMap((item, i) => numbersIn(item, `${field}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => numbersIn(item, `${field}.${key}`));
}

const cartOf = ({ lines, shipping }: CartStep, currency: string): Cart => ({
  currency,
  lines: lines.map(({ lineId, unitPrice, quantity, minimumUnitPrice }): CartLine => {
    return { lineId, unitPrice, quantity, minimumUnitPrice, productId: '', categoryIds: [], onSale: false };
  }),
  ...{ shipping, channel: null, segments: [], firstOrder: false, at: 0 },
});

/** What the basis of a discount claims about its shares. */
function basisHolds({ basis, shares }: DiscountStep, byId: ReadonlyMap<string, LedgerLine>): boolean {
  if (basis.type === 'TIERED') {
    const gross = shares.reduce((sum, { lineId }) => sum + (byId.get(lineId)?.gross ?? 0), 0);
    return gross === basis.eligible && basis.from <= gross;
  }
  if (basis.type !== 'BUY_X_GET_Y') return true;
  return shares.reduce((sum, { units }) => sum + units, 0) === basis.cycles * basis.getQuantity;
}

/** Works the discount out again from the ledger as it stands, compares, and takes it off. */
function replay(step: DiscountStep, ledger: Ledger, byId: ReadonlyMap<string, LedgerLine>, report: Report, at: string) {
  const picks = step.shares.flatMap(({ lineId, units }) => {
    const line = byId.get(lineId);
    return line && units >= 1 && units <= line.item.quantity ? [{ line, units }] : [];
  });
  const isOrdered = step.shares.every(({ lineId }, i) => i === 0 || (step.shares[i - 1]?.lineId ?? '') < lineId);
  if (picks.length < step.shares.length || !isOrdered) {
    report(`${at}.shares`, step.shares, 'units of the cart');
    return;
  }
  if (!basisHolds(step, byId)) report(`${at}.basis`, step.basis, 'what the shares say');
  const plan: Plan = { basis: step.basis, calculation: step.calculation, picks, chooses: step.chooses };
  const figures: Figures = calculate(plan, ledger);
  for (const field of ['base', 'wanted', 'left', 'amount', 'shares'] as const) {
    if (!same(step[field], figures[field])) report(`${at}.${field}`, step[field], figures[field]);
  }
  if (step.calculation.type === 'SHIPPING') ledger.shipping -= figures.amount;
  for (const [i, pick] of picks.entries()) book(pick, figures.shares[i]?.amount ?? 0, step.chooses);
}

function checkDiscounts({ discounts }: Quote, steps: readonly DiscountStep[], report: Report): void {
  const expected = steps.map(({ policyId, policyVersion, couponId, code, amount, shares }) => {
    const allocations = shares.filter(share => share.amount > 0).map(({ lineId, amount }) => ({ lineId, amount }));
    return { policyId, policyVersion, couponId, code, amount, allocations };
  });
  if (discounts.length !== expected.length) report('discounts', discounts.length, expected.length);
  for (const [i, discount] of discounts.entries()) {
    if (!same(discount, expected[i])) report(`discounts[${i}]`, discount, expected[i]);
  }
}

function checkLines({ lines, shipping }: Quote, ledger: Ledger, byId: ReadonlyMap<string, LedgerLine>, report: Report) {
  const ids = new Set(lines.map(({ lineId }) => lineId));
  if (ids.size !== lines.length || lines.length !== byId.size) report('lines', lines.length, byId.size);
  for (const [i, line] of lines.entries()) {
    const entry = byId.get(line.lineId);
    if (!entry) {
      report(`lines[${i}].lineId`, line.lineId, 'a line of the trace');
      continue;
    }
    const { gross, net, item } = entry;
    const expected = { lineId: line.lineId, gross, discount: gross - net, net, unitNets: unitNets(net, item.quantity) };
    if (!same(line, expected)) report(`lines[${i}]`, line, expected);
  }
  const { cart, shipping: left } = ledger;
  const expected = { gross: cart.shipping, discount: cart.shipping - left, net: left };
  if (!same(shipping, expected)) report('shipping', shipping, expected);
}

function checkTotal({ pointsUsed, total, trace }: Quote, ledger: Ledger, report: Report): void {
  const step = trace.at(-1);
  if (step?.step !== 'TOTAL') {
    report('trace', step, 'a TOTAL step at the end');
    return;
  }
  const lines = ledger.lines.reduce((sum, { net }) => sum + net, 0);
  const due = lines + ledger.shipping;
  const used = Math.min(step.pointsOffered, due);
  const expected = { lines, shipping: ledger.shipping, pointsUsed: used, total: due - used };
  for (const [field, value] of Object.entries(expected)) {
    const claimed = step[field as keyof typeof expected];
    if (claimed !== value) report(`trace.TOTAL.${field}`, claimed, value);
  }
  if (pointsUsed !== used) report('pointsUsed', pointsUsed, used);
  if (total !== due - used) report('total', total, due - used);
}

/** Refusals and hints bind nobody, but they say what the trace says. Unknown codes may be refused without a step. */
function checkWords({ trace, refused, hints }: Quote, report: Report): void {
  for (const [i, { text, ...step }] of trace.entries()) {
    const expected = textOf(step as TraceStep);
    if (text !== expected) report(`trace[${i}].text`, text, expected);
  }
  for (const step of trace) {
    if (step.step !== 'REFUSED') continue;
    const { couponId, code, reason, data } = step;
    if (!refused.some(entry => same(entry, { couponId, code, reason, data }))) report('refused', refused, step);
  }
  for (const [i, hint] of hints.entries()) {
    const expected = messageOf(hint, hint.effect);
    if (hint.message !== expected) report(`hints[${i}]`, hint.message, expected);
  }
}

/**
 * Works a quote out again from its trace: every discount from the nets before it, every line, unit, sum and the
 * total. [] = sound; otherwise each figure that does not follow, with what it should be in `message`. Never throws.
 */
export function checkQuote(quote: Quote): Violation[] {
  try {
    return recheck(quote);
  } catch {
    return [{ field: 'trace', value: null, message: 'cannot be worked out' }];
  }
}

function recheck(quote: Quote): Violation[] {
  const { lines, shipping, discounts, pointsUsed, total, trace } = quote;
  const steps = trace.map(step => (step.step === 'REFUSED' ? null : step));
  const broken = numbersIn({ lines, shipping, discounts, pointsUsed, total, trace: steps }, 'quote');
  const [start] = trace;
  if (broken.length > 0) return broken;
  if (start?.step !== 'CART') return [{ field: 'trace[0]', value: start, message: 'must be the CART step' }];
  const violations: Violation[] = [];
  const report: Report = (field, value, expected) => {
    const words = typeof expected === 'string' ? expected : JSON.stringify(expected);
    violations.push({ field, value, message: `must be ${words}` });
  };
  if (start.currency !== quote.currency) report('currency', quote.currency, start.currency);
  const ledger = openLedger(cartOf(start, quote.currency));
  const byId = new Map(ledger.lines.map(line => [line.item.lineId, line]));
  for (const [i, { lineId, gross }] of start.lines.entries()) {
    if (gross !== byId.get(lineId)?.gross) report(`trace[0].lines[${i}].gross`, gross, byId.get(lineId)?.gross);
  }
  for (const [i, step] of trace.entries()) {
    if (step.step === 'DISCOUNT') replay(step, ledger, byId, report, `trace[${i}]`);
  }
  checkDiscounts(
    quote,
    trace.filter(step => step.step === 'DISCOUNT'),
    report,
  );
  checkLines(quote, ledger, byId, report);
  checkTotal(quote, ledger, report);
  checkWords(quote, report);
  return violations;
}
