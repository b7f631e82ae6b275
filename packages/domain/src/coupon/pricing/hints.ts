import type { Cart, CartLine } from '../../cart/cart.js';
import { MAX_LINE_QUANTITY } from '../../cart/check-cart.js';
import type { Refusal } from '../../refusal.js';
import { isEligible, missingItems } from '../eligibility.js';
import { eligibleLines } from './attempt.js';
import { type BareHint, follow, type Hint, messageOf, type Place } from './hint.js';
import { type LedgerLine, openLedger } from './ledger.js';
import { sidesOf } from './plans.js';
import type { QuotedCoupon } from './quote.js';
import { type Stacked, stack } from './stacking.js';
import { grossOf } from './threshold.js';
import { cheapestFirst } from './units.js';

type Ask = (coupon: QuotedCoupon, cart: Cart, data: Refusal['data']) => BareHint | null;

const whose = ({ couponId, code, policy }: QuotedCoupon) => ({ policyId: policy.policyId, couponId, code });

const linesOf = ({ policy: { terms } }: QuotedCoupon, cart: Cart): readonly LedgerLine[] =>
  eligibleLines(terms, openLedger(cart));

function addAmount(coupon: QuotedCoupon, cart: Cart, amount: number): BareHint | null {
  const like = linesOf(coupon, cart)[0];
  if (!like) return null;
  const { currency } = cart;
  return { type: 'ADD_AMOUNT', ...whose(coupon), amount, currency, lineId: like.item.lineId };
}

function addQuantity(coupon: QuotedCoupon, lines: readonly LedgerLine[], quantity: number): BareHint | null {
  const line = cheapestFirst(lines).find(
    ({ item }) => item.unitPrice > 0 && item.quantity + quantity <= MAX_LINE_QUANTITY,
  );
  return line ? { type: 'ADD_QUANTITY', ...whose(coupon), quantity, lineId: line.item.lineId } : null;
}

const unknownLine: Omit<CartLine, 'productId' | 'categoryIds'> = {
  ...{ lineId: '', unitPrice: 0, quantity: 1, onSale: false, minimumUnitPrice: 0 },
};

/** Any one of these products or categories would be an eligible line, as far as the policy can tell. */
function addAnyOf(
  coupon: QuotedCoupon,
  quantity: number,
  productIds: readonly string[],
  categoryIds: readonly string[],
): BareHint | null {
  const { conditions } = coupon.policy.terms;
  const products = productIds.filter(productId =>
    isEligible(conditions, { ...unknownLine, productId, categoryIds: [] }),
  );
  const categories = categoryIds.filter(id =>
    isEligible(conditions, { ...unknownLine, productId: '', categoryIds: [id] }),
  );
  if (products.length + categories.length === 0) return null;
  return { type: 'ADD_PRODUCT', ...whose(coupon), quantity, products, categories, choose: 'ANY' };
}

/** What is missing of the next cycle of a BUY_X_GET_Y, of which the buy side is complete. */
function completeCycle(coupon: QuotedCoupon, cart: Cart): BareHint | null {
  const { discount } = coupon.policy.terms;
  if (discount.type !== 'BUY_X_GET_Y') return null;
  const { buyQuantity, getQuantity, getProducts: products, getCategories: categories } = discount;
  const { get, apart, buyUnits, getUnits, allUnits, cycles } = sidesOf(discount, linesOf(coupon, cart));
  const next = cycles + 1;
  if (buyUnits < next * buyQuantity || allUnits - cycles * (buyQuantity + getQuantity) < buyQuantity) return null;
  const quantity = Math.max(next * getQuantity - getUnits, next * (buyQuantity + getQuantity) - allUnits);
  if (get.length === 0 && apart) return addAnyOf(coupon, quantity, products, categories);
  return addQuantity(coupon, get, quantity);
}

function completeBuying(coupon: QuotedCoupon, cart: Cart, missing: number): BareHint | null {
  const { discount } = coupon.policy.terms;
  if (discount.type !== 'BUY_X_GET_Y') return null;
  const { buy, shared, getUnits } = sidesOf(discount, linesOf(coupon, cart));
  const { products, getQuantity } = discount;
  // Units on both sides cannot be bought and got at once.
  const quantity = buy.length > 0 && shared.length === buy.length ? missing + getQuantity : missing;
  if (buy.length > 0) return addQuantity(coupon, buy, quantity);
  return getUnits === 0 ? null : addAnyOf(coupon, quantity, products, []);
}

const moreMoney: Ask = (coupon, cart, { missing }) => addAmount(coupon, cart, missing as number);
const moreUnits: Ask = (coupon, cart, { missing }) => addQuantity(coupon, linesOf(coupon, cart), missing as number);

function addRequired(coupon: QuotedCoupon, cart: Cart): BareHint | null {
  const missing = missingItems(coupon.policy.terms.conditions, cart);
  return missing && { type: 'ADD_PRODUCT', ...whose(coupon), quantity: 1, ...missing, choose: 'ALL' };
}

/** What would lift each refusal, by its code or the cause of NO_EFFECT; what is not here buying more does not lift. */
const asks: Readonly<Record<string, Ask>> = {
  MINIMUM_ORDER_NOT_MET: moreMoney,
  NO_TIER_REACHED: moreMoney,
  MINIMUM_QUANTITY_NOT_MET: moreUnits,
  TOO_FEW_UNITS: moreUnits,
  REQUIRED_ITEM_MISSING: addRequired,
  NO_ELIGIBLE_LINES: (coupon, cart) => {
    const { products, categories } = coupon.policy.terms.conditions;
    // What is required may be the first line that is eligible.
    return addRequired(coupon, cart) ?? addAnyOf(coupon, 1, products.include, categories.include);
  },
  TOO_FEW_BOUGHT: (coupon, cart, { missing }) => completeBuying(coupon, cart, missing as number),
  TOO_FEW_TO_GET: completeCycle,
};

/** What more there is in a coupon that applies already: the next tier, the next cycle. */
function askMore(coupon: QuotedCoupon, cart: Cart): BareHint | null {
  const { discount } = coupon.policy.terms;
  if (discount.type === 'BUY_X_GET_Y') return completeCycle(coupon, cart);
  if (discount.type !== 'TIERED') return null;
  const gross = grossOf(linesOf(coupon, cart));
  const next = Math.min(...discount.tiers.map(({ from }) => from).filter(from => from > gross));
  return Number.isFinite(next) ? addAmount(coupon, cart, next - gross) : null;
}

const reasonOf = ({ code, data }: Refusal) => (code === 'NO_EFFECT' ? String(data.cause) : code);

/** How often an amount is raised. */
const ROUNDS = 8;

/** Every trial prices the cart once more. So many times a coupon may look at a line for all hints of one quote: some tens of milliseconds. */
const MOST_LOOKS = 200_000;

const trialsFor = (cart: Cart, coupons: readonly QuotedCoupon[]): number =>
  Math.floor(MOST_LOOKS / Math.max(1, coupons.length * cart.lines.length));

/** More than `amount`, of which `missing` of the `wanted` is still missing: coupons before take a part of what is added. */
function raised(amount: number, wanted: number, missing: number): number {
  const proportional = missing < wanted ? Math.ceil(amount * (wanted / (wanted - missing))) : 0;
  return Math.max(amount + missing, proportional);
}

type Trial = { readonly gain: number; readonly no: Refusal | null };

/** What the coupon would give more than `now` to a buyer who follows the hint. */
function tryHint(hint: BareHint, place: Place, { coupon, coupons, cart, now, trials }: Case): Trial | null {
  if (trials.left === 0) return null;
  trials.left -= 1;
  const ledger = openLedger(follow(cart, hint, place));
  if (!Number.isSafeInteger(grossOf(ledger.lines) + ledger.shipping)) return null;
  const { applied, refused } = stack(coupons, ledger);
  const amount = applied.find(({ coupon: other }) => other === coupon)?.figures.amount ?? 0;
  return { gain: amount - now, no: refused.find(({ coupon: other }) => other === coupon)?.refusal ?? null };
}

interface Case {
  readonly coupon: QuotedCoupon;
  readonly coupons: readonly QuotedCoupon[];
  readonly cart: Cart;
  readonly now: number;
  /** Of all hints together. */
  readonly trials: { left: number };
}

/** The first way in which the hint does not come true; null = it does. */
function failure(hint: BareHint, situation: Case): Trial | 'TOO_MUCH' | null {
  const places: readonly Place[] = hint.type === 'ADD_QUANTITY' ? ['LAST'] : ['LAST', 'FIRST'];
  for (const place of places) {
    const trial = tryHint(hint, place, situation);
    if (trial === null) return 'TOO_MUCH';
    if (trial.gain <= 0) return trial;
  }
  return null;
}

/** Tries the hint, and raises its amount while that is not enough; null = it would not come true. */
function proven(hint: BareHint, situation: Case): BareHint | null {
  let tried = hint;
  for (let round = 0; round < ROUNDS; round += 1) {
    const failed = failure(tried, situation);
    if (failed === null) return tried;
    if (failed === 'TOO_MUCH' || failed.no?.code !== 'MINIMUM_ORDER_NOT_MET') return null;
    if (hint.type !== 'ADD_AMOUNT' || tried.type !== 'ADD_AMOUNT') return null;
    tried = { ...tried, amount: raised(tried.amount, hint.amount, failed.no.data.missing as number) };
  }
  return null;
}

/**
 * Hints that were tried, in the order of the coupons' turns: first what would apply, then what would give more. Where
 * many coupons meet a large cart, the last of them go without: nobody waits for advice.
 */
export function hintsFor(cart: Cart, coupons: readonly QuotedCoupon[], { applied, refused }: Stacked): Hint[] {
  const hints: Hint[] = [];
  const trials = { left: trialsFor(cart, coupons) };
  const tell = (bare: BareHint | null | undefined, coupon: QuotedCoupon, now: number) => {
    const hint = bare && proven(bare, { coupon, coupons, cart, now, trials });
    if (!hint) return;
    const effect = now === 0 ? 'APPLIES' : 'GIVES_MORE';
    hints.push({ ...hint, effect, message: messageOf(hint, effect) });
  };
  for (const { coupon, refusal } of refused) {
    if (coupon.unusable === undefined) tell(asks[reasonOf(refusal)]?.(coupon, cart, refusal.data), coupon, 0);
  }
  for (const { coupon, figures } of applied) tell(askMore(coupon, cart), coupon, figures.amount);
  return hints;
}
