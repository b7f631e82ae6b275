import type { Readiness } from '@org/adapters-http';
import type { CouponQueries } from '@org/application';
import type { ProcessRole } from './roles.js';

const PATIENCE_MS = 2_000;

/** Ready = the database answers within two seconds. Tells what the process is there for, too. */
export const readinessOf =
  (queries: Pick<CouponQueries, 'now'>, roles: ReadonlySet<ProcessRole>) => async (): Promise<Readiness> => {
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
    return { ready, checks: { roles: [...roles], database: ready ? 'UP' : 'DOWN' } };
  };
