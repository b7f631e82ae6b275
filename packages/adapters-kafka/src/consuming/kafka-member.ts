import type { Arrival, Broker, GroupListener, Joining, Membership, Position } from '../client/broker.js';
import { Generation, type GenerationParts } from './generation.js';

/** How far the subscription of one process is. */
export interface GroupLag {
  readonly group: string;
  /** Parts that this process has at the moment. */
  readonly places: number;
  /** Records that have come and are not done, or wait for one before them. */
  readonly inHand: number;
  /** Records on the broker that are not done, in the parts of this process. */
  readonly lag: number;
  /** When the oldest one was written that is in hand and not done, epoch milliseconds; null = there is none. */
  readonly oldestAt: number | null;
}

/** One subscription as a member of its group. */
export class KafkaMember implements GroupListener {
  private current: Generation | null = null;
  private membership: Membership | null = null;
  private isStopping = false;

  constructor(private readonly parts: Omit<GenerationParts, 'membership'>) {}

  async join(broker: Broker, joining: Joining): Promise<void> {
    this.membership = await broker.join(joining, this);
  }

  assigned(positions: readonly Position[]): void {
    if (this.isStopping) return;
    this.current = new Generation({ ...this.parts, membership: () => this.membership as Membership }, positions);
  }

  async revoked(): Promise<void> {
    const { current } = this;
    await current?.drain();
    if (this.current === current) this.current = null;
  }

  arrived(arrival: Arrival): void {
    this.current?.arrived(arrival);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.revoked();
    await this.membership?.leave();
  }

  figures(): GroupLag {
    const progress = this.current?.progress ?? [];
    const oldest = progress.flatMap(place => place.oldest ?? []);
    return {
      group: this.parts.subscription.group,
      places: progress.length,
      inHand: progress.reduce((sum, place) => sum + place.inHand, 0),
      lag: progress.reduce((sum, place) => sum + place.lag, 0),
      oldestAt: oldest.length > 0 ? Math.min(...oldest) : null,
    };
  }
}
