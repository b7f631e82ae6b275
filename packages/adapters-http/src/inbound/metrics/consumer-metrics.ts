import type { GroupLag } from '@org/application';
import type { Registry } from 'prom-client';
import { type GroupGauge, showGroups } from './group-gauges.js';

const gaugesAt = (now: () => number): readonly GroupGauge<GroupLag>[] => [
  {
    name: 'consumer_lag_records',
    help: 'Records on the broker that are not done, in the partitions of this process.',
    of: ({ lag }) => lag,
  },
  { name: 'consumer_in_hand_records', help: 'Records that have come and are not done.', of: ({ inHand }) => inHand },
  {
    name: 'consumer_oldest_unacked_seconds',
    help: 'Age of the oldest record that has come and is not done; 0 = none.',
    of: ({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, now() - oldestAt) / 1_000),
  },
  { name: 'consumer_partitions', help: 'Partitions that this process has.', of: ({ places }) => places },
];

/**
 * Shows how far the consumers of this process are among the figures of `registry`.
 * @param now epoch milliseconds, by which records are dated
 */
export const showConsumers = (registry: Registry, ask: () => readonly GroupLag[], now: () => number = Date.now): void =>
  showGroups(registry, gaugesAt(now), ask);
