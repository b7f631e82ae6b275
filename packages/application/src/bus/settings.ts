export interface BusOptions {
  /** How long an idle member waits at most before it looks again; a commit of its own process wakes it. Default 250. */
  readonly maxIdleMs?: number;
  /** How long it waits at least after it found nothing: commits wake it, but not each of thousands. Default 20. */
  readonly minIdleMs?: number;
  /** Most events at once, where a subscription doesn't say. Default 500. */
  readonly maxBatch?: number;
  /** How often a failed event is tried again before it is a dead letter. Default 3. */
  readonly retries?: number;
  /** How long it waits before each of these. Default 2,000. */
  readonly retryDelayMs?: number;
  /** First pause when the infrastructure fails, and when a batch failed as a whole; doubled up to 50 times. Default 100. */
  readonly backoffMs?: number;
  /** A member that was not heard of for so long loses its slices. Default 3,000. */
  readonly leaseMs?: number;
  /** Told of what operators should see. Default: nobody. */
  readonly report?: (notice: BusNotice) => void;
}

/**
 * - `DEAD_LETTER`: an event was given up.
 * - `FAILED_FOR_GOOD`: it came back after its last redrive: somebody has to look.
 * - `WAITING`: the infrastructure fails; the group stands still until it works again.
 */
export interface BusNotice {
  readonly notice: 'DEAD_LETTER' | 'FAILED_FOR_GOOD' | 'WAITING';
  readonly group: string;
  /** null = it is not about one event. */
  readonly eventId: string | null;
  readonly error: Error;
}

export type BusSettings = Required<BusOptions>;

export const busSettings = (options: BusOptions): BusSettings => ({
  maxIdleMs: 250,
  minIdleMs: 20,
  maxBatch: 500,
  retries: 3,
  retryDelayMs: 2_000,
  backoffMs: 100,
  leaseMs: 3_000,
  report: () => undefined,
  ...options,
});
