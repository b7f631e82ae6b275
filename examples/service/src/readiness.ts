import type { Readiness } from '@org/adapters-http';
import type { CircuitBreaker, CouponQueries } from '@org/application';
import type { ProcessRole } from './roles.js';

const PATIENCE_MS = 2_000;

/**
 * Ready = the database answers within two seconds. Tells what the process is there for, too. Whatever has a breaker can be
 * done without for a while: it is told, and keeps nobody away.
 */
export const readinessOf =
  (
    queries: Pick<CouponQueries, 'now'>,
    roles: ReadonlySet<ProcessRole>,
    breakers: readonly Pick<CircuitBreaker, 'name' | 'status'>[] = [],
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
    const ready = await Promise.race([answers, late]);
    clearTimeout(timer);
    const circuits = Object.fromEntries(breakers.map(({ name, status }) => [name, status]));
    const database = ready ? 'UP' : 'DOWN';
    return { ready, checks: { roles: [...roles], database, ...(breakers.length > 0 && { circuits }) } };
  };
