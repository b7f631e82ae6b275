import type { Adapters } from './adapters.js';
import type { Outcome } from './outcome.js';
import { type Door, door, withoutDoing } from './use-case.js';

/**
 * The front door of work that makes transactions of its own and does no harm when it is done twice: who repeats it under
 * its key gets the answer of the first time. Nothing is held open while it runs, so two at a time both run, and both
 * get one answer, or the second is told that the first is under way.
 */
export function runOnce<Value>(
  adapters: Pick<Adapters, 'unitOfWork' | 'idempotency'>,
): Door<() => Promise<Outcome<Value>>, Value> {
  const { unitOfWork, idempotency } = adapters;
  const keep = door<Outcome<Value>, Outcome<Value>>(adapters, async (_, results) => results, { together: false });
  return async ({ input: work, once }) => {
    if (!once) return { kind: 'DONE', result: await work() };
    const [claim] = await unitOfWork.run(tx => idempotency.claim(tx, [once.request]));
    return withoutDoing(claim) ?? keep({ input: await work(), once });
  };
}
