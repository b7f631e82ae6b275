import assert from 'node:assert/strict';
import { oneByOne } from '../bus/one-by-one.js';
import { StoreUnavailableError } from '../ports/errors.js';
import { failed, handled } from '../ports/event-bus.js';
import { aWhile, eventually, happened, listening, nameOf, PAID, Seen, SHIPPED } from './bus-samples.js';
import { rolledBack, signal } from './concurrency.js';
import { contract } from './contract.js';
import type { EventBusFixture } from './event-bus-failures-contract.js';
import { sameData, sameMembers } from './same-data.js';

type Fixture = EventBusFixture;

const recording = (seen: Seen) => oneByOne(async event => seen.events.push(event));

/** Who is published to whom: delivery, order, groups and members. Failures have a contract of their own. */
export const eventBusContract = contract<Fixture>('EventBus', {
  async 'hands a group every event of its types, with all its parts, and no others'(fixture) {
    const seen = new Seen();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const full = happened('ann', 1, {
      data: { text: '가나다 🎉 "q" \\ \n', list: [1, { deep: null }], money: Number.MAX_SAFE_INTEGER },
      origin: { actor: 'system', traceparent },
    });
    await listening(fixture, async subscribe => {
      await subscribe({ handle: recording(seen) });
      await fixture.eventPublisher.publish([happened('bob', 1, { type: SHIPPED }), full]);
      await eventually(fixture, () => seen.events.length > 0);
      await aWhile(fixture);
    });
    const [{ recordedAt, ...event }] = seen.events as [(typeof seen.events)[number]];
    sameData(event, { ...full, id: 'order/ann:1', attempt: 1 });
    assert.ok(Number.isSafeInteger(recordedAt), 'recordedAt is epoch milliseconds');
    sameData(seen.names, ['ann 1']);
  },
  async 'tells what was appended in the transaction of a change, when it is committed'(fixture) {
    const seen = new Seen();
    await listening(fixture, async subscribe => {
      await subscribe({ handle: recording(seen) });
      await fixture.unitOfWork.run(tx => fixture.events.append(tx, [happened('ann', 1)]));
      await eventually(fixture, () => seen.events.length > 0);
    });
    sameData(seen.names, ['ann 1']);
  },
  async 'never tells what was rolled back'(fixture) {
    const seen = new Seen();
    await listening(fixture, async subscribe => {
      await subscribe({ handle: recording(seen) });
      await rolledBack(fixture.unitOfWork, tx => fixture.events.append(tx, [happened('ann', 1)]));
      await fixture.eventPublisher.publish([happened('bob', 1)]);
      await eventually(fixture, () => seen.events.length > 0);
      await aWhile(fixture);
    });
    sameData(seen.names, ['bob 1']);
  },
  async 'publishes all events of a call or none'(fixture) {
    const seen = new Seen();
    await fixture.eventPublisher.publish([]);
    await assert.rejects(fixture.eventPublisher.publish([happened('ann', 1), happened('ann', 1)]));
    await listening(fixture, async subscribe => {
      await subscribe({ handle: recording(seen) });
      await aWhile(fixture);
    });
    sameData(seen.names, []);
  },
  async 'keeps the order of every key, in batches of no more than was asked for'(fixture) {
    const seen = new Seen();
    const sizes: number[] = [];
    const keys = ['ann', 'bob', 'cec', 'dan', 'eve'];
    const events = Array.from({ length: 60 }, (_, i) => happened(keys[i % 5] as string, Math.floor(i / 5) + 1));
    await listening(fixture, async subscribe => {
      await fixture.eventPublisher.publish(events.slice(0, 30));
      await subscribe({
        maxBatch: 7,
        handle: async batch => {
          sizes.push(batch.length);
          return recording(seen)(batch);
        },
      });
      for (const event of events.slice(30)) await fixture.eventPublisher.publish([event]);
      await eventually(fixture, () => seen.events.length >= 60);
      await aWhile(fixture);
    });
    for (const key of keys)
      sameData(
        seen.of(key),
        Array.from({ length: 12 }, (_, i) => `${key} ${i + 1}`),
      );
    assert.ok(Math.max(...sizes) <= 7 && Math.min(...sizes) > 0, `batches of ${sizes.join(', ')}`);
  },
  async 'gives no next event of a key before the one before it was answered'(fixture) {
    const [begun, enough] = [signal(), signal()];
    const seen = new Seen();
    await listening(fixture, async subscribe => {
      await subscribe({
        handle: oneByOne(async event => {
          seen.events.push(event);
          begun.give();
          await enough.happens;
        }),
      });
      await fixture.eventPublisher.publish([happened('ann', 1)]);
      await begun.happens;
      await fixture.eventPublisher.publish([happened('ann', 2)]);
      await aWhile(fixture);
      const names = seen.names;
      enough.give();
      sameData(names, ['ann 1']);
      await eventually(fixture, () => seen.events.length === 2);
    });
  },
  async 'gives every group everything'(fixture) {
    const all = [new Seen(), new Seen(), new Seen()];
    await listening(fixture, async subscribe => {
      for (const [i, seen] of all.entries()) await subscribe({ group: `group ${i}`, handle: recording(seen) });
      await fixture.eventPublisher.publish([happened('ann', 1), happened('bob', 1), happened('ann', 2)]);
      await eventually(fixture, () => all.every(({ events }) => events.length >= 3));
    });
    for (const seen of all) sameMembers(seen.names, ['ann 1', 'bob 1', 'ann 2']);
  },
  async 'starts a new group with the oldest event there is, or with the next one'(fixture) {
    const [old, fresh] = [new Seen(), new Seen()];
    await fixture.eventPublisher.publish([happened('ann', 1)]);
    await listening(fixture, async subscribe => {
      await subscribe({ group: 'old', handle: recording(old) });
      await subscribe({ group: 'fresh', from: 'NOW', handle: recording(fresh) });
      await fixture.eventPublisher.publish([happened('ann', 2)]);
      await eventually(fixture, () => old.events.length >= 2 && fresh.events.length >= 1);
    });
    sameData(old.names, ['ann 1', 'ann 2']);
    sameData(fresh.names, ['ann 2']);
  },
  async 'drains when it is stopped, and hands nothing over afterwards'(fixture) {
    const [begun, enough] = [signal(), signal()];
    const seen = new Seen();
    const steps: string[] = [];
    await listening(fixture, async subscribe => {
      const member = await subscribe({
        handle: oneByOne(async event => {
          seen.events.push(event);
          begun.give();
          await enough.happens;
          steps.push('handled');
        }),
      });
      await fixture.eventPublisher.publish([happened('ann', 1)]);
      await begun.happens;
      const stopped = member.stop().then(() => steps.push('stopped'));
      await fixture.eventPublisher.publish([happened('ann', 2), happened('bob', 1)]);
      await aWhile(fixture);
      enough.give();
      await stopped;
      await aWhile(fixture);
    });
    sameData(steps, ['handled', 'stopped']);
    sameData(seen.names, ['ann 1']);
  },
  async 'goes on where it was when it starts again, and loses nothing of the time between'(fixture) {
    const seen = new Seen();
    for (const version of [1, 2, 3]) {
      await fixture.eventPublisher.publish([happened('ann', version), happened('bob', version)]);
      await listening(fixture, async subscribe => {
        await subscribe({ handle: recording(seen) });
        await eventually(fixture, () => seen.events.length >= version * 2);
      });
    }
    sameData(seen.of('ann'), ['ann 1', 'ann 2', 'ann 3']);
    sameData(seen.of('bob'), ['bob 1', 'bob 2', 'bob 3']);
  },
  async 'shares the work among the members of a group, and no key between two at a time'(fixture) {
    const members = [new Seen(), new Seen()];
    const busy = new Set<string>();
    const clashes: string[] = [];
    let version = 0;
    const keys = Array.from({ length: 32 }, (_, i) => `user-${i}`);
    await listening(fixture, async subscribe => {
      for (const seen of members)
        await subscribe({
          handle: async batch => {
            for (const event of batch) if (busy.has(event.key)) clashes.push(nameOf(event));
            const mine = new Set(batch.map(({ key }) => key));
            for (const key of mine) busy.add(key);
            await aWhile({ elapse: () => undefined });
            for (const key of mine) busy.delete(key);
            return recording(seen)(batch);
          },
        });
      await eventually(
        fixture,
        async () => {
          version++;
          await fixture.eventPublisher.publish(keys.map(key => happened(key, version)));
          return members.every(({ events }) => events.length > 0);
        },
        'work for the second member',
      );
      await eventually(fixture, () => members.flatMap(({ names }) => names).length >= version * keys.length);
    });
    sameData(clashes, []);
    sameMembers(new Set(members.flatMap(({ names }) => names)), [
      ...keys.flatMap(key => Array.from({ length: version }, (_, i) => `${key} ${i + 1}`)),
    ]);
  },
  async 'waits out a store that is away, and blames no event for it'(fixture) {
    const seen = new Seen();
    let failures = 0;
    await listening(fixture, async subscribe => {
      await subscribe({
        handle: async batch => {
          failures++;
          if (failures <= 4) throw new StoreUnavailableError('away');
          if (failures <= 6) return batch.map(() => failed(new StoreUnavailableError('away')));
          seen.events.push(...batch);
          return batch.map(() => handled);
        },
      });
      await fixture.eventPublisher.publish([happened('ann', 1), happened('ann', 2), happened('bob', 1)]);
      await eventually(fixture, () => seen.events.length >= 3);
    });
    for (const name of ['ann 1', 'ann 2', 'bob 1']) sameData(seen.attempts(name), [1]);
    sameData((await fixture.deadLetters.list({ group: null, status: null, limit: 10, cursor: null })).items, []);
  },
  async 'refuses a subscription that makes no sense'({ eventConsumer }) {
    const handle = async () => [];
    await assert.rejects(eventConsumer.subscribe({ group: '', types: [PAID], handle }), /group/);
    await assert.rejects(eventConsumer.subscribe({ group: 'group', types: [], handle }), /types/);
    await assert.rejects(eventConsumer.subscribe({ group: 'group', types: [PAID], maxBatch: 0, handle }), /maxBatch/);
  },
});
