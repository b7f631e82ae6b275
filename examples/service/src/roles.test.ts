import { createOrders, createPromotions, paymentSubscription } from '@org/application';
import { inMemoryAdapters } from '@org/application/memory';
import { type ProcessRole, roles, subscriptionsOf } from './roles.js';

const adapters = inMemoryAdapters();
const orders = createOrders(adapters);
const subscriptions = [
  ...createPromotions(adapters).subscriptions,
  ...orders.subscriptions,
  paymentSubscription(orders),
];
const groupsOf = (...own: ProcessRole[]) => subscriptionsOf(new Set(own), subscriptions).map(({ group }) => group);

describe('the roles of a process', () => {
  it('work for every group, each for its own', () => {
    const each = roles.flatMap(role => groupsOf(role));
    expect(each.sort()).toEqual(subscriptions.map(({ group }) => group).sort());
    expect(groupsOf(...roles)).toEqual(subscriptions.map(({ group }) => group));
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
