import type { Adapters } from '../../adapters.js';
import { ConflictError } from '../../ports/errors.js';
import { LockBusyError, LockUnavailableError } from '../../ports/lock.js';
import type { Guard } from '../../use-case.js';
import type { IssueInput } from './issue-coupons.js';

/** Shorter than others wait: a holder who has died lets them in. Who takes longer is refused by his fence. */
const TTL_MS = 4_000;

const keyOf = ({ policyId }: Pick<IssueInput, 'policyId'>) => `issue:${policyId}`;

/**
 * One process at a time issues coupons of a campaign: the others wait for the lock instead of for the row, and keep no
 * connection meanwhile. The count stays in the campaign's row, and the fence is looked at in the transaction that
 * writes: a holder who was stopped and goes on too late begins again. Without the keeper of the locks, and for who has
 * waited for others in vain, the lock of the row does.
 */
export const underLock =
  ({ lock, fences }: Pick<Adapters, 'lock' | 'fences'>): Guard<IssueInput> =>
  async (inputs, run) => {
    const keys = [...new Set(inputs.map(keyOf))];
    try {
      return await lock.withLock(keys, TTL_MS, ({ fence }) =>
        run(async tx => {
          if (!(await fences.holds(tx, keys, fence))) throw new ConflictError(`${keys.join(', ')}: the lock went on`);
        }),
      );
    } catch (error) {
      if (error instanceof LockUnavailableError || error instanceof LockBusyError) return run(async () => undefined);
      throw error;
    }
  };
