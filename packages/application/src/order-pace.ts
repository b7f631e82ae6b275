/** How much the newest order weighs in the average: the last twenty or so decide. */
const WEIGHT = 0.1;

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
      average = average === null ? ms : average + (ms - average) * WEIGHT;
    },
    estimatedSeconds: () => Math.max(1, Math.ceil((average ?? 0) / 1_000)),
  };
}
