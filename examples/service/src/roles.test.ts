import { createOrders, createPromotions, paymentSubscription } from '@org/application';
import { inMemoryAdapters } from '@org/application/memory';
import { type ProcessRole, roles, stepsOf, subscriptionsOf } from './roles.js';

const adapters = inMemoryAdapters();
/** The groups that a process of these roles works for. */
function groupsOf(...own: ProcessRole[]) {
  const orders = createOrders(adapters, { steps: stepsOf(new Set(own)) });
  const subscriptions = [
    ...createPromotions(adapters).subscriptions,
    ...orders.subscriptions,
    paymentSubscription(orders),
  ];
  return subscriptionsOf(new Set(own), subscriptions).map(({ group }) => group);
}

describe('the roles of a process', () => {
  it('work for every group, each for its own', () =>
    expect(roles.flatMap(role => groupsOf(role)).sort()).toEqual([
      ...['coupon-worker', 'issue-worker', 'order-worker', 'payment-worker', 'point-worker', 'stock-worker'],
    ]));

  it('hold all that an order needs in one go where one process has all of them', () => {
    expect(groupsOf(...roles)).toEqual(['issue-worker', 'step-worker', 'payment-worker']);
    expect(groupsOf(...roles.filter(role => role !== 'point-worker'))).not.toContain('step-worker');
  });

  it('leave to others what is theirs', () => {
    expect(groupsOf('stock-worker')).toEqual(['stock-worker']);
    expect(groupsOf('coupon-worker')).toEqual(['issue-worker', 'coupon-worker']);
    expect(groupsOf('api', 'scheduler')).toEqual([]);
  });

  it('let no group be forgotten', () =>
    expect(() =>
      subscriptionsOf(new Set(roles), [{ group: 'parcel-worker', types: ['parcel.sent.v1'], handle: async () => [] }]),
    ).toThrow('parcel-worker belongs to no role'));
});
