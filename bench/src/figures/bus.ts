import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { handled, type Subscription } from '@org/application';
import type { BenchDatabase } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { fillEvents } from '../fill.js';
import { verdict } from '../measuring.js';
import type { Stage } from '../stage.js';
import type { Cell } from '../table.js';

const TYPE = 'order.paid.v1';

interface Delivered {
  readonly events: number;
  readonly seconds: number;
  readonly batches: number;
}

/** Subscribes so many groups, whose handlers do nothing, and waits until each has had everything. */
async function deliver(database: BenchDatabase, groups: number, events: number, name: string): Promise<Delivered> {
  const source = await postgresDataSource({ url: database.url }).initialize();
  const { eventConsumer } = postgresAdapters(source);
  let [left, batches] = [events * groups, 0];
  const began = performance.now();
  const subscription = (group: string, end: () => void): Subscription => ({
    group,
    types: [TYPE],
    async handle(batch) {
      batches++;
      left -= batch.length;
      if (left <= 0) end();
      return batch.map(() => handled);
    },
  });
  let running: readonly { stop(): Promise<void> }[] = [];
  await new Promise<void>((resolve, reject) => {
    const names = Array.from({ length: groups }, (_, i) => `${name} ${i}`);
    Promise.all(names.map(group => eventConsumer.subscribe(subscription(group, resolve)))).then(all => {
      running = all;
    }, reject);
  });
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(running.map(each => each.stop()));
  await source.destroy();
  return { events: events * groups - left, seconds, batches };
}

/** One event, one transaction that writes down how far it is: what is written first. */
async function oneByOne(database: BenchDatabase, most: number): Promise<Delivered> {
  await database.query('create table if not exists bench_place (position bigint)');
  await database.query('truncate bench_place');
  await database.query('insert into bench_place values (0)');
  const client = await database.pool(1).connect();
  const began = performance.now();
  let events = 0;
  for (let found = 1; found === 1 && events < most; events += found) {
    await client.query('begin');
    const { rows } = await client.query(
      'select e.* from events e, bench_place p where e.position > p.position order by e.position limit 1',
    );
    found = rows.length;
    if (rows[0]) await client.query('update bench_place set position = $1', [rows[0].position]);
    await client.query('commit');
  }
  const seconds = (performance.now() - began) / 1_000;
  client.release();
  return { events, seconds, batches: events };
}

/** Nothing but the rows, by five hundred, from the index. */
async function bareRead(database: BenchDatabase): Promise<Delivered> {
  const client = await database.pool(1).connect();
  const began = performance.now();
  let [events, batches, position] = [0, 0, '0'];
  for (let more = true; more; ) {
    const { rows } = await client.query({
      name: 'bare',
      text: 'select * from events where position > $1::bigint order by position limit 500',
      values: [position],
    });
    events += rows.length;
    batches++;
    more = rows.length === 500;
    position = rows.at(-1)?.position ?? position;
  }
  const seconds = (performance.now() - began) / 1_000;
  client.release();
  return { events, seconds, batches };
}

/** From the end of the commit to the beginning of the handler, milliseconds, in a system that does nothing else. */
async function latencies(database: BenchDatabase, count: number): Promise<readonly number[]> {
  const source = await postgresDataSource({ url: database.url }).initialize();
  const { eventConsumer, unitOfWork, events, ids } = postgresAdapters(source);
  let handedOver: (at: number) => void = () => undefined;
  const running = await eventConsumer.subscribe({
    ...{ group: 'latency', types: [TYPE], from: 'NOW' },
    async handle(batch) {
      handedOver(performance.now());
      return batch.map(() => handled);
    },
  });
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = new Promise<number>(resolve => {
      handedOver = resolve;
    });
    const facts = { streamId: ids.next(), streamVersion: 1, type: TYPE, data: {}, key: `user-${i}` };
    await unitOfWork.run(tx => events.append(tx, [{ ...facts, origin: { actor: 'bench', traceparent: null } }]));
    const committed = performance.now();
    took.push(Math.max(0, (await at) - committed));
    await new Promise(resolve => setTimeout(resolve, 20 + (i % 7) * 10));
  }
  await running.stop();
  await source.destroy();
  return took.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** How fast committed events reach handlers in process. */
export const bus: Figure = {
  name: 'bus',
  async run(stage: Stage) {
    const count = stage.pick(200_000, 2_000);
    const database = await stage.ownDatabase();
    await fillEvents(database, TYPE, count);
    await database.query('analyze events');
    const checks: Check[] = [];
    const rows: Cell[][] = [];
    const row = (name: string, { events, seconds, batches }: Delivered) =>
      rows.push([name, events, seconds, events / seconds, events / batches]);
    let one = 0;
    for (const groups of [1, 4]) {
      const found = await deliver(database, groups, count, `${groups} of`);
      row(`bus, groups: ${groups}`, found);
      checks.push({ what: `events handed to ${groups} groups`, expected: count * groups, actual: found.events });
      if (groups === 1) one = found.events / found.seconds;
    }
    const few = stage.pick(3_000, 100);
    row('naive: one transaction each', await oneByOne(database, few));
    row('limit: the bare rows by 500', await bareRead(database));
    const idle = await latencies(database, stage.pick(200, 10));
    return {
      tables: [
        {
          title: `Bus: ${count} events to handlers that do nothing`,
          columns: ['way', 'events', 'seconds', 'per s', 'batch'],
          rows,
          notes: [
            'Everything runs in one process; each group reads all events and writes down its place after every batch.',
            verdict('events a second of one group, goal above 20,000', one, '/s', one > 20_000),
            verdict(
              `from commit to handler in an idle system, p50 (p99 ${at(idle, 0.99).toFixed(1)} ms), goal below 10 ms`,
              at(idle, 0.5),
              ' ms',
              at(idle, 0.5) < 10,
            ),
          ],
        },
      ],
      checks,
    };
  },
};
