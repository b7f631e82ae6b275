import type { Adapters } from '../../adapters.js';
import type { Outcome } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { openLocked } from './coupon-batch.js';

type Stores = Pick<Adapters, 'clock' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'events'>;

export interface ExpireOptions {
  readonly limit: number;
  readonly origin: Origin;
}

/**
 * Writes down one batch of what the time has decided already: holds that are over, coupons that are expired.
 * Coupons that somebody else is at are skipped, so no confirm ever waits for it. Answers how many were written;
 * fewer than `limit` = none is left for now.
 */
export const expireOverdue =
  (stores: Stores & Pick<Adapters, 'unitOfWork'>) =>
  (kind: 'HOLD' | 'COUPON', options: ExpireOptions): Promise<number> =>
    stores.unitOfWork.run(tx => expireWithin(stores, tx, kind, options));

async function expireWithin(
  stores: Stores,
  tx: Transaction,
  kind: 'HOLD' | 'COUPON',
  { limit, origin }: ExpireOptions,
) {
  const overdue = await stores.coupons.lockOverdue(tx, kind, limit);
  if (overdue.size === 0) return 0;
  const batch = await openLocked(stores, tx, overdue, []);
  for (const id of overdue.keys()) batch.decide(id, { type: 'Expire', at: batch.now }, origin);
  await batch.save();
  return overdue.size;
}

const mostAtOnce = 500;

/**
 * Ends holds that are over, for who has found a budget exhausted: money that nobody holds any more refuses no one,
 * whether or not the sweeper has come. Answers whether there were any.
 */
export const freeBudgets = async (stores: Stores, tx: Transaction, origin: Origin): Promise<boolean> =>
  (await expireWithin(stores, tx, 'HOLD', { limit: mostAtOnce, origin })) > 0;

export const isShortOfBudget = (outcome: Outcome<unknown>): boolean =>
  !outcome.accepted && outcome.refusal.code === 'BUDGET_EXHAUSTED';

/** Tries again what found the budget exhausted, after ending holds that are over. */
export const onFreedBudget =
  <Input extends { readonly origin: Origin }, Value>(
    stores: Stores,
    useCase: UseCase<Input, Outcome<Value>>,
  ): UseCase<Input, Outcome<Value>> =>
  async (tx, inputs) => {
    const outcomes = [...(await useCase(tx, inputs))];
    const short = outcomes.flatMap((outcome, i) => (isShortOfBudget(outcome) ? [i] : []));
    const [first] = short;
    if (first === undefined) return outcomes;
    if (!(await freeBudgets(stores, tx, (inputs[first] as Input).origin))) return outcomes;
    const again = await useCase(
      tx,
      short.map(i => inputs[i] as Input),
    );
    for (const [n, i] of short.entries()) outcomes[i] = again[n] as Outcome<Value>;
    return outcomes;
  };
