import type { GroupLag } from '@org/application';
import { Registry } from 'prom-client';
import { showConsumers } from './consumer-metrics.js';

const busy: GroupLag = { group: 'stock-worker', places: 4, inHand: 30, lag: 200, oldestAt: 8_500 };
const idle: GroupLag = { group: 'point-worker', places: 2, inHand: 0, lag: 0, oldestAt: null };

const linesOf = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter(line => line.startsWith('consumer_'));

describe('the figures of consumers', () => {
  it('are there for each group of this process', async () => {
    const registry = new Registry();
    showConsumers(
      registry,
      () => [busy, idle],
      () => 10_000,
    );
    expect(await linesOf(registry)).toEqual([
      'consumer_lag_records{group="stock-worker"} 200',
      'consumer_lag_records{group="point-worker"} 0',
      'consumer_in_hand_records{group="stock-worker"} 30',
      'consumer_in_hand_records{group="point-worker"} 0',
      'consumer_oldest_unacked_seconds{group="stock-worker"} 1.5',
      'consumer_oldest_unacked_seconds{group="point-worker"} 0',
      'consumer_partitions{group="stock-worker"} 4',
      'consumer_partitions{group="point-worker"} 2',
    ]);
  });

  it('forget a group that is no longer of this process', async () => {
    const registry = new Registry();
    let groups: readonly GroupLag[] = [busy];
    showConsumers(registry, () => groups);
    expect(await linesOf(registry)).toHaveLength(4);
    groups = [];
    expect(await linesOf(registry)).toEqual([]);
  });
});
