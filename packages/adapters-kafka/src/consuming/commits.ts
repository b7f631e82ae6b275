import type { Timer } from '@org/application';
import type { Membership } from '../client/broker.js';
import type { PlaceProgress } from './place-progress.js';

export interface CommitsParts {
  readonly places: readonly PlaceProgress[];
  readonly membership: () => Pick<Membership, 'commit'>;
  readonly timer: Timer;
  readonly backoffMs: number;
  readonly ended: AbortSignal;
  readonly waiting: (error: unknown) => void;
}

/** Writes down how far a member is, one commit at a time: what is done meanwhile goes with the next one. */
export class Commits {
  private isDue = false;
  private underWay: Promise<void> | null = null;

  constructor(private readonly parts: CommitsParts) {}

  soon(): void {
    this.isDue = true;
    this.underWay ??= this.work().finally(() => {
      this.underWay = null;
      if (this.isDue && !this.parts.ended.aborted) this.soon();
    });
  }

  private async work(): Promise<void> {
    const { ended, timer, backoffMs, waiting } = this.parts;
    for (let failures = 0; this.isDue && !ended.aborted; ) {
      this.isDue = false;
      try {
        await this.commit();
        failures = 0;
      } catch (error) {
        this.isDue = true;
        failures++;
        // The first one is what a member sees of every new deal of the parts.
        if (failures > 1) waiting(error);
        await timer.pause(backoffMs * Math.min(2 ** failures, 20), ended);
      }
    }
  }

  private async commit(): Promise<void> {
    const found = this.parts.places.flatMap(place => {
      const position = place.news;
      return position ? [{ place, position }] : [];
    });
    if (found.length === 0) return;
    await this.parts.membership().commit(found.map(({ position }) => position));
    for (const { place, position } of found) place.wasCommitted(position);
  }

  /** One more attempt when everything is over. What it can't write is only done once more by whoever comes next. */
  async last(): Promise<void> {
    await this.underWay;
    await this.commit().catch(() => undefined);
  }
}
