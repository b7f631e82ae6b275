import { inMemoryAdapters } from './memory/index.js';
import { createPoints, type PointsOptions } from './points.js';
import { origin, result } from './promotions.fixtures.js';

/** Points on in-memory adapters, with verbs that read as sentences. */
export function aPointShop(options?: PointsOptions) {
  const adapters = inMemoryAdapters();
  const points = createPoints(adapters, options);
  const move = async (input: Parameters<typeof points.move>[0]['input']) => result(await points.move({ input }));
  const base = { reason: null, orderNumber: null, availableAt: null, expiresAt: null };
  return {
    ...adapters,
    points,
    earn: (userId: string, amount: number, key: string, more: Partial<typeof base | { expiresAt: number }> = {}) =>
      move({ change: 'Earn', userId, points: amount, key, origin, ...base, ...more }),
    use: (userId: string, amount: number, key: string) =>
      move({ change: 'Use', userId, points: amount, key, orderNumber: `order-${key}`, origin }),
    hold: (userId: string, amount: number, key: string, ttlSeconds = 60) =>
      move({ change: 'Hold', userId, points: amount, key, orderNumber: `order-${key}`, ttlSeconds, origin }),
    post: (pointId: string, amount: number | null = null) => move({ change: 'Post', pointId, points: amount, origin }),
    release: (pointId: string) => move({ change: 'Void', pointId, origin }),
    cancel: (pointId: string) => move({ change: 'Cancel', pointId, reason: 'returned', origin }),
    giveBack: (pointId: string, amount: number, key: string) =>
      move({ change: 'Return', pointId, points: amount, key, origin }),
    reverse: (pointId: string, amount: number, key: string) =>
      move({ change: 'Reverse', pointId, points: amount, key, origin }),
  };
}
