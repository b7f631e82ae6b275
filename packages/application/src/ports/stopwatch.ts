/** Elapsed time of this process, for how long something may be remembered. It decides no business rule. */
export interface Stopwatch {
  /** Milliseconds since any fixed point; never goes back. */
  elapsed(): number;
}
