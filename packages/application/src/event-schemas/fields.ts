import type { Money } from '@org/domain';
import { about, type FieldSchemas, named, nullable, schemaWords, text, whole } from './json-schema.js';

/** Fields that mean the same in every event. */

const { callerId, uuid, instant, currency } = schemaWords;

export const at = about(instant, 'When it happened, by the time of the database.', '2026-11-21T01:00:00.000Z');
export const instantOf = (description: string, example = '2026-11-30T15:00:00.000Z') =>
  about(instant, description, example);

export const couponId = about(uuid, 'The coupon.', '0193f2a0-4c1e-7b3a-9d51-2f6f0f6a1c01');
export const policyId = about(uuid, 'The coupon policy.', '0193f2a0-11d2-7c44-8a0e-5b1d7e3f9a02');
export const policyVersion = about(whole(1), 'The version of the terms that the coupon is pinned to.', 1);
export const orderNumber = about(uuid, 'The order.', '0193f2a1-0b7d-7e21-b6c3-91a4c2d8e503');
/** Where the order may be somebody else's. */
export const callersOrderNumber = about(callerId, 'The order that it is for.', '0193f2a1-0b7d-7e21-b6c3-91a4c2d8e503');
export const userId = about(callerId, 'The user.', 'ann');
export const pointId = about(uuid, 'The earning or spending.', '0193f2a2-77aa-7d10-8f3e-6c5b4a392804');
/** Orders name their holds themselves, by a form that no caller's id has. */
export const holdOf = (what: 'stock' | 'coupon', description: string) =>
  about(
    { type: 'string', pattern: `^([A-Za-z0-9._:-]{1,64}|order/[0-9a-f-]{36}/${what}/[0-9]+)$` },
    `${description}: the caller's own key, or \`order/<order number>/${what}/<index>\` of an order.`,
    `order/0193f2a1-0b7d-7e21-b6c3-91a4c2d8e503/${what}/0`,
  );
export const lineId = about(callerId, 'The line of the order.', '1');
export const productId = about(callerId, 'The product.', 'mug');
export const optionId = about(callerId, 'The option of the product.', 'blue');
export const categoryIds = about({ type: 'array', items: callerId }, 'Its categories.', ['kitchen']);
export const currencyCode = about(currency, 'ISO 4217.', 'KRW');
export const code = (description: string, example: string) => about(text, description, example);
export const codeOrNull = nullable(
  code('The code that it was had or asked for with, normalised; null = none.', 'SAVE10'),
);

/** Minor units. */
export const amountOf = (description: string, example: number) =>
  about(whole(0), `${description}, minor units.`, example);
export const pointsOf = (description: string, example = 500) => about(whole(1), description, example);
export const quantity = about(whole(1), 'Units.', 2);

const moneyFields: FieldSchemas<Money> = { amount: amountOf('How much', 12_000), currency: currencyCode };
export const money = named('Money', moneyFields);
