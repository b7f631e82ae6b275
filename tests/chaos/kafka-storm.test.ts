import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeKafka } from '../support/kafka.js';
import { kafkaCluster } from '../support/kafka-server.js';
import type { OwnBrokers } from '../support/kafka-settings.js';
import { type Flow, openFlow, paceOf, patienceMs } from './support/kafka-flow.js';

/** Long enough for a few rounds of trouble; `npm run chaos` sends many more. */
const pace = paceOf(process.env.CHAOS_KAFKA_VERSIONS === undefined ? { versions: 200, paceMs: 60 } : {});
import.meta.jest.setTimeout(2 * patienceMs(pace) + 60_000);

/** One round of trouble after the other until the last event was published, and then everybody is well. */
async function storm(flow: Flow, { addresses, signal, restart }: OwnBrokers, isOver: () => boolean) {
  const start = (script: 'kafka-member' | 'kafka-relay', i: number) => flow.start(script, `${script} ${i}`);
  const relays = [0, 1].map(i => start('kafka-relay', i));
  const members = [0, 1, 2].map(i => start('kafka-member', i));
  const replace = (list: ChildProcess[], script: 'kafka-member' | 'kafka-relay', round: number) => {
    const i = round % list.length;
    list[i]?.kill('SIGKILL');
    list[i] = start(script, i);
  };
  const troubles: readonly ((round: number) => Promise<unknown>)[] = [
    async round => replace(members, 'kafka-member', round),
    async round => replace(relays, 'kafka-relay', round),
    async round => {
      const stopped = members[round % members.length];
      stopped?.kill('SIGSTOP');
      await sleep(7_000);
      stopped?.kill('SIGCONT');
    },
    async () => {
      const guest = flow.start('kafka-member', 'guest');
      await sleep(3_000);
      guest.kill('SIGTERM');
    },
    async round => {
      const i = Math.floor(round / troubles.length) % addresses.length;
      await signal(i, 'SIGKILL');
      await sleep(5_000);
      await restart(i);
    },
    async round => {
      const i = round % addresses.length;
      await signal(i, 'SIGSTOP');
      await sleep(1_000);
      await signal(i, 'SIGCONT');
    },
  ];
  await sleep(4_000);
  for (let round = 0; !isOver(); round++) {
    await troubles[round % troubles.length]?.(round);
    await sleep(1_500);
  }
}

await describeKafka('a storm', () => {
  let cluster: OwnBrokers;
  let flow: Flow;
  beforeAll(async () => {
    cluster = await kafkaCluster('kafka-storm');
    flow = await openFlow(cluster.addresses, pace);
  });
  afterAll(async () => {
    await flow?.close();
    await cluster?.end();
  });

  it('of killed and stopped members, relays and brokers, and of new deals of partitions, loses nothing and turns no key round', () =>
    flow.everythingOnce(isOver => storm(flow, cluster, isOver)));
});
