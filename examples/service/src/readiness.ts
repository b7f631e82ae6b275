import type { Readiness } from '@org/adapters-http';
import type { CircuitBreaker, CouponQueries } from '@org/application';

const PATIENCE_MS = 2_000;

/**
 * Ready = the database answers within two seconds. Whatever has a breaker can be done without for a while: it is told,
 * and keeps nobody away.
 */
export const readinessOf =
  (queries: Pick<CouponQueries, 'now'>, breakers: readonly Pick<CircuitBreaker, 'name' | 'status'>[] = []) =>
  async (): Promise<Readiness> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>(resolve => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
    });
    const answers = queries.now().then(
      () => true,
      () => false,
    );
    const ready = await Promise.race([answers, late]);
    clearTimeout(timer);
    const circuits = Object.fromEntries(breakers.map(({ name, status }) => [name, status]));
    return { ready, checks: { database: ready ? 'UP' : 'DOWN', ...(breakers.length > 0 && { circuits }) } };
  };
