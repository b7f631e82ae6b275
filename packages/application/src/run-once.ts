import type { Adapters } from './adapters.js';
import type { Outcome } from './outcome.js';
import { type Door, door, withoutDoing } from './use-case.js';

/**
 * The front door of work that makes transactions of its own and does no harm when it is done twice: who repeats it under
 * its key gets the answer of the first time, and who does so while it runs here is told that. Nothing is held open in
 * the store meanwhile, so two processes may both run it; both get one answer.
 */
export function runOnce<Value>(
  adapters: Pick<Adapters, 'unitOfWork' | 'idempotency'>,
): Door<() => Promise<Outcome<Value>>, Value> {
  const { unitOfWork, idempotency } = adapters;
  const keep = door<Outcome<Value>, Outcome<Value>>(adapters, async (_, results) => results, { together: false });
  /** The fingerprints of what runs here, by owner and key. */
  const running = new Map<string, string>();
  return async ({ input: work, once }) => {
    if (!once) return { kind: 'DONE', result: await work() };
    const { request } = once;
    const name = JSON.stringify([request.owner, request.key]);
    const other = running.get(name);
    if (other !== undefined) return { kind: other === request.fingerprint ? 'IN_FLIGHT' : 'OTHER_REQUEST' };
    running.set(name, request.fingerprint);
    try {
      const [claim] = await unitOfWork.run(tx => idempotency.claim(tx, [request]));
      return withoutDoing(claim) ?? (await keep({ input: await work(), once }));
    } finally {
      running.delete(name);
    }
  };
}
