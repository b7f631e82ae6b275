/**
 * An expected "no": a stable code of the public contract, and the data that explains it.
 * Amounts in `data` are minor units, instants are epoch milliseconds.
 */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly data: Readonly<Record<string, unknown>>;
}

export const refusal = <Code extends string>(code: Code, data: Readonly<Record<string, unknown>> = {}) => ({
  code,
  data,
});

/** One field that makes no sense, with the value that was given: `discount.percent`, `"150"`, `must be at most 100`. */
export interface Violation {
  readonly field: string;
  readonly value: unknown;
  readonly message: string;
}

/** A value, or every reason why there is none. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly violations: readonly Violation[] };
