import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import { oneByOne } from '../bus/one-by-one.js';
import type { DeadLetter } from '../ports/dead-letters.js';
import { type DeliveredEvent, failed, type Handled, handled } from '../ports/event-bus.js';
import { ATTEMPTS, aWhile, eventually, happened, listening, nameOf, Seen } from './bus-samples.js';
import { contract } from './contract.js';
import { sameData, sameMembers } from './same-data.js';

export interface EventBusFixture
  extends Pick<Adapters, 'unitOfWork' | 'events' | 'eventPublisher' | 'eventConsumer' | 'deadLetters'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = EventBusFixture;

const letters = async ({ deadLetters }: Fixture): Promise<readonly DeadLetter[]> =>
  (await deadLetters.list({ group: null, status: null, limit: 100, cursor: null })).items;

/** Fails these events by name as often as is said, and does all others. */
const failing = (seen: Seen, times: Record<string, number>, error: (event: DeliveredEvent) => Error = boom) =>
  oneByOne(async event => {
    seen.events.push(event);
    const left = times[nameOf(event)] ?? 0;
    if (left === 0) return;
    times[nameOf(event)] = left - 1;
    throw error(event);
  });

class Boom extends Error {
  override readonly name = 'Boom';
}
const boom = (event: DeliveredEvent) => new Boom(`no to ${nameOf(event)}`);

/** What becomes of events whose handler fails. */
export const eventBusFailuresContract = contract<Fixture>('EventBus when handlers fail', {
  async 'hands a failed event over again, and tells how often it was tried'(fixture) {
    const seen = new Seen();
    await listening(fixture, async subscribe => {
      await subscribe({ handle: failing(seen, { 'ann 1': 2 }) });
      await fixture.eventPublisher.publish([happened('ann', 1)]);
      await eventually(fixture, () => seen.events.length >= 3);
      await aWhile(fixture);
    });
    sameData(seen.attempts('ann 1'), [1, 2, 3]);
    sameData(await letters(fixture), []);
  },
  async 'keeps the order of a key behind its failed event, and holds up no other key'(fixture) {
    const seen = new Seen();
    await listening(fixture, async subscribe => {
      await subscribe({ handle: failing(seen, { 'ann 2': 3 }) });
      await fixture.eventPublisher.publish([1, 2, 3].map(version => happened('ann', version)));
      await eventually(fixture, () => seen.names.includes('ann 2'));
      await fixture.eventPublisher.publish([happened('ann', 4), happened('bob', 1), happened('ann', 5)]);
      await eventually(fixture, () => seen.names.includes('ann 5') && seen.names.includes('bob 1'));
    });
    sameData(seen.of('ann'), ['ann 1', 'ann 2', 'ann 2', 'ann 2', 'ann 2', 'ann 3', 'ann 4', 'ann 5']);
    assert.ok(seen.names.indexOf('bob 1') < seen.names.lastIndexOf('ann 2'), 'bob did not wait for ann');
    sameData(await letters(fixture), []);
  },
  async 'takes what follows a failed event of its key for not handled, whatever is answered'(fixture) {
    const seen = new Seen();
    const answer = (event: DeliveredEvent): Handled =>
      nameOf(event) === 'ann 1' && event.attempt === 1 ? failed(boom(event)) : handled;
    await fixture.eventPublisher.publish([happened('ann', 1), happened('ann', 2), happened('bob', 1)]);
    await listening(fixture, async subscribe => {
      await subscribe({
        handle: async batch => {
          seen.events.push(...batch);
          return batch.map(answer);
        },
      });
      await eventually(fixture, () => seen.of('ann').length >= 4);
      await aWhile(fixture);
    });
    sameData(seen.of('ann'), ['ann 1', 'ann 2', 'ann 1', 'ann 2']);
    sameData(seen.of('bob'), ['bob 1']);
  },
  async 'lets nothing wait behind a failed event where order is NONE'(fixture) {
    for (const [key, isThrown] of [
      ['ann', false],
      ['bob', true],
    ] as const) {
      const [bad, late] = [`${key} 2`, happened(key, 4)];
      const done: string[] = [];
      const retried: string[] = [];
      let published: Promise<void> | null = null;
      // Until the last one is done, which comes when it has failed already: whoever lets that one wait gives it up.
      const isBad = (event: DeliveredEvent) => nameOf(event) === bad && !done.includes(nameOf(late));
      const answer = (event: DeliveredEvent) => {
        if (isBad(event)) return failed(boom(event));
        done.push(nameOf(event));
        return handled;
      };
      await fixture.eventPublisher.publish([1, 2, 3].map(version => happened(key, version)));
      await listening(fixture, async subscribe => {
        await subscribe({
          ...{ group: key, order: 'NONE' },
          handle: async batch => {
            retried.push(...batch.filter(({ attempt }) => attempt > 1).map(nameOf));
            if (!batch.some(isBad)) return batch.map(answer);
            published ??= fixture.eventPublisher.publish([late]);
            await published;
            if (isThrown) throw new Boom('somewhere in it');
            return batch.map(answer);
          },
        });
        await eventually(fixture, () => done.includes(bad));
      });
      const own = done.filter(name => name.startsWith(key));
      sameMembers(own, [`${key} 1`, bad, `${key} 3`, `${key} 4`]);
      sameData(
        retried.filter(name => name !== bad),
        [],
      );
    }
    sameData(await letters(fixture), []);
  },
  async 'makes a dead letter with its cause after the last attempt, and the key goes on'(fixture) {
    const seen = new Seen();
    await listening(fixture, async subscribe => {
      await subscribe({ group: 'shipping', handle: failing(seen, { 'ann 1': 100 }) });
      await fixture.eventPublisher.publish([happened('ann', 1, { data: { money: 5 } }), happened('ann', 2)]);
      await eventually(fixture, () => seen.names.includes('ann 2'));
      await aWhile(fixture);
    });
    sameData(
      seen.attempts('ann 1'),
      Array.from({ length: ATTEMPTS }, (_, i) => i + 1),
    );
    const [letter, ...others] = await letters(fixture);
    assert.ok(letter, 'a dead letter');
    sameData(others, []);
    const { id, error, firstFailedAt, lastFailedAt, ...facts } = letter;
    sameData(facts, {
      ...{ group: 'shipping', status: 'DEAD', eventId: 'order/ann:1', type: 'order.paid.v1', key: 'ann' },
      ...{ data: { money: 5 }, attempts: ATTEMPTS, redrives: 0 },
    });
    sameData([error.name, error.message, error.stack.includes('no to ann 1')], ['Boom', 'no to ann 1', true]);
    assert.ok(firstFailedAt <= lastFailedAt && id !== '', `${firstFailedAt} ≤ ${lastFailedAt}`);
  },
  async 'gives up at once what no further attempt would help'(fixture) {
    const seen = new Seen();
    await fixture.eventPublisher.publish([happened('ann', 1), happened('ann', 2), happened('bob', 1)]);
    await listening(fixture, async subscribe => {
      const handle = oneByOne(
        async event => {
          seen.events.push(event);
          if (nameOf(event) === 'ann 1') throw boom(event);
        },
        { isFatal: error => error instanceof Boom },
      );
      await subscribe({ handle });
      await eventually(fixture, () => seen.names.includes('ann 2') && seen.names.includes('bob 1'));
      await aWhile(fixture);
    });
    sameData(seen.of('ann'), ['ann 1', 'ann 2']);
    sameData(
      (await letters(fixture)).map(({ eventId, attempts }) => [eventId, attempts]),
      [['order/ann:1', 1]],
    );
  },
  async 'finds the event for which a whole batch fails'(fixture) {
    const seen = new Seen();
    const done = new Set<string>();
    await fixture.eventPublisher.publish(['ann', 'bob', 'cec', 'dan'].map(key => happened(key, 1)));
    await listening(fixture, async subscribe => {
      await subscribe({
        handle: async batch => {
          seen.events.push(...batch);
          if (batch.some(({ key }) => key === 'cec')) throw new Boom('somewhere in it');
          for (const { key } of batch) done.add(key);
          return batch.map(() => handled);
        },
      });
      await eventually(fixture, async () => done.size === 3 && (await letters(fixture)).length > 0);
    });
    sameData([...done].sort(), ['ann', 'bob', 'dan']);
    sameData(
      (await letters(fixture)).map(({ key, error }) => [key, error.message]),
      [['cec', 'somewhere in it']],
    );
  },
  async 'takes a handler that answers too little for one that failed'(fixture) {
    const seen = new Seen();
    await fixture.eventPublisher.publish([happened('ann', 1), happened('bob', 1)]);
    await listening(fixture, async subscribe => {
      await subscribe({
        handle: async batch => {
          seen.events.push(...batch);
          return batch.length > 1 ? [handled] : batch.map(() => handled);
        },
      });
      await eventually(fixture, () => seen.names.filter(name => name === 'bob 1').length >= 2);
      await aWhile(fixture);
    });
    sameData(await letters(fixture), []);
  },
  async 'goes on with what it has put aside when it starts again'(fixture) {
    const seen = new Seen();
    const times = { 'ann 1': 1 };
    await fixture.eventPublisher.publish([happened('ann', 1), happened('ann', 2)]);
    await listening(fixture, async subscribe => {
      await subscribe({ handle: failing(seen, times) });
      await eventually(fixture, () => seen.events.length > 0);
    });
    await fixture.eventPublisher.publish([happened('ann', 3)]);
    await listening(fixture, async subscribe => {
      await subscribe({ handle: failing(seen, times) });
      await eventually(fixture, () => seen.names.includes('ann 3'));
    });
    sameData(seen.of('ann'), ['ann 1', 'ann 1', 'ann 2', 'ann 3']);
    sameData(seen.attempts('ann 1'), [1, 2]);
  },
  async 'blames no group for what another one could not handle'(fixture) {
    const [good, bad] = [new Seen(), new Seen()];
    await fixture.eventPublisher.publish([happened('ann', 1), happened('ann', 2)]);
    await listening(fixture, async subscribe => {
      await subscribe({ group: 'good', handle: failing(good, {}) });
      await subscribe({ group: 'bad', handle: failing(bad, { 'ann 1': 100 }) });
      await eventually(fixture, () => bad.names.includes('ann 2') && good.names.includes('ann 2'));
    });
    sameData(good.names, ['ann 1', 'ann 2']);
    sameData(
      (await letters(fixture)).map(({ group }) => group),
      ['bad'],
    );
  },
});
