import { type DeliveredEvent, failed, type Handled, handled, type Subscription } from '../ports/event-bus.js';

export interface OneByOneOptions {
  /** Errors that no further attempt would help. Default: none. */
  readonly isFatal?: (error: unknown) => boolean;
  /** That of the subscription. Default `KEY`; with `NONE` every event is tried. */
  readonly order?: Subscription['order'];
}

const behind = failed(new Error('waits behind an event of its key that failed'));

/** A handler of batches out of one of single events: what follows a failed event of its key is not tried, by default. */
export const oneByOne =
  (
    handle: (event: DeliveredEvent) => Promise<unknown>,
    { isFatal = () => false, order = 'KEY' }: OneByOneOptions = {},
  ): Subscription['handle'] =>
  async events => {
    const stopped = new Set<string>();
    const results: Handled[] = [];
    for (const event of events) {
      if (stopped.has(event.key)) {
        results.push(behind);
        continue;
      }
      try {
        await handle(event);
        results.push(handled);
      } catch (error) {
        if (order === 'KEY') stopped.add(event.key);
        results.push(failed(error, !isFatal(error)));
      }
    }
    return results;
  };
