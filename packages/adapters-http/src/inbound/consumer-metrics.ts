import { Gauge, type Registry } from 'prom-client';

/** How far one group of consumers is, in the parts of a broker's topics that this process has. */
export interface ConsumerFigures {
  readonly group: string;
  /** Parts that this process has at the moment. */
  readonly places: number;
  /** Records that have come and are not done. */
  readonly inHand: number;
  /** Records on the broker that are not done. */
  readonly lag: number;
  /** When the oldest one was written that has come and is not done, epoch milliseconds; null = there is none. */
  readonly oldestAt: number | null;
}

interface Shown {
  readonly name: string;
  readonly help: string;
  of(figures: ConsumerFigures, now: number): number;
}

const shown: readonly Shown[] = [
  {
    name: 'consumer_lag_records',
    help: 'Records on the broker that are not done, in the partitions of this process.',
    of: ({ lag }) => lag,
  },
  { name: 'consumer_in_hand_records', help: 'Records that have come and are not done.', of: ({ inHand }) => inHand },
  {
    name: 'consumer_oldest_unacked_seconds',
    help: 'Age of the oldest record that has come and is not done; 0 = none.',
    of: ({ oldestAt }, now) => (oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1_000),
  },
  { name: 'consumer_partitions', help: 'Partitions that this process has.', of: ({ places }) => places },
];

/**
 * Shows how far the consumers of this process are among the figures of `registry`.
 * @param now epoch milliseconds, by which records are dated
 */
export function showConsumers(
  registry: Registry,
  ask: () => readonly ConsumerFigures[],
  now: () => number = Date.now,
): void {
  for (const { name, help, of } of shown) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: ['group'],
      registers: [registry],
      collect() {
        gauge.reset();
        for (const each of ask()) gauge.set({ group: each.group }, of(each, now()));
      },
    });
  }
}
