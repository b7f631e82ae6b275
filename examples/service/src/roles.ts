import type { StepWork, Subscription } from '@org/application';

/** What a process can be there for. Each scales alone, and any number of processes may have the same one. */
export const roles = [
  'api',
  'order-worker',
  'coupon-worker',
  'point-worker',
  'stock-worker',
  'relay',
  'scheduler',
] as const;

export type ProcessRole = (typeof roles)[number];

/** Who works for which consumer group. The other two roles are no groups: one listens to clients, one to the clock. */
export const groups: Readonly<Record<ProcessRole, readonly string[]>> = {
  api: [],
  'order-worker': ['order-worker', 'payment-worker'],
  'coupon-worker': ['coupon-worker', 'issue-worker'],
  'point-worker': ['point-worker'],
  'stock-worker': ['stock-worker'],
  relay: [],
  scheduler: [],
};

/** Who has all of these roles does their work at an order in one go, for this group. */
const together = {
  group: 'step-worker',
  roles: ['order-worker', 'coupon-worker', 'point-worker', 'stock-worker'] satisfies ProcessRole[],
};

export const stepsOf = (own: ReadonlySet<ProcessRole>): StepWork =>
  together.roles.every(role => own.has(role)) ? 'TOGETHER' : 'APART';

/** Those of the subscriptions that a process of these roles works for. @throws Error for a group that no role has */
export function subscriptionsOf(
  own: ReadonlySet<ProcessRole>,
  subscriptions: readonly Subscription[],
): readonly Subscription[] {
  return subscriptions.filter(({ group }) => {
    if (group === together.group) return stepsOf(own) === 'TOGETHER';
    const role = roles.find(each => groups[each].includes(group));
    if (!role) throw new Error(`group ${group} belongs to no role`);
    return own.has(role);
  });
}
