import type { Percent, Rounding, RoundingMode } from './coupon/policy.js';
import { type Reader, textThat } from './readers.js';

/** `amount` in minor units of `currency` (ISO 4217). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** An exact fraction of two whole numbers. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

const { MAX_SAFE_INTEGER } = Number;

/** Whether `value` can be an amount: whole, not negative, and exact as a number. */
export const isAmount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * A percent as an exact fraction of one: `"12.5"` → 125 / 1000.
 * @throws RangeError if `percent` is no plain decimal.
 */
export function ratioOf(percent: Percent): Ratio {
  const dot = percent.indexOf('.');
  const numerator = Number(dot < 0 ? percent : percent.slice(0, dot) + percent.slice(dot + 1));
  const decimals = dot < 0 ? 0 : percent.length - dot - 1;
  if (!isAmount(numerator) || decimals > 12) throw new RangeError(`"${percent}" is no percent`);
  return { numerator, denominator: 100 * 10 ** decimals };
}

/** Whether what is left over after rounding down makes one step more; `half` compares it with half a step. */
const goesUp: Readonly<Record<RoundingMode, (half: number, rest: boolean, odd: boolean) => boolean>> = {
  UP: (_, rest) => rest,
  DOWN: () => false,
  HALF_UP: half => half >= 0,
  HALF_DOWN: half => half > 0,
  HALF_EVEN: (half, _, odd) => half > 0 || (half === 0 && odd),
};

/**
 * `value × ratio`, rounded once to a multiple of `rounding.unit`. Exact for every safe integer; what would be rounded up
 * beyond the safe ones is the last of them.
 */
export function timesRatio(value: number, ratio: Ratio, { mode, unit }: Rounding): number {
  const product = value * ratio.numerator;
  const step = ratio.denominator * unit;
  if (product <= MAX_SAFE_INTEGER && step <= MAX_SAFE_INTEGER) {
    const down = Math.floor(product / step);
    const rest = product - down * step;
    return Math.min(
      (goesUp[mode](rest - (step - rest), rest > 0, down % 2 === 1) ? down + 1 : down) * unit,
      MAX_SAFE_INTEGER,
    );
  }
  const [exact, wide] = [BigInt(value) * BigInt(ratio.numerator), BigInt(ratio.denominator) * BigInt(unit)];
  const down = exact / wide;
  const rest = exact % wide;
  const up = goesUp[mode](Number(rest - (wide - rest)), rest > 0n, down % 2n === 1n);
  return Math.min(Number((up ? down + 1n : down) * BigInt(unit)), MAX_SAFE_INTEGER);
}

/** The part of `value` that falls on `part` of `whole`, rounded down; exact for every safe integer. */
export function partOf(value: number, part: number, whole: number): number {
  if (part >= whole) return value;
  const product = value * part;
  return product <= MAX_SAFE_INTEGER
    ? Math.floor(product / whole)
    : Number((BigInt(value) * BigInt(part)) / BigInt(whole));
}

/** Decimals of the currencies that do not have two (ISO 4217). */
const decimals: Readonly<Record<string, number>> = {
  ...{ BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0 },
  ...{ VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0 },
  ...{ BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4 },
};

/** Codes of ISO 4217 that no list of the platform has: funds, and units of account. */
const others = ['BOV', 'CHE', 'CHW', 'COU', 'MXV', 'USN', 'VED'];
let currencies: ReadonlySet<string> | undefined;
const isCurrency = (code: string): boolean => {
  currencies ??= new Set([...Intl.supportedValuesOf('currency'), ...Object.keys(decimals), ...others]);
  return currencies.has(code);
};

/** Reads the code of a currency, of today or of former days. */
export const currencyCode: Reader<string> = textThat(isCurrency, 'must be a currency of ISO 4217, in capitals');

/** For people: `3,000 KRW`, `12.50 USD`. */
export function formatMoney(amount: number, currency: string): string {
  const places = decimals[currency] ?? 2;
  const digits = String(amount).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  return places === 0 ? `${whole} ${currency}` : `${whole}.${digits.slice(-places)} ${currency}`;
}
