import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Signal } from '../support/docker.js';
import { describeKafka } from '../support/kafka.js';
import { kafkaCluster } from '../support/kafka-server.js';
import type { OwnBrokers } from '../support/kafka-settings.js';
import { coordinatorOf } from './support/kafka-coordinator.js';
import { type Flow, openFlow, paceOf, patienceMs, until } from './support/kafka-flow.js';

import.meta.jest.setTimeout(2 * patienceMs(paceOf()) + 60_000);
/** How long all brokers are away. */
const AWAY_MS = Number(process.env.CHAOS_KAFKA_AWAY_MS ?? 2_000);

let flow: Flow;
afterEach(() => flow?.close());

await describeKafka('consumers over Kafka', brokers => {
  beforeEach(async () => {
    flow = await openFlow(brokers);
    flow.start('kafka-relay', 'relay');
  });

  it('that die between two commits, stand still beyond their session, or come and go lose nothing and turn no key round', () =>
    flow.everythingOnce(async () => {
      const dying = flow.start('kafka-member', 'dying', { DIES_AFTER: '10' });
      const stopped = flow.start('kafka-member', 'stopped');
      await once(dying, 'exit');
      await until(async () => (await flow.handledBy('stopped')) > 50, 'the first events');
      stopped.kill('SIGSTOP');
      flow.start('kafka-member', 'heir');
      await until(async () => (await flow.handledBy('heir')) > 100, 'the heir');
      stopped.kill('SIGCONT');
      for (let i = 0; i < 3; i++) {
        const guest = flow.start('kafka-member', `guest-${i}`);
        await sleep(1_000);
        guest.kill('SIGTERM');
      }
    }));
});

await describeKafka('a cluster of three brokers', () => {
  let cluster: OwnBrokers;
  const all = (signal: Signal) => Promise.all(cluster.addresses.map((_, i) => cluster.signal(i, signal)));
  beforeAll(async () => {
    cluster = await kafkaCluster('kafka-cluster');
  });
  beforeEach(async () => {
    flow = await openFlow(cluster.addresses);
    for (const [script, name] of [
      ['kafka-relay', 'relay'],
      ['kafka-member', 'one'],
      ['kafka-member', 'two'],
    ] as const)
      flow.start(script, name);
  });
  afterAll(() => cluster?.end());

  const begun = () =>
    until(
      async () => (await flow.handledBy('one')) > 50 && (await flow.handledBy('two')) > 50,
      'the first events of both',
    );

  it('goes on without the broker that kept the group', () =>
    flow.everythingOnce(async () => {
      await begun();
      const coordinator = await coordinatorOf(cluster.addresses, `${flow.topics.prefix}chaos`);
      const victim = cluster.addresses.indexOf(coordinator);
      await cluster.signal(victim, 'SIGKILL');
      await sleep(10_000);
      await cluster.restart(victim);
    }));

  it('that is slow is waited for', () =>
    flow.everythingOnce(async () => {
      await begun();
      for (let i = 0; i < 12; i++) {
        await all('SIGSTOP');
        await sleep(400);
        await all('SIGCONT');
        await sleep(200);
      }
    }));

  it('that is away altogether is waited for', () =>
    flow.everythingOnce(async () => {
      await begun();
      await all('SIGKILL');
      await sleep(AWAY_MS);
      await Promise.all(cluster.addresses.map((_, i) => cluster.restart(i)));
    }));
});
