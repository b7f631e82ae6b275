import { randomUUID } from 'node:crypto';
import { KafkajsBroker, KafkajsLog, KafkajsTopics, topicPlans, toRecord } from '@org/adapters-kafka';
import { postgresAdapters } from '@org/adapters-persistence';
import type { NewEvent } from '@org/application';
import { createTestTopics, describeKafka } from '../support/kafka.js';
import { createTestDatabase } from '../support/postgres.js';
import { runToEnd } from './support/service-process.js';

await describeKafka('the commands about Kafka', brokers => {
  it('make the topics, tell what is otherwise and correct what can be corrected', async () => {
    const prefix = `t${randomUUID().slice(0, 8)}-`;
    const env = {
      ...{ KAFKA_BROKERS: brokers.join(','), KAFKA_TOPIC_PREFIX: prefix },
      KAFKA_PARTITIONS: 'order-events=2,coupon-events=1,stock-events=1,point-events=1,user-events=1,payment-events=1',
    };
    const admin = new KafkajsTopics({ brokers });
    try {
      const missing = await runToEnd(env, 'topics', ['check']);
      expect([missing.code, missing.output]).toEqual([1, expect.stringContaining(`${prefix}order-events: missing`)]);
      const made = await runToEnd(env, 'topics', ['create']);
      expect(made.output).toContain(`${prefix}order-events-dlt: made with 2 partitions`);
      expect(made.output).toContain('14 topics are as they should be');
      expect(made.code).toBe(0);
      const other = {
        ...env,
        KAFKA_PARTITIONS: `${env.KAFKA_PARTITIONS},compensation-events=3`,
        KAFKA_RETENTION_DAYS: 'order-events=1',
      };
      const again = await runToEnd(other, 'topics', ['create']);
      expect(again.output).toContain(`${prefix}order-events: retention.ms was 604800000, is 86400000`);
      expect(again.output).toContain(`${prefix}compensation-events: partitions is 4, not 3`);
      expect(again.code).toBe(1);
    } finally {
      await admin.remove(topicPlans({ prefix }).map(({ name }) => name));
      await admin.close();
    }
    expect((await runToEnd({}, 'topics', ['check'])).output).toContain('KAFKA_BROKERS is missing');
    expect((await runToEnd(env, 'topics', ['drop'])).code).toBe(2);
  });

  it('find the events that are on no topic, send them and look once more', async () => {
    const database = await createTestDatabase();
    const topics = await createTestTopics(brokers, name => /^(?:order|point)-events/.test(name));
    const broker = new KafkajsBroker({ brokers });
    try {
      const { events, unitOfWork } = postgresAdapters(database.dataSource);
      const event = (version: number, type = 'order.placed.v1'): NewEvent => ({
        ...{ streamId: `order/${type}`, streamVersion: version, type, data: { version }, key: 'ann' },
        origin: { actor: 'ann', traceparent: null },
      });
      const all = [1, 2, 3, 4].flatMap(version => [event(version), event(version, 'point.earned.v1')]);
      await unitOfWork.run(tx => events.append(tx, all));
      const sent = all.filter(({ streamVersion }) => streamVersion !== 3);
      await broker.send(sent.map(each => toRecord({ ...each, recordedAt: Date.now() }, topics.prefix)));
      const env = {
        ...{ DATABASE_URL: database.url, KAFKA_BROKERS: brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix },
      };
      const [from, to] = [-60_000, 60_000].map(ms => new Date(Date.now() + ms).toISOString());
      const window = ['--from', String(from), '--to', String(to)];
      const told = await runToEnd(env, 'resend', window);
      expect([told.code, told.output]).toEqual([1, expect.stringContaining('2 of 8 events are missing')]);
      expect(told.output).toContain('  order/order.placed.v1:3 order.placed.v1\n');
      const resent = await runToEnd(env, 'resend', [...window, '--send']);
      expect(resent.output).toContain('2 sent, 0 of 8 events are missing');
      expect(resent.code).toBe(0);
      const log = new KafkajsLog({ brokers }, topics.prefix);
      const ids = await log.idsSince([`${topics.prefix}order-events`, `${topics.prefix}point-events`], 0);
      expect(ids.size).toBe(8);
      expect((await runToEnd(env, 'resend', ['--from', 'yesterday'])).code).toBe(2);
    } finally {
      await broker.close();
      await topics.remove();
      await database.drop();
    }
  });
});
