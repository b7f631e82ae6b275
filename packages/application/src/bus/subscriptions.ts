import type { Subscription } from '../ports/event-bus.js';

/** @throws RangeError naming what is wrong with a subscription */
export function checkSubscription({ group, types, maxBatch = 1 }: Subscription) {
  if (group === '') throw new RangeError('group is empty');
  if (types.length === 0) throw new RangeError(`types of group ${group} are empty`);
  if (!Number.isInteger(maxBatch) || maxBatch < 1)
    throw new RangeError(`maxBatch of group ${group} is ${maxBatch}, not a positive whole number`);
}
