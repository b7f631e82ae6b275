import type { Quote, Refusal } from '@org/domain';
import { dataForClients } from '../problem.js';
import { rounding } from './policy-views.js';
import {
  about,
  amount,
  type Body,
  callerId,
  count,
  currency,
  decimal,
  either,
  flag,
  listOf,
  named,
  nullable,
  object,
  oneBy,
  refusalCode,
  refusalData,
  text,
  uuid,
  whole,
  word,
} from './shapes.js';

export const allocation = named('Allocation', object({ lineId: callerId, amount }));
export const shipping = named('Shipping', object({ gross: amount, discount: amount, net: amount }));
export const unitNets = about(
  listOf(amount),
  'One net per unit, minor units; they add up to `net` and differ by at most 1.',
);
const couponId = about(nullable(uuid), 'Null = had by a code.');
const code = nullable(text);

export const discount = named(
  'AppliedDiscount',
  object({
    policyId: uuid,
    policyVersion: whole(1),
    couponId,
    code,
    amount,
    allocations: about(listOf(allocation), 'Which line bears how much; empty for a discount on shipping.'),
  }),
);

const asked = { policyId: uuid, couponId, code };
const hinted = {
  ...asked,
  effect: about(word('APPLIES', 'GIVES_MORE'), 'APPLIES: the coupon is refused now. GIVES_MORE: it applies already.'),
  message: about(text, 'The same for people, in English.'),
};
const hint = oneBy('Hint', 'type', {
  ADD_AMOUNT: ['AddAmountHint', { ...hinted, amount, currency, lineId: callerId }],
  ADD_QUANTITY: ['AddQuantityHint', { ...hinted, quantity: whole(1), lineId: callerId }],
  ADD_PRODUCT: [
    'AddProductHint',
    {
      ...hinted,
      quantity: whole(1),
      products: listOf(callerId),
      categories: listOf(callerId),
      choose: about(word('ANY', 'ALL'), 'One of the products and categories, or one of each.'),
    },
  ],
});

const basis = either(
  object({ type: word('PERCENTAGE', 'FIXED_AMOUNT', 'FREE_SHIPPING') }),
  object({ type: word('TIERED'), from: amount, eligible: amount }),
  object({ type: word('BUY_X_GET_Y'), buyQuantity: whole(1), getQuantity: whole(1), cycles: count }),
);
const maxAmount = nullable(amount);
const calculation = either(
  object({ type: word('PERCENT'), percent: decimal, base: word('INITIAL', 'REMAINING'), rounding, maxAmount }),
  object({ type: word('AMOUNT'), amount, maxAmount }),
  object({ type: word('PER_UNIT'), amount }),
  object({ type: word('SHIPPING'), maxAmount }),
);
const inWords = { text: about(text, 'The same in words.') };
const why = { reason: refusalCode, data: refusalData };

const step = oneBy('TraceStep', 'step', {
  CART: [
    'CartStep',
    {
      currency,
      lines: listOf(
        object({ lineId: callerId, unitPrice: amount, quantity: whole(1), gross: amount, minimumUnitPrice: amount }),
      ),
      shipping: amount,
      ...inWords,
    },
  ],
  DISCOUNT: [
    'DiscountStep',
    {
      ...asked,
      policyVersion: whole(1),
      basis,
      calculation,
      chooses: about(flag, 'Whether it chooses units, so that another coupon chooses others.'),
      base: about(amount, 'What it is worked out from, minor units.'),
      wanted: about(amount, 'After rounding, minor units.'),
      left: about(amount, 'The most that could be taken, minor units.'),
      amount,
      shares: listOf(object({ lineId: callerId, units: count, net: amount, limit: amount, amount })),
      ...inWords,
    },
  ],
  REFUSED: ['RefusedStep', { ...asked, ...why, ...inWords }],
  TOTAL: [
    'TotalStep',
    { lines: amount, shipping: amount, pointsOffered: count, pointsUsed: count, total: amount, ...inWords },
  ],
});

export const quote = named(
  'Quote',
  object({
    currency,
    lines: about(
      listOf(named('QuotedLine', object({ lineId: callerId, gross: amount, discount: amount, net: amount, unitNets }))),
      'In the order of the cart.',
    ),
    shipping,
    discounts: about(listOf(discount), 'In the order in which they were taken.'),
    pointsUsed: count,
    total: amount,
    refused: about(
      listOf(named('RefusedCoupon', object({ couponId: nullable(text), code, ...why }))),
      'What was not applied, and why.',
    ),
    hints: about(listOf(hint), 'What to do so that a coupon applies or gives more.'),
    trace: about(listOf(step), 'How the figures came about.'),
  }),
);

const told = <Step extends object>(of: Step): Step =>
  'data' in of ? { ...of, data: dataForClients(of.data as Refusal['data']) } : of;

export const quoteBody = ({ refused, trace, ...priced }: Quote): Body<typeof quote> => ({
  ...priced,
  refused: refused.map(told),
  trace: trace.map(told),
});
