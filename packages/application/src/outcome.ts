import type { Refusal } from '@org/domain';

/** What became of one item: its value, or the reason why not. */
export type Outcome<Value> =
  | { readonly accepted: true; readonly value: Value }
  | { readonly accepted: false; readonly refusal: Refusal };

export const done = <Value>(value: Value): Outcome<Value> => ({ accepted: true, value });
export const refused = (refusal: Refusal): Outcome<never> => ({ accepted: false, refusal });
