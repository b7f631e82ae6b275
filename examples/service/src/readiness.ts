import type { CouponQueries } from '@org/application';

const PATIENCE_MS = 2_000;

/** Ready = the database answers within two seconds. @throws Error when it doesn't */
export const readinessOf = (queries: Pick<CouponQueries, 'now'>) => async (): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), PATIENCE_MS);
  });
  try {
    await Promise.race([queries.now(), late]);
  } finally {
    clearTimeout(timer);
  }
};
