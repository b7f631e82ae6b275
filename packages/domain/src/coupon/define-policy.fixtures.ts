import { FIRST_INSTANT } from '../time.js';
import { definePolicy, type PolicyDraft } from './define-policy.js';
import type { PolicyTerms } from './policy.js';

export const percentage = { type: 'PERCENTAGE', percent: '10' };
export const fixedAmount = { type: 'FIXED_AMOUNT', amount: 3000 };
export const freeShipping = { type: 'FREE_SHIPPING' };
export const buyTwoGetOne = { type: 'BUY_X_GET_Y', buyQuantity: 2, getQuantity: 1 };
export const tiered = (...tiers: unknown[]) => ({ type: 'TIERED', tiers });

/** The least that a policy needs, and more; drafts of the tests are what callers without types may send. */
export const aDraft = (fields: object = {}) =>
  ({ name: 'Friday rush', currency: 'KRW', discount: percentage, issuance: ['FIRST_COME'], ...fields }) as PolicyDraft;

export const fieldsRefused = (draft: unknown): string[] => {
  const checked = definePolicy(draft as PolicyDraft);
  return checked.ok ? [] : checked.violations.map(violation => violation.field);
};

export const defined = (draft: PolicyDraft): PolicyTerms => {
  const checked = definePolicy(draft);
  if (!checked.ok) throw new Error(JSON.stringify(checked.violations));
  return checked.value;
};

type Bag = Record<string, unknown>;
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;

/** A copy of `into` with `value` at a path like `discount.tiers[1].from`; what is missing on the way is made. */
function put(into: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const copy: Bag = Array.isArray(into) ? Object.assign([] as unknown as Bag, into) : { ...(isBag(into) ? into : {}) };
  copy[name] = rest.length === 0 ? value : put(copy[name], rest, value);
  return copy;
}
const draftWith = (field: string, value: unknown, around: object) =>
  put(aDraft(around), field.split(/[.[\]]+/).filter(Boolean), value);

/** The field, values refused there, values accepted there, and the draft around it. */
export type Boundary = [field: string, refused: unknown[], accepted: unknown[], around?: object];

/** Says where the edge runs: nothing wrong on one side, the field blamed for every value on the other. */
export function expectBoundary([field, refused, accepted, around = {}]: Boundary) {
  expect(refused.length).toBeGreaterThan(0);
  for (const value of refused) {
    const fields = fieldsRefused(draftWith(field, value, around));
    expect({ value, fields: fields.map(name => (name.startsWith(`${field}[`) ? field : name)) }).toEqual({
      value,
      fields: expect.arrayContaining([field]),
    });
  }
  for (const value of accepted)
    expect({ value, fields: fieldsRefused(draftWith(field, value, around)) }).toEqual({ value, fields: [] });
}

const notANumber = ['1', Number.NaN, Number.POSITIVE_INFINITY, JSON.parse('1e400'), -0, true, {}, []];
export const notACount = [0, -1, 1.5, 2 ** 31, ...notANumber];
export const notAnAmount = [0, -1, 0.5, 2 ** 53, 3000n, ...notANumber];
export const notAnInstant = [FIRST_INSTANT - 1, 0.5, '2026-11-21T00:00:00Z', new Date(0), 253_402_300_800_000];
const oddPercents = ['1e1', ' 10', '+5', '10.', '.5', '٣', '010', '1.23456', '', 10, '10%', '10\n'];
export const notAPercent = ['0', '0.0', '-1', '100.0001', '101', ...oddPercents];
