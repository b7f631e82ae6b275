import { ConflictError, OutcomeUnknownError, StoreUnavailableError } from '../ports/errors.js';
import { type DeliveredEvent, failed, type Handled, type Subscription } from '../ports/event-bus.js';
import { oneByOne } from './one-by-one.js';

/** The subscription ends while a batch waits for its next attempt: nothing of it is written down. */
export class Interrupted extends Error {}

/** Waits before the next attempt of what failed so often in a row. @throws Interrupted */
export type Backoff = (failures: number, error: unknown) => Promise<void>;

const kinds = [ConflictError, OutcomeUnknownError, StoreUnavailableError];
/** The event is not to blame, and the next one would fare no better. */
export const isOfInfrastructure = (error: unknown): boolean => kinds.some(kind => error instanceof kind);

const blameless = (results: readonly Handled[]): unknown =>
  results.find(result => result.outcome === 'FAILED' && isOfInfrastructure(result.error));

type Handle = Subscription['handle'];

async function once(handle: Handle, events: readonly DeliveredEvent[]): Promise<readonly Handled[]> {
  const results = await handle(events);
  if (results.length !== events.length)
    throw new Error(`the handler answered ${results.length} results for ${events.length} events`);
  const waiting = blameless(results) as { readonly error: Error } | undefined;
  if (waiting) throw waiting.error;
  return results;
}

/** Waits out the infrastructure, however long it takes. @throws what the handler throws for reasons of its own */
async function untilItCounts(handle: Handle, events: readonly DeliveredEvent[], backoff: Backoff) {
  for (let failures = 1; ; failures++) {
    try {
      return await once(handle, events);
    } catch (error) {
      if (!isOfInfrastructure(error)) throw error;
      await backoff(failures, error);
    }
  }
}

/**
 * What became of each event. A batch that fails as a whole comes once more after a pause, and then its events one by
 * one: so the one that is to blame is found, and only its key has to wait.
 * @param order with `NONE` nothing has to wait
 */
export async function attempt(
  handle: Handle,
  events: readonly DeliveredEvent[],
  backoff: Backoff,
  order: Subscription['order'] = 'KEY',
): Promise<readonly Handled[]> {
  if (events.length > 1) {
    for (let failures = 1; failures <= 2; failures++) {
      try {
        return await untilItCounts(handle, events, backoff);
      } catch (error) {
        if (error instanceof Interrupted) throw error;
        await backoff(failures, null);
      }
    }
  }
  const alone = async (event: DeliveredEvent) => {
    const [result] = await untilItCounts(handle, [event], backoff);
    if (result?.outcome === 'FAILED') throw new Told(result);
  };
  const singly = oneByOne(alone, { order });
  return unwrapped(await singly(events));
}

/** Carries the handler's own result through a function that knows errors only. */
class Told extends Error {
  constructor(readonly result: Handled) {
    super('told by the handler');
  }
}

function unwrapped(results: readonly Handled[]): readonly Handled[] {
  return results.map(result => {
    if (result.outcome === 'DONE') return result;
    if (result.error instanceof Interrupted) throw result.error;
    return result.error instanceof Told ? result.error.result : failed(result.error, result.retryable);
  });
}
