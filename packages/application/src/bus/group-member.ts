import { asError } from '../ports/errors.js';
import type { DeliveredEvent, Handled, Subscription } from '../ports/event-bus.js';
import type { EventFeed, FedEvent, FeedCursor } from '../ports/event-feed.js';
import {
  type Aside,
  GROUP_SLICES,
  type GroupProgress,
  type Member,
  type ParkedEvent,
} from '../ports/group-progress.js';
import type { Stopwatch } from '../ports/stopwatch.js';
import type { Timer } from '../ports/timer.js';
import { putAside, type Retrying, settlementsOf } from './aside.js';
import { attempt, Interrupted } from './attempts.js';
import { Holdings, type Part } from './holdings.js';
import { Pages } from './pages.js';
import type { BusNotice, BusSettings } from './settings.js';

export interface BusParts {
  readonly feed: EventFeed;
  readonly progress: GroupProgress;
  readonly stopwatch: Stopwatch;
  readonly timer: Timer;
}

/** Field by field: every event of every group passes here, and a copy of the rest of an object takes its time. */
const delivered = (event: Omit<FedEvent, 'cursor'>, attempts: number): DeliveredEvent => ({
  id: event.id,
  streamId: event.streamId,
  streamVersion: event.streamVersion,
  type: event.type,
  data: event.data,
  key: event.key,
  origin: event.origin,
  recordedAt: event.recordedAt,
  attempt: attempts + 1,
});

/** How many times the shortest rest nobody is woken at most, however long the turn before took. */
const LONGEST_REST = 2;

/** One member of a group at work: reads its slices, hands batches over, one at a time, and writes down how far it is. */
export class GroupMember {
  private readonly stopping = new AbortController();
  private idle = new AbortController();
  private woken = false;
  private failures = 0;
  private dueAt = Number.NEGATIVE_INFINITY;
  private readonly holdings: Holdings;
  private readonly pages: Pages;
  private readonly retrying: Retrying;
  private readonly ended: Promise<unknown>;

  constructor(
    private readonly parts: BusParts,
    private readonly settings: BusSettings,
    private readonly subscription: Subscription,
    private readonly member: Member,
  ) {
    const { order = 'KEY' } = subscription;
    this.retrying = { ...settings, order };
    this.pages = new Pages(parts.feed);
    this.holdings = new Holdings(parts.progress, member, settings.leaseMs, parts.stopwatch);
    this.ended = Promise.all([this.work(), this.stayAlive()]);
  }

  /** Events of these types were committed, here: only a hint. */
  wake(types: ReadonlySet<string>): void {
    if (!this.subscription.types.some(type => types.has(type))) return;
    this.woken = true;
    this.idle.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.idle.abort();
    await this.ended;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private report(notice: BusNotice['notice'], error: unknown, eventId: string | null = null) {
    this.settings.report({ notice, group: this.member.group, eventId, error: asError(error) });
  }

  private async work() {
    let idleMs = this.settings.minIdleMs;
    while (!this.isStopping) {
      this.woken = false;
      const began = this.parts.stopwatch.elapsed();
      const more = await this.safely(() => this.turn());
      if (more === 'MORE') continue;
      idleMs = more === 'NOTHING' ? Math.min(idleMs * 2, this.settings.maxIdleMs) : this.settings.minIdleMs;
      await this.rest(idleMs, this.parts.stopwatch.elapsed() - began);
    }
    await this.pages.end();
    // Whoever comes next would find out by itself, only later.
    await this.holdings.save().catch(error => this.report('WAITING', error));
    await this.parts.progress.leave(this.member).catch(error => this.report('WAITING', error));
  }

  /**
   * Commits wake it, though not each of thousands: those that came within the shortest rest are read together. After a
   * turn that took long that is longer: the busier the machine, the fewer and larger the batches.
   */
  private async rest(idleMs: number, tookMs: number) {
    const { timer } = this.parts;
    const { minIdleMs } = this.settings;
    const shortestMs = Math.min(Math.max(minIdleMs, tookMs), LONGEST_REST * minIdleMs);
    this.idle = new AbortController();
    await timer.pause(shortestMs, this.stopping.signal);
    if (!this.woken && !this.isStopping) await timer.pause(Math.max(idleMs - shortestMs, 0), this.idle.signal);
  }

  /** A long batch must not look like a dead member. */
  private async stayAlive() {
    for (;;) {
      await this.parts.timer.pause(this.holdings.beatMs, this.stopping.signal);
      if (this.isStopping) return;
      await this.holdings.beat().catch(error => this.report('WAITING', error));
    }
  }

  /** The store may fail at any step: then the member starts again from what is written down. */
  private async safely(turn: () => Promise<Turn>): Promise<Turn> {
    try {
      const result = await turn();
      this.failures = 0;
      return result;
    } catch (error) {
      if (error instanceof Interrupted) return 'NOTHING';
      this.holdings.forget();
      this.failures++;
      await this.backoff(this.failures, error).catch(() => undefined);
      return 'MORE';
    }
  }

  private readonly backoff = async (failures: number, error: unknown) => {
    if (error) this.report('WAITING', error);
    const { backoffMs } = this.settings;
    const ms = backoffMs * Math.min(2 ** (failures - 1), 50);
    if (!this.isStopping) await this.parts.timer.pause(ms, this.stopping.signal);
    if (this.isStopping) throw new Interrupted('the subscription ends');
    if (this.holdings.hasLost) throw new Interrupted('somebody else is at it now');
  };

  private async turn(): Promise<Turn> {
    await this.holdings.keep();
    if (this.holdings.size === 0) return 'NOTHING';
    const retried = await this.retryParked();
    const until = await this.parts.feed.now();
    const turns: Turn[] = [retried];
    const parts = this.holdings.parts();
    for (const part of parts)
      if (!this.isStopping && part.cursor !== until) turns.push(await this.page(part, until, parts.length === 1));
    return (['MORE', 'SOMETHING'] as const).find(each => turns.includes(each)) ?? 'NOTHING';
  }

  private async page(part: Part, until: FeedCursor, isOnly: boolean): Promise<Turn> {
    const { types, maxBatch: limit = this.settings.maxBatch } = this.subscription;
    const slices = { indices: part.tenures.map(({ slice }) => slice), of: GROUP_SLICES };
    const question = { after: part.cursor, types, limit, slices, until };
    const { events, next, more, isStale } = await this.pages.read(question, { isOnly });
    if (events.length === 0) this.holdings.move(part, next, false);
    else await this.handOver(part, events, next);
    if (more) return 'MORE';
    return events.length > 0 || isStale ? 'SOMETHING' : 'NOTHING';
  }

  private async handOver(part: Part, events: readonly FedEvent[], next: FeedCursor) {
    const { isAnyBlocked } = this.holdings;
    const isAlone = this.retrying.order === 'NONE';
    const isOpen = ({ key }: FedEvent) => isAlone || !isAnyBlocked || !this.holdings.isBlocked(key);
    const open = events.filter(isOpen);
    const batch = open.map(event => delivered(event, 0));
    const answers = (await this.attempt(batch)).values();
    const results = events.map(event => (isOpen(event) ? (answers.next().value as Handled) : null));
    const aside = putAside(events, results, this.retrying);
    const written = await this.parts.progress.advance(this.member, part.tenures, next, aside);
    this.holdings.drop(part.tenures, written);
    this.holdings.move(part, next, true);
    for (const each of aside) if (written.has(each.slice)) this.note(each);
  }

  private note({ event, status, cause }: Aside) {
    if (status === 'WAITING') this.holdings.block(event.key);
    else this.report('DEAD_LETTER', new Error(cause?.message), event.id);
  }

  private async attempt(batch: readonly DeliveredEvent[]): Promise<readonly Handled[]> {
    return batch.length === 0 ? [] : attempt(this.subscription.handle, batch, this.backoff, this.retrying.order);
  }

  /** Those that wait go together, as they came; those that operators sent once more go one by one. */
  private async retryParked(): Promise<Turn> {
    const { stopwatch, progress } = this.parts;
    if (stopwatch.elapsed() < this.dueAt) return 'NOTHING';
    const { maxBatch = this.settings.maxBatch } = this.subscription;
    const parked = await progress.due(this.member, this.holdings.tenures, maxBatch, this.retrying.order);
    const waiting = parked.filter(({ status }) => status === 'WAITING');
    await this.settle(waiting);
    for (const each of parked) if (each.status === 'REDRIVEN') await this.settle([each]);
    this.dueAt = stopwatch.elapsed() + (parked.length > 0 ? 0 : Math.min(this.settings.retryDelayMs / 2, 1_000));
    return parked.length > 0 ? 'MORE' : 'NOTHING';
  }

  private async settle(parked: readonly ParkedEvent[]) {
    if (parked.length === 0) return;
    const results = await this.attempt(parked.map(({ event, attempts }) => delivered(event, attempts)));
    const settlements = settlementsOf(parked, results, this.retrying);
    const { tenures } = this.holdings;
    const { written, freed } = await this.parts.progress.settle(this.member, tenures, settlements);
    this.holdings.drop(tenures, written);
    for (const key of freed) this.holdings.free(key);
    for (const { parked: each, failure } of settlements)
      if (failure?.status === 'DEAD') this.report('DEAD_LETTER', new Error(failure.cause.message), each.event.id);
      else if (failure?.status === 'FAILED')
        this.report('FAILED_FOR_GOOD', new Error(failure.cause.message), each.event.id);
  }
}

/** Whether the next turn should come at once, after a short rest, or after a long one. */
type Turn = 'MORE' | 'SOMETHING' | 'NOTHING';
