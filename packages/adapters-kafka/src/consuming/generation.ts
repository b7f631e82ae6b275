import {
  asError,
  type BusNotice,
  type BusSettings,
  type Handled,
  Interrupted,
  type Subscription,
  type Timer,
} from '@org/application';
import {
  type Arrival,
  type Membership,
  nameOf,
  type Place,
  type Position,
  type StoredRecord,
} from '../client/broker.js';
import { Commits } from './commits.js';
import { type Delivery, resultsOf } from './delivery.js';
import type { Graveyard } from './graveyard.js';
import { Lanes } from './lanes.js';
import { PlaceProgress } from './place-progress.js';
import type { Read } from './reading.js';

export interface ConsumingSettings extends BusSettings {
  /** How many batches are handled at a time, of different keys. */
  readonly concurrency: number;
  /** With so many records in hand no more are asked for, apart from those that are on their way. */
  readonly mostInHand: number;
}

export interface GenerationParts {
  readonly subscription: Subscription;
  readonly settings: ConsumingSettings;
  readonly timer: Timer;
  readonly graveyard: Graveyard;
  readonly read: (record: StoredRecord) => Read;
  readonly membership: () => Pick<Membership, 'commit' | 'pause' | 'resume'>;
}

/** From the moment when a member gets its parts until it gives them away: what of them is in hand, and how far it is. */
export class Generation {
  private readonly lanes = new Lanes<Delivery>();
  private readonly places: ReadonlyMap<string, PlaceProgress>;
  private readonly running = new Set<Promise<void>>();
  private readonly draining = new AbortController();
  private readonly paused = new Map<string, Place>();
  private readonly commits: Commits;
  private isAwake = false;

  constructor(
    private readonly parts: GenerationParts,
    positions: readonly Position[],
  ) {
    this.places = new Map(positions.map(position => [nameOf(position), new PlaceProgress(position)]));
    const { timer, settings, membership } = parts;
    this.commits = new Commits({
      ...{ places: [...this.places.values()], membership, timer, backoffMs: settings.backoffMs },
      ended: this.draining.signal,
      waiting: error => this.report('WAITING', error),
    });
  }

  get progress(): readonly PlaceProgress[] {
    return [...this.places.values()];
  }

  private get isOver(): boolean {
    return this.draining.signal.aborted;
  }

  private report(notice: BusNotice['notice'], error: unknown, eventId: string | null = null) {
    const { settings, subscription } = this.parts;
    settings.report({ notice, group: subscription.group, eventId, error: asError(error) });
  }

  arrived({ records, next, end, ...place }: Arrival): void {
    const progress = this.places.get(nameOf(place));
    if (!progress || this.isOver) return;
    for (const record of records) this.begin(progress, record);
    progress.reached(next, end);
    this.commits.soon();
    this.throttle(place);
    this.workSoon();
  }

  /** What came in one answer of the broker comes part by part within this turn: it is handled together. */
  private workSoon(): void {
    if (this.isAwake) return;
    this.isAwake = true;
    setImmediate(() => {
      this.isAwake = false;
      this.work();
    });
  }

  private begin(progress: PlaceProgress, record: StoredRecord): void {
    const { offset, timestamp } = record;
    if (!progress.begin(offset, timestamp)) return;
    const read = this.parts.read(record);
    if (read.kind === 'OTHER') {
      progress.finish(offset);
      return;
    }
    const key = read.kind === 'EVENT' ? read.event.key : read.key;
    const lane = this.parts.subscription.order === 'NONE' ? `${nameOf(record)}/${offset}` : key;
    this.lanes.add(lane, { lane, record, read, progress, failures: progress.failuresOf(offset) });
  }

  /** Asks for no more of a part while too much is in hand. */
  private throttle(place: Place): void {
    const { mostInHand } = this.parts.settings;
    if (this.lanes.size < mostInHand || this.paused.has(nameOf(place))) return;
    this.paused.set(nameOf(place), place);
    this.parts.membership().pause([place]);
  }

  private goOn(): void {
    if (this.paused.size === 0 || this.lanes.size > this.parts.settings.mostInHand / 2) return;
    this.parts.membership().resume([...this.paused.values()]);
    this.paused.clear();
  }

  private work(): void {
    const { settings, subscription } = this.parts;
    while (!this.isOver && this.running.size < settings.concurrency) {
      const batch = this.lanes.take(subscription.maxBatch ?? settings.maxBatch);
      if (batch.length === 0) return;
      const run: Promise<void> = this.run(batch).finally(() => {
        this.running.delete(run);
        this.goOn();
        this.work();
      });
      this.running.add(run);
    }
  }

  private async run(batch: readonly Delivery[]): Promise<void> {
    try {
      await this.settle(batch, await resultsOf(batch, this.parts.subscription, this.backoff));
    } catch (error) {
      // What is interrupted is done by whoever has the part next.
      if (!(error instanceof Interrupted)) {
        this.report('WAITING', error);
        void this.rest([...new Set(batch.map(({ lane }) => lane))]);
      }
    }
    this.commits.soon();
  }

  private readonly backoff = async (failures: number, error: unknown) => {
    if (error) this.report('WAITING', error);
    const { settings, timer } = this.parts;
    if (!this.isOver) await timer.pause(settings.backoffMs * Math.min(2 ** (failures - 1), 50), this.draining.signal);
    if (this.isOver) throw new Interrupted('the part is given away');
  };

  private async settle(batch: readonly Delivery[], results: ReadonlyMap<Delivery, Handled>): Promise<void> {
    const stopped = new Set<string>();
    const done = new Map<string, number>();
    const resting = new Set<string>();
    for (const delivery of batch) {
      const { lane, record, progress } = delivery;
      if (!done.has(lane)) done.set(lane, 0);
      if (stopped.has(lane)) continue;
      const result = results.get(delivery) as Handled;
      if (result.outcome === 'FAILED') {
        stopped.add(lane);
        if (this.isRetried(delivery, result)) {
          resting.add(lane);
          continue;
        }
        await this.bury(delivery, result.error);
      }
      progress.finish(record.offset);
      done.set(lane, (done.get(lane) ?? 0) + 1);
    }
    for (const [lane, count] of done) this.lanes.release(lane, count, resting.has(lane));
    if (resting.size > 0) void this.rest([...resting]);
  }

  private isRetried(delivery: Delivery, { retryable }: Extract<Handled, { outcome: 'FAILED' }>): boolean {
    delivery.failures++;
    delivery.progress.failed(delivery.record.offset, delivery.failures);
    return retryable && delivery.failures <= this.parts.settings.retries;
  }

  private async rest(lanes: readonly string[]): Promise<void> {
    await this.parts.timer.pause(this.parts.settings.retryDelayMs, this.draining.signal);
    if (this.isOver) return;
    for (const lane of lanes) this.lanes.release(lane, 0);
    this.work();
  }

  /** However long it takes: what is not written down as dead is not done. */
  private async bury({ record, read, failures }: Delivery, error: Error): Promise<void> {
    const { graveyard, subscription } = this.parts;
    const dead = { group: subscription.group, record, read, attempts: failures, error };
    for (let tries = 1; ; tries++) {
      try {
        await graveyard.bury(dead);
        break;
      } catch (failure) {
        await this.backoff(tries, failure);
      }
    }
    this.report('DEAD_LETTER', error, read.kind === 'EVENT' ? read.event.id : `${nameOf(record)}/${record.offset}`);
  }

  /** Hands nothing over any more, finishes what is under way and writes down how far it is. */
  async drain(): Promise<void> {
    this.draining.abort();
    await Promise.all(this.running);
    await this.commits.last();
  }
}
