import { type CircuitBreaker, guarded } from '@org/application';

/** Longer than the client waits for one command: a cluster may ask several nodes. */
const PATIENCE_MS = 1_000;

/** What is not answered in time has failed. @throws what `work` throws */
export async function inTime<Result>(work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Goes the way through Redis as long as its circuit lets it, and says so at once when it does not. */
export class Breaker {
  constructor(
    private readonly circuit: Pick<CircuitBreaker, 'enter'>,
    /** What is thrown instead of whatever the driver throws. */
    private readonly failure: (message: string, options?: ErrorOptions) => Error,
  ) {}

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return guarded(
      this.circuit,
      () => inTime(work),
      why => {
        throw this.failure(`Redis: ${(why as Error).message}`, { cause: why });
      },
    );
  }
}
