import type { Stopwatch } from '../ports/stopwatch.js';
import { admit, type Circuit, type CircuitSettings, judge, newCircuit } from './circuit.js';

export type CircuitStatus = Circuit['status'];

/** Nobody is let through for now: the dependency failed too often. */
export class CircuitOpenError extends Error {
  readonly code = 'CIRCUIT_OPEN';
  override readonly name = 'CircuitOpenError';

  constructor(
    dependency: string,
    /** When it is worth asking again, ms from now. */
    readonly retryAfterMs: number,
  ) {
    super(`${dependency} failed too often; asked again in ${Math.ceil(retryAfterMs)} ms`);
  }
}

/** What a breaker tells of itself, as plain JSON. */
export interface CircuitFigures {
  readonly status: CircuitStatus;
  /** Calls since the start of the process, by what became of them; those that were not let through are `rejected`. */
  readonly succeeded: number;
  readonly failed: number;
  readonly rejected: number;
}

export interface BreakerOptions extends CircuitSettings {
  /** The dependency, as it is called in figures and messages. */
  readonly name: string;
  readonly stopwatch: Stopwatch;
  /** Told of every change of the status. Default: nobody. Must not throw. */
  readonly changed?: (status: CircuitStatus, name: string) => void;
}

/**
 * Keeps callers from a dependency that fails, so that they don't wait for it and it can come to itself. Each process
 * has its own opinion. Nothing is timed but by the stopwatch that is handed in, and no timer runs.
 */
export class CircuitBreaker {
  readonly name: string;
  private circuit = newCircuit;
  private readonly counts = { succeeded: 0, failed: 0, rejected: 0 };

  constructor(private readonly options: BreakerOptions) {
    this.name = options.name;
  }

  get figures(): CircuitFigures {
    return { status: this.status, ...this.counts };
  }

  /** An open circuit whose time is over still says so until somebody comes. */
  get status(): CircuitStatus {
    return this.circuit.status;
  }

  /** Asks to be let through. @throws CircuitOpenError when nobody is; else answers what takes the outcome, once */
  enter(): (failed: boolean) => void {
    const { stopwatch } = this.options;
    const now = stopwatch.elapsed();
    const next = admit(this.circuit, now, this.options);
    if (!next) {
      this.counts.rejected++;
      throw new CircuitOpenError(this.name, this.waitFrom(now));
    }
    this.become(next);
    const { period } = next;
    let isOver = false;
    return failed => {
      if (isOver) return;
      isOver = true;
      this.counts[failed ? 'failed' : 'succeeded']++;
      this.become(judge(this.circuit, { period, failed }, stopwatch.elapsed(), this.options));
    };
  }

  private waitFrom(now: number) {
    const { circuit } = this;
    if (circuit.status === 'OPEN') return circuit.until - now;
    return circuit.status === 'HALF_OPEN' ? circuit.since + this.options.openMs - now : 0;
  }

  private become(next: Circuit) {
    const before = this.circuit.status;
    this.circuit = next;
    if (next.status !== before) this.options.changed?.(next.status, this.name);
  }
}

export interface GuardedOptions {
  /** Whether an error is the fault of the dependency; one that is not counts as an answer, and is thrown. Default: all are. */
  readonly isFault?: (error: unknown) => boolean;
}

/**
 * Calls a dependency unless it fails too often; where it can't be asked, `fallback` stands in.
 * @param fallback told why: the fault itself, or a `CircuitOpenError`. What it throws is thrown
 * @throws an error of `call` that is no fault of the dependency
 */
export async function guarded<Result>(
  breaker: Pick<CircuitBreaker, 'enter'>,
  call: () => Promise<Result>,
  fallback: (why: unknown) => Promise<Result> | Result,
  { isFault = () => true }: GuardedOptions = {},
): Promise<Result> {
  let leave: (failed: boolean) => void;
  try {
    leave = breaker.enter();
  } catch (why) {
    return fallback(why);
  }
  try {
    const result = await call();
    leave(false);
    return result;
  } catch (error) {
    const isOurs = !isFault(error);
    leave(!isOurs);
    if (isOurs) throw error;
    return fallback(error);
  }
}
