import assert from 'node:assert/strict';
import { oneByOne } from '../bus/one-by-one.js';
import { type DeadLetter, MOST_REDRIVES } from '../ports/dead-letters.js';
import { aWhile, eventually, happened, listening, PAID, Seen } from './bus-samples.js';
import { contract } from './contract.js';
import type { EventBusFixture } from './event-bus-failures-contract.js';
import { sameData } from './same-data.js';

type Fixture = EventBusFixture;
type Subscribe = Parameters<Parameters<typeof listening>[1]>[0];

const everything = { group: null, status: null, limit: 100, cursor: null };
const letters = async ({ deadLetters }: Fixture) => (await deadLetters.list(everything)).items;

/** A group whose handler gives up at once whatever `isBad`. */
const strict = (subscribe: Subscribe, group: string, isBad: (key: string) => boolean, seen = new Seen()) =>
  subscribe({
    group,
    handle: oneByOne(
      async event => {
        seen.events.push(event);
        if (isBad(event.key)) throw new Error(`no to ${event.key}`);
      },
      { isFatal: () => true },
    ),
  });

/** As many dead letters of a group as keys are named. */
async function dead(fixture: Fixture, group: string, keys: readonly string[]): Promise<readonly DeadLetter[]> {
  await listening(fixture, async subscribe => {
    await strict(subscribe, group, () => true);
    for (const key of keys) {
      await fixture.eventPublisher.publish([happened(key, 1)]);
      const isThere = async () => (await letters(fixture)).some(each => each.group === group && each.key === key);
      await eventually(fixture, isThere, `the dead letter of ${key}`);
      await fixture.elapse(2);
    }
  });
  return (await letters(fixture)).filter(each => each.group === group);
}

export const deadLettersContract = contract<Fixture>('DeadLetters', {
  async 'gets a store of its own for every case'(fixture, another) {
    await dead(fixture, 'group', ['ann']);
    sameData(await letters(await another()), []);
  },
  async 'lists the newest failure first, by group and status, in pages of any size'(fixture) {
    const keys = ['ann', 'bob', 'cec', 'dan', 'eve'];
    await dead(fixture, 'shipping', keys);
    await listening(fixture, async subscribe => {
      await strict(subscribe, 'billing', key => key === 'bob');
      await eventually(fixture, async () => (await letters(fixture)).length === 6);
    });
    const { deadLetters } = fixture;
    for (const limit of [1, 2, 5, 6]) {
      const listed: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof deadLetters.list>> = await deadLetters.list({
          ...{ group: 'shipping', status: 'DEAD', limit, cursor },
        });
        listed.push(...page.items.map(({ key }) => key));
        cursor = page.nextCursor;
      } while (cursor !== null && listed.length < 100);
      sameData(listed, [...keys].reverse(), `by ${limit}`);
    }
    sameData(
      (await deadLetters.list({ ...everything, group: 'billing' })).items.map(({ key }) => key),
      ['bob'],
    );
    sameData((await deadLetters.list({ ...everything, status: 'FAILED' })).items, []);
  },
  async 'finds one by its id'(fixture) {
    const [letter] = await dead(fixture, 'group', ['ann']);
    sameData(await fixture.deadLetters.find(letter?.id ?? ''), letter);
    for (const unknown of ['0', '999999', 'nothing', '']) sameData(await fixture.deadLetters.find(unknown), null);
  },
  async 'sends one round again, and forgets it when it is handled'(fixture) {
    const [ann] = await dead(fixture, 'group', ['bob', 'ann']);
    const seen = new Seen();
    sameData(await fixture.deadLetters.redrive(ann?.id ?? ''), 'REDRIVEN');
    await listening(fixture, async subscribe => {
      await strict(subscribe, 'group', () => false, seen);
      await eventually(fixture, async () => (await letters(fixture)).length === 1);
      await aWhile(fixture);
    });
    sameData(seen.names, ['ann 1']);
    sameData(seen.attempts('ann 1'), [2]);
    sameData(
      (await letters(fixture)).map(({ key, status }) => [key, status]),
      [['bob', 'DEAD']],
    );
    sameData(await fixture.deadLetters.redrive(ann?.id ?? ''), null);
  },
  async 'holds up nobody for one that is sent round again'(fixture) {
    const [ann] = await dead(fixture, 'group', ['ann']);
    const seen = new Seen();
    await fixture.deadLetters.redrive(ann?.id ?? '');
    await listening(fixture, async subscribe => {
      await strict(subscribe, 'group', key => key === 'ann' && seen.of('ann').length < 2, seen);
      await fixture.eventPublisher.publish([happened('ann', 2)]);
      await eventually(fixture, () => seen.names.includes('ann 2'));
    });
  },
  async 'counts the redrives, and has failed for good after the last'(fixture) {
    const [letter] = await dead(fixture, 'group', ['ann']);
    const id = letter?.id ?? '';
    const { deadLetters } = fixture;
    await listening(fixture, async subscribe => {
      await strict(subscribe, 'group', () => true);
      for (let turn = 1; turn <= MOST_REDRIVES; turn++) {
        sameData(await deadLetters.redrive(id), 'REDRIVEN');
        await eventually(fixture, async () => (await deadLetters.find(id))?.status !== 'REDRIVEN');
        const found = await deadLetters.find(id);
        const status = turn === MOST_REDRIVES ? 'FAILED' : 'DEAD';
        sameData([found?.redrives, found?.attempts, found?.status], [turn, turn + 1, status]);
      }
      sameData(await deadLetters.redrive(id), 'FAILED');
      await aWhile(fixture);
    });
    sameData((await deadLetters.find(id))?.attempts, MOST_REDRIVES + 1);
    sameData(await deadLetters.redriveDue(0, 10), 0);
  },
  async 'sends round again those that have been dead for so long, the oldest first, no more than the limit'(fixture) {
    await dead(fixture, 'group', ['ann', 'bob', 'cec']);
    await fixture.elapse(1_100);
    await dead(fixture, 'other', ['dan']);
    const { deadLetters } = fixture;
    const redriven = async () =>
      (await deadLetters.list({ ...everything, status: 'REDRIVEN' })).items.map(({ key }) => key).sort();
    sameData(await deadLetters.redriveDue(3_600, 10), 0);
    sameData(await deadLetters.redriveDue(1, 2), 2);
    sameData(await redriven(), ['ann', 'bob']);
    sameData(await deadLetters.redriveDue(1, 2), 1);
    sameData(await redriven(), ['ann', 'bob', 'cec']);
  },
  async 'tells how far every group is behind, and what it has put aside'(fixture) {
    const { deadLetters, eventPublisher } = fixture;
    sameData(await deadLetters.figures(), []);
    const none = { lagMs: 0, parked: 0, dead: 0, failed: 0 };
    const [letter] = await dead(fixture, 'group', ['ann']);
    sameData(await deadLetters.figures(), [{ group: 'group', ...none, dead: 1 }]);
    await eventPublisher.publish([happened('bob', 1)]);
    await fixture.elapse(50);
    const [behind] = await deadLetters.figures();
    assert.ok(behind && behind.lagMs >= 50 && behind.lagMs < 30_000, `${behind?.lagMs} ms behind`);
    await listening(fixture, async subscribe => {
      await subscribe({
        handle: oneByOne(async ({ key }) => {
          if (key === 'bob') throw new Error('not yet');
        }),
      });
      await eventually(fixture, async () => (await deadLetters.figures())[0]?.parked === 1);
      const [parked] = await deadLetters.figures();
      assert.ok(parked && parked.lagMs >= 50, 'what is put aside counts as not handed over');
    });
    assert.ok(letter, PAID);
  },
});
