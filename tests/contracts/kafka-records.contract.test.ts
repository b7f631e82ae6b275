import { setTimeout as sleep } from 'node:timers/promises';
import {
  KafkaEventConsumer,
  KafkajsBroker,
  KafkajsTopics,
  type NewRecord,
  relaySubscription,
  topicPlans,
} from '@org/adapters-kafka';
import { postgresAdapters } from '@org/adapters-persistence';
import {
  type BusNotice,
  type DeliveredEvent,
  type NewEvent,
  oneByOne,
  type RunningSubscription,
  type Subscription,
} from '@org/application';
import { QUICK_BUS } from '@org/application/contracts';
import type { Message } from 'kafkajs';
import { createTestTopics, describeKafka, type TestTopics } from '../support/kafka.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { eventually, hostile, onTopic, written } from './kafka-client.fixtures.js';

import.meta.jest.setTimeout(60_000);

const PAID = 'payment.completed.v1';
const PLACED = 'order.placed.v1';
const text = (bytes: Buffer | null | undefined) => bytes?.toString() ?? null;

await describeKafka('records that are no events', brokers => {
  let database: TestDatabase;
  let topics: TestTopics;
  let broker: KafkajsBroker;
  let adapters: ReturnType<typeof postgresAdapters>;
  let running: RunningSubscription[];
  let notices: BusNotice[];

  beforeEach(async () => {
    database = await createTestDatabase();
    topics = await createTestTopics(brokers, name => /^(?:payment|order)-events/.test(name));
    broker = new KafkajsBroker({ brokers, maxWaitMs: 50 });
    running = [];
    notices = [];
    adapters = postgresAdapters(database.dataSource, { bus: { ...QUICK_BUS, report: each => notices.push(each) } });
  });
  afterEach(async () => {
    for (const each of running) await each.stop();
    await broker.close();
    await topics.remove();
    await database.drop();
  });

  const consumerOf = (knownTypes: readonly string[] = []) => {
    const { unitOfWork, clock, groupProgress: progress, eventFeed: feed, ids, stopwatch } = adapters;
    const timer = {
      pause: (ms: number, signal?: AbortSignal) =>
        sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
    };
    const now = () => unitOfWork.run(tx => clock.now(tx));
    const options = {
      ...QUICK_BUS,
      prefix: topics.prefix,
      knownTypes,
      report: (each: BusNotice) => notices.push(each),
    };
    return new KafkaEventConsumer({ broker, progress, feed, now, ids, stopwatch, timer }, options);
  };
  async function listen(subscription: Partial<Subscription> = {}, knownTypes?: readonly string[]) {
    const seen: DeliveredEvent[] = [];
    const handle = oneByOne(async event => seen.push(event));
    const full = { group: 'payment-worker', types: [PAID], handle, ...subscription };
    const consumer = consumerOf(knownTypes);
    const member = await consumer.subscribe(full);
    running.push(member);
    return { seen, member, consumer };
  }

  const headers = (id: string, type = PAID) => ({
    ...{ ce_specversion: '1.0', ce_id: id, ce_type: type, ce_source: '/pay' },
  });
  const record = (id: string, changed: Partial<NewRecord> = {}): NewRecord => ({
    ...{ topic: `${topics.prefix}payment-events`, key: 'order-1', value: '{"n":1}', headers: headers(id) },
    ...changed,
  });
  const letters = async () =>
    (await adapters.deadLetters.list({ group: null, status: null, limit: 100, cursor: null })).items;

  it('are dead letters in both places, with their causes and all their bytes, and stop nobody', async () => {
    const flaws: readonly (readonly [Partial<NewRecord>, string])[] = [
      [{ headers: {} }, 'header ce_specversion is missing'],
      [{ headers: headers('x', 'payment.dreamt.v1') }, 'no consumer knows events of type "payment.dreamt.v1"'],
      [{ value: '{"broken' }, 'the value is not a JSON object'],
      [{ value: Buffer.from([0, 255, 254, 0]), key: Buffer.from([0]) }, 'the value is not a JSON object'],
      [{ value: null }, 'the value is not a JSON object'],
    ];
    await broker.send(flaws.map(([changed], i) => record(`bad-${i}`, changed)));
    await broker.send([record('good'), record('other', { headers: headers('other', 'payment.failed.v1') })]);
    const { seen, consumer } = await listen({}, ['payment.failed.v1']);
    await eventually(async () => (await letters()).length === flaws.length && seen.length === 1, 'all of them');
    expect(seen.map(({ id, key, data, attempt }) => [id, key, data, attempt])).toEqual([
      ['good', 'order-1', { n: 1 }, 1],
    ]);
    const found = await letters();
    expect(found.map(({ error }) => error.message).sort()).toEqual(flaws.map(([, cause]) => cause).sort());
    expect(found.every(({ group, attempts }) => group === 'payment-worker' && attempts === 1)).toBe(true);
    const dead = await onTopic(brokers, `${topics.prefix}payment-events-dlt`);
    const raw = dead.find(({ value }) => value?.equals(Buffer.from([0, 255, 254, 0])));
    expect([...(raw?.key ?? [])]).toEqual([0]);
    const cause = Object.fromEntries(Object.entries(raw?.headers ?? {}).map(([name, each]) => [name, String(each)]));
    expect(cause).toMatchObject({
      ...{ 'dlt-error-name': 'UnreadableRecordError', 'dlt-error-message': 'the value is not a JSON object' },
      ...{ 'dlt-topic': `${topics.prefix}payment-events`, 'dlt-group': 'payment-worker', 'dlt-attempts': '1' },
      ...{ 'dlt-partition': expect.stringMatching(/^\d$/), 'dlt-offset': expect.stringMatching(/^\d+$/) },
      ...{ 'dlt-timestamp': expect.stringMatching(/^\d+$/), 'dlt-error-stack': expect.stringContaining('at ') },
    });
    expect(dead).toHaveLength(flaws.length);
    await eventually(() => consumer.figures()[0]?.lag === 0, 'the end of the lag');
    expect(consumer.figures()).toEqual([{ group: 'payment-worker', places: 3, inHand: 0, lag: 0, oldestAt: null }]);
  });

  it('are read once more when they are sent round again: who knows them by then handles them', async () => {
    await broker.send([record('evt-7', { headers: headers('evt-7', 'payment.refunded.v1') })]);
    const { member } = await listen();
    await eventually(async () => (await letters()).length === 1, 'the dead letter');
    await member.stop();
    const { seen } = await listen({ types: [PAID, 'payment.refunded.v1'] });
    const [letter] = await letters();
    expect(await adapters.deadLetters.redrive(letter?.id ?? '')).toBe('REDRIVEN');
    await eventually(() => seen.length === 1, 'the event');
    expect(seen[0]).toMatchObject({ id: 'evt-7', key: 'order-1', data: { n: 1 }, type: 'payment.refunded.v1' });
    await eventually(async () => (await letters()).length === 0, 'the end of the letter');
  });

  it('with JSON that no store can hold are kept as bytes', async () => {
    await broker.send([record('evt-1', { value: '{"name":"a\\u0000b"}' })]);
    const refuse = oneByOne(() => Promise.reject(new Error('no')), { isFatal: () => true });
    await listen({ handle: refuse });
    await eventually(async () => (await letters()).length === 1, 'the dead letter');
    const [letter] = await letters();
    expect([letter?.error.message, letter?.data.value]).toEqual([
      'no',
      Buffer.from('{"name":"a\\u0000b"}').toString('base64'),
    ]);
  });

  it('of any size, with any text, are dead letters that stop nobody and can be sent round again', async () => {
    const bad = hostile(headers('x')).map(changed => record('x', changed));
    const messages = bad.flatMap((each, i) => [each, record(`good-${i}`, { key: each.key })]);
    await written(brokers, `${topics.prefix}payment-events`, messages as Message[]);
    const good: string[] = [];
    let isSober = false;
    const one = async ({ id }: DeliveredEvent) => {
      if (id.startsWith('good')) good.push(id);
      else if (!isSober) throw new Error(`x${'😀'.repeat(4_000)}`);
    };
    const { consumer } = await listen({ handle: oneByOne(one, { isFatal: () => true }) });
    await eventually(() => good.length === bad.length && consumer.figures()[0]?.lag === 0, 'what follows');
    expect((await letters()).map(({ group }) => group)).toEqual(Array(bad.length).fill('payment-worker'));
    const dead = await onTopic(brokers, `${topics.prefix}payment-events-dlt`);
    const names = ['dlt-value', 'dlt-key', 'dlt-headers'];
    const leftOut = dead.map(each => names.filter(name => each.headers?.[name]).length);
    expect(leftOut.sort()).toEqual([...Array(bad.length - 3).fill(0), 1, 3, 3]);
    isSober = true;
    expect(await adapters.deadLetters.redriveDue(0, 100)).toBe(bad.length);
    await eventually(async () => (await letters()).every(({ status }) => status === 'DEAD'), 'the end of the redrive');
    const causes = (await letters()).map(({ error }) => error.message.slice(0, 7));
    expect(causes.sort()).toEqual(['ce_time', 'the val']);
  });

  it('are never passed over while dead letters can be kept nowhere', async () => {
    const name = `${topics.prefix}payment-events-dlt`;
    const admin = new KafkajsTopics({ brokers });
    await admin.remove([name]);
    await broker.send([record('bad', { headers: {} }), record('good')]);
    const { seen, consumer } = await listen();
    await eventually(() => notices.some(({ notice }) => notice === 'WAITING'), 'a notice');
    expect(consumer.figures()[0]?.lag).toBeGreaterThan(0);
    const plan = topicPlans({ prefix: topics.prefix }).find(each => each.name === name);
    await admin.create(plan ? [{ ...plan, partitions: 3 }] : []);
    await admin.close();
    await eventually(() => seen.length === 1, 'the good one');
    await eventually(() => consumer.figures()[0]?.lag === 0, 'the end of the lag');
    expect(await letters()).toHaveLength(1);
    expect(await onTopic(brokers, name)).toHaveLength(1);
  });

  it('of our own log that are too large for a broker stop nobody', async () => {
    const event = (version: number, data: object): NewEvent => ({
      ...{ streamId: 'order/1', streamVersion: version, type: PLACED, data: { ...data }, key: 'ann' },
      origin: { actor: 'ann', traceparent: null },
    });
    await adapters.eventPublisher.publish([event(1, {}), event(2, { text: 'x'.repeat(1_100_000) }), event(3, {})]);
    running.push(
      await adapters.eventConsumer.subscribe(relaySubscription(broker, { prefix: topics.prefix, types: [PLACED] })),
    );
    const { seen } = await listen({ group: 'order-reader', types: [PLACED] });
    await eventually(() => seen.some(({ id }) => id === 'order/1:3'), 'what follows');
    expect([...new Set(seen.map(({ id }) => id))]).toEqual(['order/1:1', 'order/1:3']);
    await eventually(async () => (await letters()).length > 0, 'the dead letter');
    expect((await letters()).map(({ group, eventId }) => [group, eventId])).toEqual([['kafka-relay', 'order/1:2']]);
    const records = await onTopic(brokers, `${topics.prefix}order-events`);
    expect(text(records[0]?.key)).toBe('ann');
  });

  it('come again after a stop only as far as they were not done, and failures are counted on', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `order-${i}`);
    await broker.send(keys.map((key, i) => record(`evt-${i}`, { key })));
    const tried: string[] = [];
    const handle = oneByOne(async ({ id, attempt }) => {
      tried.push(`${id} ${attempt}`);
      if (id === 'evt-0') throw new Error('not yet');
    });
    const consumer = consumerOf();
    const patient = { retryDelayMs: 60_000 };
    const waiting = new KafkaEventConsumer(
      // The parts of the other one, with more patience.
      (consumer as unknown as { parts: ConstructorParameters<typeof KafkaEventConsumer>[0] }).parts,
      { ...QUICK_BUS, ...patient, prefix: topics.prefix },
    );
    const first = await waiting.subscribe({ group: 'payment-worker', types: [PAID], handle });
    await eventually(() => tried.length === keys.length, 'all of them');
    await first.stop();
    running.push(await consumer.subscribe({ group: 'payment-worker', types: [PAID], handle }));
    await eventually(async () => (await letters()).length === 1, 'the dead letter');
    expect(tried.slice(keys.length)).toEqual(['evt-0 2', 'evt-0 3', 'evt-0 4']);
  });
});
