import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { aMoment, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

/** The event log is what the cases write to: the simplest of the ports. */
export type UnitOfWorkFixture = Pick<Adapters, 'unitOfWork' | 'events' | 'ids'>;

const origin = { actor: 'contract', traceparent: null };

const note = ({ events }: UnitOfWorkFixture, tx: Transaction, streamId: string, streamVersion = 1) =>
  events.append(tx, [{ streamId, streamVersion, type: 'note.v1', data: {}, key: streamId, origin }]);

const notes = async ({ events }: UnitOfWorkFixture, tx: Transaction, streamId: string) =>
  (await events.stream(tx, streamId)).map(({ streamVersion }) => streamVersion);

export const unitOfWorkContract = contract<UnitOfWorkFixture>('UnitOfWork', {
  async 'gets a store of its own for every case'(fixture, another) {
    const id = fixture.ids.next();
    await fixture.unitOfWork.run(tx => note(fixture, tx, id));
    const other = await another();
    sameData(await other.unitOfWork.run(tx => notes(other, tx, id)), []);
  },
  async 'answers what the work answers'({ unitOfWork }) {
    assert.equal(await unitOfWork.run(async () => 42), 42);
    assert.equal(await unitOfWork.run(async () => undefined), undefined);
  },
  async 'keeps what the work has written'(fixture) {
    const id = fixture.ids.next();
    await fixture.unitOfWork.run(tx => note(fixture, tx, id));
    sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, id)), [1]);
  },
  async 'lets the work read what it has written itself'(fixture) {
    const id = fixture.ids.next();
    const seen = await fixture.unitOfWork.run(async tx => {
      await note(fixture, tx, id);
      return notes(fixture, tx, id);
    });
    sameData(seen, [1]);
  },
  async 'throws the very error of the work'({ unitOfWork }) {
    const planned = new Error('planned');
    await assert.rejects(
      unitOfWork.run(async () => {
        throw planned;
      }),
      error => error === planned,
    );
  },
  async 'rejects when the work throws before it awaits anything'({ unitOfWork }) {
    const sync = () => {
      throw new Error('at once');
    };
    await assert.rejects(async () => unitOfWork.run(sync), /at once/);
    assert.equal(await unitOfWork.run(async () => 'goes on'), 'goes on');
  },
  async 'takes back everything when the work fails'(fixture) {
    const ids = Array.from({ length: 3 }, () => fixture.ids.next());
    await rolledBack(fixture.unitOfWork, async tx => {
      for (const id of ids) await note(fixture, tx, id);
    });
    for (const id of ids) sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, id)), []);
  },
  async 'shows nobody what may still be taken back'(fixture) {
    const id = fixture.ids.next();
    const seen: Promise<readonly number[]>[] = [];
    await rolledBack(
      fixture.unitOfWork,
      tx => note(fixture, tx, id),
      async () => {
        seen.push(fixture.unitOfWork.run(tx => notes(fixture, tx, id)));
        // A store that runs one after the other answers only after the end of the first.
        await Promise.race([aMoment(), ...seen]);
      },
    );
    sameData(await Promise.all(seen), [[]]);
  },
  async 'does not take back what others wrote meanwhile'(fixture) {
    const [mine, other] = [fixture.ids.next(), fixture.ids.next()];
    let written: Promise<void> = Promise.resolve();
    await rolledBack(
      fixture.unitOfWork,
      tx => note(fixture, tx, mine),
      async () => {
        written = fixture.unitOfWork.run(tx => note(fixture, tx, other));
        await Promise.race([aMoment(), written]);
      },
    );
    await written;
    sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, other)), [1]);
    sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, mine)), []);
  },
  async 'takes nothing more for a work that has ended, however it ended'(fixture) {
    const id = fixture.ids.next();
    const over: Transaction[] = [];
    const remember = async (tx: Transaction) => void over.push(tx);
    await fixture.unitOfWork.run(remember);
    await rolledBack(fixture.unitOfWork, remember);
    for (const tx of over) await assert.rejects(async () => note(fixture, tx, id));
    sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, id)), []);
  },
  async 'goes on after a failure'(fixture) {
    const id = fixture.ids.next();
    await rolledBack(fixture.unitOfWork, tx => note(fixture, tx, id));
    await fixture.unitOfWork.run(tx => note(fixture, tx, id));
    sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, id)), [1]);
  },
  async 'writes all of twenty that run at the same time, and nothing of those that fail'(fixture) {
    const id = fixture.ids.next();
    const outcomes = await twenty(index =>
      fixture.unitOfWork
        .run(async tx => {
          await note(fixture, tx, id, index + 1);
          if (index % 2 === 1) throw new Error('planned');
          return index + 1;
        })
        .catch(() => null),
    );
    const kept = outcomes.filter(version => version !== null);
    assert.equal(kept.length, 10);
    sameData(await fixture.unitOfWork.run(tx => notes(fixture, tx, id)), kept);
  },
});
