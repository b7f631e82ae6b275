import type { Readiness } from '@org/adapters-http';
import type { CircuitBreaker, CouponQueries } from '@org/application';
import type { ProcessRole } from './roles.js';

const PATIENCE_MS = 2_000;

export interface ReadinessParts {
  readonly queries: Pick<CouponQueries, 'now'>;
  readonly roles: ReadonlySet<ProcessRole>;
  readonly breakers: readonly Pick<CircuitBreaker, 'name' | 'status'>[];
  /** Null = there is no Redis to ask. */
  readonly redisAnswers: (() => Promise<boolean>) | null;
}

/**
 * Ready = the database answers within two seconds. Tells what the process is there for, too. Without Redis, or another
 * dependency that has a breaker, the service is slower and gives the same answers: that is told, and keeps nobody away.
 */
export const readinessOf =
  ({ queries, roles, breakers, redisAnswers }: ReadinessParts) =>
  async (): Promise<Readiness> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>(resolve => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
    });
    const answers = queries.now().then(
      () => true,
      () => false,
    );
    const [ready, redis] = await Promise.all([Promise.race([answers, late]), redisAnswers?.()]);
    clearTimeout(timer);
    const circuits = Object.fromEntries(breakers.map(({ name, status }) => [name, status]));
    const checks = {
      roles: [...roles],
      database: ready ? 'UP' : 'DOWN',
      ...(redis !== undefined && { redis: redis ? 'UP' : 'DEGRADED' }),
      ...(breakers.length > 0 && { circuits }),
    };
    return { ready, checks };
  };
