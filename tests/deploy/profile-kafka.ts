import type { Api } from '../e2e/support/api.js';
import { aShopper } from '../e2e/support/api.js';
import { eventually, Shop } from '../e2e/support/orders.js';
import { metricsOf, type Stack } from './stack.js';

/** How many records each topic has been sent, by the client that is in the image. */
const sentScript = `
  import kafkajs from 'kafkajs';
  const brokers = process.env.KAFKA_BROKERS.split(',');
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const sent = {};
  for (const topic of ['order-events', 'stock-events']) {
    const partitions = await admin.fetchTopicOffsets(topic);
    sent[topic] = partitions.reduce((sum, { high }) => sum + Number(high), 0);
  }
  await admin.disconnect();
  console.log(JSON.stringify(sent));`;

interface Sent {
  readonly 'order-events': number;
  readonly 'stock-events': number;
}

/** What has to be so when the stack runs with the profile `kafka`. */
export function overKafka(what: () => { readonly stack: Stack; readonly api: Api }): void {
  const sent = async () => JSON.parse(await what().stack.inside('relay', sentScript)) as Sent;
  const anOrder = async (patienceMs?: number) => {
    const ann = aShopper();
    const shop = new Shop(what().api);
    const orderNumber = String((await shop.place(ann, await shop.product(), 1)).body.orderNumber);
    await eventually(() => shop.settled(ann, orderNumber, patienceMs), 'COMPLETED - | POSTED SKIPPED SKIPPED');
  };

  describe('over Kafka', () => {
    it('has the topics that the service expects, in three copies', async () => {
      const told = await what().stack.run(
        ...['exec', '-T', 'relay', 'node', 'examples/service/dist/commands/topics.js', 'check'],
      );
      expect(told).toMatch(/^\d+ topics are as they should be$/m);
    });

    it('takes every order through the brokers', async () => {
      const before = await sent();
      await anOrder();
      const after = await sent();
      expect(after['order-events']).toBeGreaterThan(before['order-events']);
      expect(after['stock-events']).toBeGreaterThan(before['stock-events']);
    });

    it.each(['order-worker', 'coupon-worker', 'point-worker', 'stock-worker'])(
      '%s has partitions of its group, and nothing left in them',
      async role => {
        const figures = async () => {
          const text = await metricsOf(what().stack, role);
          const of = (name: string) => Number(new RegExp(`^${name}\\{group="${role}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
          return { hasPartitions: of('consumer_partitions') > 0, lag: of('consumer_lag_records') };
        };
        await eventually(figures, { hasPartitions: true, lag: 0 });
      },
    );

    it('goes on without one of the brokers, and takes it back', async () => {
      await what().stack.run('kill', '--signal', 'SIGKILL', 'kafka-2');
      try {
        await anOrder(60_000);
      } finally {
        await what().stack.run('up', '--detach', '--wait', '--no-build', '--no-recreate', 'kafka-2');
      }
      await anOrder(60_000);
    });
  });
}
