/** After a failure Redis is left alone for so long: nobody else has to wait for what does not answer. */
const REST_MS = 250;
/** Longer than the client waits for one command: a cluster may ask several nodes. */
const PATIENCE_MS = 1_000;

/** Goes the way through Redis as long as it works, and says so at once when it does not. */
export class Breaker {
  private restsUntil = 0;

  /** @param failure what is thrown instead of whatever the driver throws */
  constructor(private readonly failure: (message: string, options?: ErrorOptions) => Error) {}

  get isResting(): boolean {
    return performance.now() < this.restsUntil;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.isResting) throw this.failure('Redis failed a moment ago');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      this.restsUntil = performance.now() + REST_MS;
      throw this.failure(`Redis: ${(error as Error).message}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}
