import type { Allocation, OrderFacts, OrderLine, QuotedDiscount, QuotedShipping } from '@org/domain';
import {
  amountOf,
  categoryIds,
  codeOrNull,
  couponId,
  currencyCode,
  instantOf,
  lineId,
  optionId,
  policyId,
  policyVersion,
  productId,
  quantity,
  userId,
} from './fields.js';
import { about, type FieldSchemas, flag, listOf, named, nullable, object, oneOf, text, whole } from './json-schema.js';

const line: FieldSchemas<OrderLine> = {
  lineId,
  productId,
  optionId,
  categoryIds,
  unitPrice: amountOf('Price of one unit', 12_000),
  quantity,
  onSale: flag,
  minimumUnitPrice: amountOf('No unit is sold below it', 0),
  discount: amountOf('Off the line', 3_000),
  net: amountOf('What the line comes to, before points', 21_000),
};
const shipping: FieldSchemas<QuotedShipping> = {
  gross: amountOf('Before discounts', 2_500),
  discount: amountOf('Off', 0),
  net: amountOf('After discounts', 2_500),
};
const allocation: FieldSchemas<Allocation> = { lineId, amount: amountOf('Share of the line', 3_000) };
const discount: FieldSchemas<QuotedDiscount> = {
  policyId,
  policyVersion,
  couponId: nullable(couponId),
  code: codeOrNull,
  amount: amountOf('Off', 3_000),
  allocations: listOf(object(allocation)),
};

/** What was settled when an order was placed. */
export const orderFacts: FieldSchemas<OrderFacts> = {
  userId,
  currency: currencyCode,
  lines: listOf(named('OrderLine', line)),
  channel: nullable(about(text, 'Where it was sold.', 'WEB')),
  segments: listOf(about(text, 'A segment of the buyer.', 'vip')),
  firstOrder: about(flag, "Whether it was the buyer's first."),
  shipping: object(shipping),
  discounts: listOf(named('OrderDiscount', discount)),
  pointsUsed: about(whole(0), 'Points that pay a part.', 0),
  total: amountOf('Money due after coupons and points', 23_500),
  payment: about(oneOf('NONE', 'EXTERNAL'), 'Whether it waits for a payment.'),
  fromCart: about(flag, 'Whether its lines leave the shopping cart when it is completed.', false),
  placedAt: instantOf('When it was placed.', '2026-11-21T01:00:00.000Z'),
  paymentDeadline: nullable(instantOf('Until when it has to be paid, exclusive; null = nothing is to be paid here.')),
  holdUntil: instantOf('When holds end that nobody has resolved.', '2026-11-21T02:00:00.000Z'),
};
