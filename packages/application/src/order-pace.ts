/** How much the newest order weighs in the average: the last twenty or so decide. */
const WEIGHT = 0.1;
/** One that was stuck for hours tells nothing about the next. */
const LONGEST_MS = 60_000;

/** How long orders take, as this process sees it. */
export interface OrderPace {
  took(ms: number): void;
  /** Whole seconds, at least 1: nobody has to ask again sooner. */
  estimatedSeconds(): number;
}

/** A moving average over the orders that were finished here; nothing is known at the start. */
export function orderPace(): OrderPace {
  let average: number | null = null;
  return {
    took(ms) {
      const counted = Math.min(ms, LONGEST_MS);
      average = average === null ? counted : average + (counted - average) * WEIGHT;
    },
    estimatedSeconds: () => Math.max(1, Math.ceil((average ?? 0) / 1_000)),
  };
}
