import type { Readiness } from '@org/adapters-http';
import type { CouponQueries } from '@org/application';
import type { ProcessRole } from './roles.js';

const PATIENCE_MS = 2_000;

/**
 * Ready = the database answers within two seconds. Without Redis the service is slower and gives the same answers:
 * that is told, and keeps no request away. Tells what the process is there for, too.
 */
export const readinessOf =
  (
    queries: Pick<CouponQueries, 'now'>,
    roles: ReadonlySet<ProcessRole>,
    redisAnswers: (() => Promise<boolean>) | null = null,
  ) =>
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
    const checks = {
      roles: [...roles],
      database: ready ? 'UP' : 'DOWN',
      ...(redis !== undefined && { redis: redis ? 'UP' : 'DEGRADED' }),
    };
    return { ready, checks };
  };
