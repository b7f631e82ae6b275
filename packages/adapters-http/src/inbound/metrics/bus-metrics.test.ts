import type { GroupFigures } from '@org/application';
import { Registry } from 'prom-client';
import { showBus } from './bus-metrics.js';

const stock: GroupFigures = { group: 'stock-worker', lagMs: 1_500, parked: 3, dead: 2, failed: 1 };
const idle: GroupFigures = { group: 'point-worker', lagMs: 0, parked: 0, dead: 0, failed: 0 };

/** A store whose figures are those that the test sets, and a clock that it turns. */
function aBus(first: () => Promise<readonly GroupFigures[]>) {
  const registry = new Registry();
  const bus = { tell: first, asked: 0, now: 0 };
  const ask = () => {
    bus.asked++;
    return bus.tell();
  };
  showBus(registry, ask, { now: () => bus.now, patienceMs: 50 });
  const lines = async () => (await registry.metrics()).split('\n').filter(line => line.startsWith('bus_'));
  return { bus, lines };
}

describe('the figures of the bus', () => {
  it('are there for each group, time in seconds', async () => {
    const { lines } = aBus(async () => [stock, idle]);
    expect(await lines()).toEqual([
      'bus_group_lag_seconds{group="stock-worker"} 1.5',
      'bus_group_lag_seconds{group="point-worker"} 0',
      'bus_group_parked{group="stock-worker"} 3',
      'bus_group_parked{group="point-worker"} 0',
      'bus_group_dead{group="stock-worker"} 2',
      'bus_group_dead{group="point-worker"} 0',
      'bus_group_failed{group="stock-worker"} 1',
      'bus_group_failed{group="point-worker"} 0',
    ]);
  });

  it('cost the store one question for all who look within five seconds', async () => {
    const { bus, lines } = aBus(async () => [stock]);
    await Promise.all([lines(), lines()]);
    bus.now = 4_999;
    await lines();
    expect(bus.asked).toBe(1);
    bus.now = 5_000;
    bus.tell = async () => [{ ...stock, parked: 4 }];
    expect(await lines()).toContain('bus_group_parked{group="stock-worker"} 4');
    expect(bus.asked).toBe(2);
  });

  it('are left out while the store fails, and come back with it; the other figures stay', async () => {
    const { bus, lines } = aBus(async () => [stock]);
    expect(await lines()).toHaveLength(4);
    bus.now += 5_000;
    bus.tell = () => Promise.reject(new Error('gone'));
    expect(await lines()).toEqual([]);
    bus.now += 5_000;
    bus.tell = async () => [idle];
    expect(await lines()).toHaveLength(4);
  });

  it('keep nobody waiting who scrapes while the store does not answer', async () => {
    const { lines } = aBus(() => new Promise(() => undefined));
    expect(await lines()).toEqual([]);
  });
});
