import { attempt, type DeliveredEvent, failed, type Handled, type Subscription } from '@org/application';
import type { StoredRecord } from '../client/broker.js';
import type { PlaceProgress } from './place-progress.js';
import type { Read } from './reading.js';
import { UnreadableRecordError } from './unreadable.js';

/** A record in hand, on its way through its lane. */
export interface Delivery {
  readonly lane: string;
  readonly record: StoredRecord;
  readonly read: Exclude<Read, { kind: 'OTHER' }>;
  readonly progress: PlaceProgress;
  failures: number;
}

/** Results of those that were handed over, and of what is no event: nothing that follows one of its lane is handed over. */
export const resultsOf = async (
  batch: readonly Delivery[],
  { handle, order }: Subscription,
  backoff: (failures: number, error: unknown) => Promise<void>,
): Promise<ReadonlyMap<Delivery, Handled>> => {
  const flawed = new Set<string>();
  const results = new Map<Delivery, Handled>();
  const open: Delivery[] = [];
  const events: DeliveredEvent[] = [];
  for (const delivery of batch) {
    const { read, lane, failures } = delivery;
    if (flawed.has(lane)) continue;
    if (read.kind === 'EVENT') {
      open.push(delivery);
      events.push({ ...read.event, attempt: failures + 1 });
    } else {
      flawed.add(lane);
      results.set(delivery, failed(new UnreadableRecordError(read.cause), false));
    }
  }
  const answers = events.length > 0 ? await attempt(handle, events, backoff, order) : [];
  for (const [i, delivery] of open.entries()) results.set(delivery, answers[i] as Handled);
  return results;
};
