import { differencesOf, settingsOfTopic, topicPlans } from './topic-plans.js';

const day = 86_400_000;

describe('the plan of the topics', () => {
  it('has each topic with that of its dead letters, and takes other numbers', () => {
    const plans = topicPlans({
      ...{ prefix: 'shop-', partitions: { 'order-events': 32 }, retentionMs: { 'stock-events': day } },
    });
    const of = (name: string) => plans.find(plan => plan.name === name);
    expect(of('shop-order-events')).toEqual({ name: 'shop-order-events', partitions: 32, retentionMs: 7 * day });
    expect(of('shop-order-events-dlt')).toMatchObject({ partitions: 32, retentionMs: 14 * day });
    expect(of('shop-stock-events')).toMatchObject({ partitions: 12, retentionMs: day });
    expect(of('shop-stock-events-dlt')).toMatchObject({ retentionMs: 14 * day });
  });

  it.each([
    [1, { 'min.insync.replicas': '1' }, 1],
    [2, { 'min.insync.replicas': '1' }, 1],
    [3, { 'min.insync.replicas': '2' }, 3],
    [5, { 'min.insync.replicas': '2' }, 3],
  ])('on %i brokers asks for %j', (brokers, settings, replication) => {
    const [plan] = topicPlans();
    if (!plan) throw new Error('no plan');
    expect(settingsOfTopic(plan, brokers)).toMatchObject({ ...settings, 'unclean.leader.election.enable': 'false' });
    const found = { partitions: plan.partitions, replication, settings: settingsOfTopic(plan, brokers) };
    expect(differencesOf(plan, found, brokers)).toEqual([]);
  });

  it('tells what is missing and what is otherwise', () => {
    const [plan] = topicPlans();
    if (!plan) throw new Error('no plan');
    expect(differencesOf(plan, null, 3)).toEqual([
      { topic: 'order-events', what: 'topic', expected: '16 partitions', found: null },
    ]);
    const found = { partitions: 4, replication: 1, settings: { ...settingsOfTopic(plan, 3), 'retention.ms': '5' } };
    expect(differencesOf(plan, found, 3)).toEqual([
      { topic: 'order-events', what: 'partitions', expected: '16', found: '4' },
      { topic: 'order-events', what: 'replication', expected: '3', found: '1' },
      { topic: 'order-events', what: 'retention.ms', expected: String(7 * day), found: '5' },
    ]);
  });
});
