import type { GroupLag } from '@org/application';
import type { Arrival, Broker, GroupListener, Joining, Membership, Position } from '../client/broker.js';
import { Generation, type GenerationParts } from './generation.js';

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
