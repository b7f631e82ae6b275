import type { FeedCursor } from '../ports/event-feed.js';
import type { GroupProgress, Member, Tenancy, Tenure } from '../ports/group-progress.js';
import type { Stopwatch } from '../ports/stopwatch.js';
import { sliceOf } from './aside.js';

interface Held extends Tenure {
  cursor: FeedCursor | null;
  /** What the store knows of it; an empty stretch of the feed is not written down at once. */
  saved: FeedCursor | null;
  readonly blocked: Set<string>;
}

/** Slices that are at the same place, and so are read together. */
export interface Part {
  readonly cursor: FeedCursor | null;
  readonly tenures: readonly Tenure[];
}

/** The slices of one member, as far as it knows. Taken and lost at its own pace: never while a batch is under way. */
export class Holdings {
  private readonly held = new Map<number, Held>();
  private told: Tenancy | null = null;
  private beatAt = Number.NEGATIVE_INFINITY;
  private beating: Promise<void> | null = null;

  constructor(
    private readonly progress: GroupProgress,
    private readonly member: Member,
    private readonly leaseMs: number,
    private readonly stopwatch: Stopwatch,
  ) {}

  get size(): number {
    return this.held.size;
  }

  get tenures(): readonly Tenure[] {
    return [...this.held.values()].map(({ slice, fence }) => ({ slice, fence }));
  }

  /** How soon after the last beat the next one is due, milliseconds. */
  get beatMs(): number {
    return this.leaseMs / 3;
  }

  /** May run while a batch is handled; what it learns counts from the next `keep` on. Two at once are one. */
  beat(): Promise<void> {
    this.beating ??= this.tell().finally(() => {
      this.beating = null;
    });
    return this.beating;
  }

  private async tell(): Promise<void> {
    const at = this.stopwatch.elapsed();
    this.told = await this.progress.beat(this.member, this.leaseMs);
    this.beatAt = at;
  }

  /**
   * Between two batches: takes over what has changed and gives back what is too much. Beats only if it is high time:
   * whoever beats beside the batches does so in time, mostly.
   */
  async keep(): Promise<void> {
    if (this.stopwatch.elapsed() - this.beatAt >= 1.5 * this.beatMs) await this.beat();
    const { told } = this;
    if (!told) return;
    const mine = new Map(told.tenures.map(tenure => [tenure.slice, tenure]));
    for (const { slice, fence } of this.held.values()) if (mine.get(slice)?.fence !== fence) this.held.delete(slice);
    const surplus = told.tenures.slice(told.share);
    const fresh = told.tenures.slice(0, told.share).filter(({ slice }) => !this.held.has(slice));
    if (surplus.length > 0) await this.giveBack(surplus);
    if (fresh.length > 0)
      for (const { blocked, cursor, ...state } of await this.progress.load(this.member, fresh))
        this.held.set(state.slice, { ...state, cursor, saved: cursor, blocked: new Set(blocked) });
    this.told = null;
    if (surplus.length === 0) await this.save();
  }

  private async giveBack(surplus: readonly Tenure[]) {
    await this.save();
    for (const { slice } of surplus) this.held.delete(slice);
    await this.progress.release(this.member, surplus);
  }

  /** Slices by their place. */
  parts(): readonly Part[] {
    const parts = new Map<FeedCursor | null, Tenure[]>();
    for (const { slice, fence, cursor } of this.held.values())
      parts.set(cursor, [...(parts.get(cursor) ?? []), { slice, fence }]);
    return [...parts].map(([cursor, tenures]) => ({ cursor, tenures }));
  }

  /** @param saved whether the store knows it too */
  move({ tenures }: Pick<Part, 'tenures'>, cursor: FeedCursor, saved: boolean): void {
    for (const { slice, fence } of tenures) {
      const held = this.held.get(slice);
      if (held?.fence !== fence) continue;
      held.cursor = cursor;
      if (saved) held.saved = cursor;
    }
  }

  /** Whether the last beat told that somebody else has got a slice of this batch. */
  get hasLost(): boolean {
    const { told } = this;
    const isMine = ({ slice, fence }: Tenure) => told?.tenures.some(own => own.slice === slice && own.fence === fence);
    return told !== null && !this.tenures.every(isMine);
  }

  /** What somebody else has got meanwhile. */
  drop(tenures: readonly Tenure[], written: ReadonlySet<number>): void {
    for (const { slice } of tenures) if (!written.has(slice)) this.held.delete(slice);
  }

  /** What is known of places may be ahead of a store that has failed: it is asked anew. */
  forget(): void {
    this.held.clear();
    this.beatAt = Number.NEGATIVE_INFINITY;
  }

  /** Whether any key is: mostly none, and then nobody has to ask for each. */
  get isAnyBlocked(): boolean {
    for (const { blocked } of this.held.values()) if (blocked.size > 0) return true;
    return false;
  }

  isBlocked(key: string): boolean {
    return this.held.get(sliceOf(key))?.blocked.has(key) ?? false;
  }

  block(key: string): void {
    this.held.get(sliceOf(key))?.blocked.add(key);
  }

  free(key: string): void {
    this.held.get(sliceOf(key))?.blocked.delete(key);
  }

  /** Writes down places that have moved without an event. */
  async save(): Promise<void> {
    for (const { cursor, tenures } of this.parts()) {
      const moved = tenures.filter(({ slice }) => this.held.get(slice)?.saved !== cursor);
      if (cursor === null || moved.length === 0) continue;
      const written = await this.progress.advance(this.member, moved, cursor, []);
      this.drop(moved, written);
      this.move({ tenures: moved }, cursor, true);
    }
  }
}
