/** Epoch milliseconds. The core is told the time, it never reads a clock. */
export type Instant = number;
