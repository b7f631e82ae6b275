import assert from 'node:assert/strict';
import type { Transaction } from '../ports/unit-of-work.js';
import {
  count,
  type AggregateRepositoryFixture as Fixture,
  first,
  second,
  store,
  stored,
  versionOf,
} from './aggregate-fixture.js';
import { aMoment, oneAfterTheOther, rolledBack, signal, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries, sameMembers } from './same-data.js';

export const aggregateRepositoryContract = contract<Fixture>('AggregateRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    await store(fixture, [first(fixture, 0)]);
    assert.equal(await versionOf(await another(), fixture.samples.id(0)), 0);
  },
  async 'answers the initial state at version 0 for an id that was never written'(fixture) {
    const id = fixture.samples.id(0);
    const initial = { version: 0, state: fixture.samples.initial };
    sameEntries(await stored(fixture, [id]), [[id, initial]]);
    const locked = await fixture.unitOfWork.run(tx => fixture.repository.load(tx, [id], { lock: true }));
    sameEntries(locked, [[id, initial]]);
  },
  async 'reads back every state of a life as it was written'(fixture) {
    const id = fixture.samples.id(0);
    for (const [version, state] of fixture.samples.life(0).entries()) {
      const change = { id, expectedVersion: version, version: version + 1, state };
      sameMembers(await store(fixture, [change]), [id]);
      sameEntries(await stored(fixture, [id]), [[id, { version: version + 1, state }]]);
    }
  },
  async 'stores the version that it is told, when several events were folded into one change'(fixture) {
    const id = fixture.samples.id(0);
    sameMembers(await store(fixture, [first(fixture, 0, 3)]), [id]);
    sameMembers(await store(fixture, [{ ...second(fixture, 0, 3), version: 7 }]), [id]);
    assert.equal(await versionOf(fixture, id), 7);
  },
  async 'does nothing for no ids and no changes'(fixture) {
    sameEntries(await stored(fixture, []), []);
    sameEntries(await fixture.unitOfWork.run(tx => fixture.repository.load(tx, [], { lock: true })), []);
    sameMembers(await store(fixture, []), []);
  },
  async 'answers every id with its own state, whatever their order, asked for once or twice'(fixture) {
    const indexes = [4, 0, 3, 1, 2];
    await store(
      fixture,
      [0, 1, 2, 3].map(index => first(fixture, index, index + 1)),
    );
    const ids = [...indexes, ...indexes].map(index => fixture.samples.id(index));
    const expected = indexes.map(index => {
      const state = index === 4 ? fixture.samples.initial : fixture.samples.life(index)[0];
      return [fixture.samples.id(index), { version: index === 4 ? 0 : index + 1, state }] as const;
    });
    sameEntries(await stored(fixture, ids), expected);
    const locked = await fixture.unitOfWork.run(tx => fixture.repository.load(tx, ids, { lock: true }));
    sameEntries(locked, expected);
  },
  async 'writes and reads a thousand in one call'(fixture) {
    const indexes = Array.from({ length: 1_000 }, (_, index) => index);
    const ids = indexes.map(index => fixture.samples.id(index));
    const born = indexes.map(index => first(fixture, index)).reverse();
    sameMembers(await store(fixture, born), ids);
    const grown = indexes.map(index => second(fixture, index));
    sameMembers(await store(fixture, grown), ids);
    const expected = grown.map(({ id, state }) => [id, { version: 2, state }] as const);
    sameEntries(await stored(fixture, ids), expected);
  },
  async 'writes nothing of a stale change, and all of its neighbours'(fixture) {
    const [stale, grown, fresh] = [0, 1, 2].map(index => fixture.samples.id(index)) as [string, string, string];
    await store(fixture, [first(fixture, 0, 2), first(fixture, 1)]);
    const changes = [second(fixture, 0, 1), second(fixture, 1), first(fixture, 2)];
    sameMembers(await store(fixture, changes), [grown, fresh]);
    sameEntries(await stored(fixture, [stale, grown, fresh]), [
      [stale, { version: 2, state: fixture.samples.life(0)[0] }],
      [grown, { version: 2, state: fixture.samples.life(1)[1] }],
      [fresh, { version: 1, state: fixture.samples.life(2)[0] }],
    ]);
  },
  async 'refuses a version that is behind, one that is ahead, and one of what does not exist'(fixture) {
    const id = fixture.samples.id(0);
    await store(fixture, [first(fixture, 0, 2)]);
    for (const expected of [0, 1, 3]) sameMembers(await store(fixture, [second(fixture, 0, expected)]), []);
    sameMembers(await store(fixture, [second(fixture, 1, 1)]), []);
    assert.equal(await versionOf(fixture, id), 2);
    assert.equal(await versionOf(fixture, fixture.samples.id(1)), 0);
  },
  async 'reads in a transaction what it wrote there'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    await unitOfWork.run(async tx => {
      await repository.save(tx, [first(fixture, 0)]);
      sameData((await repository.load(tx, [samples.id(0)])).get(samples.id(0)), {
        version: 1,
        state: samples.life(0)[0],
      });
      sameMembers(await repository.save(tx, [second(fixture, 0)]), [samples.id(0)]);
    });
    assert.equal(await versionOf(fixture, samples.id(0)), 2);
  },
  async 'takes back births and changes when the work fails'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    await store(fixture, [first(fixture, 0)]);
    await rolledBack(unitOfWork, tx => repository.save(tx, [second(fixture, 0), first(fixture, 1)]));
    sameEntries(await stored(fixture, [samples.id(0), samples.id(1)]), [
      [samples.id(0), { version: 1, state: samples.life(0)[0] }],
      [samples.id(1), { version: 0, state: samples.initial }],
    ]);
    sameMembers(await store(fixture, [second(fixture, 0), first(fixture, 1)]), [samples.id(0), samples.id(1)]);
  },
  async 'shows nobody what may still be taken back'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    await store(fixture, [first(fixture, 0)]);
    const seen: Promise<unknown>[] = [];
    await rolledBack(
      unitOfWork,
      tx => repository.save(tx, [second(fixture, 0)]),
      async () => {
        seen.push(versionOf(fixture, samples.id(0)));
        await Promise.race([aMoment(), ...seen]);
      },
    );
    sameData(await Promise.all(seen), [1]);
  },
  async 'lets exactly one of twenty concurrent births win'(fixture) {
    const wins = await twenty(() => store(fixture, [first(fixture, 0)]));
    assert.equal(wins.filter(written => written.has(fixture.samples.id(0))).length, 1);
    assert.equal(await versionOf(fixture, fixture.samples.id(0)), 1);
  },
  async 'lets exactly one of twenty concurrent changes win'(fixture) {
    const id = fixture.samples.id(0);
    await store(fixture, [first(fixture, 0)]);
    const wins = await twenty(() => store(fixture, [second(fixture, 0)]));
    assert.equal(wins.filter(written => written.has(id)).length, 1);
    assert.equal(await versionOf(fixture, id), 2);
  },
  async 'loses no update of two that read the same version'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    const id = samples.id(0);
    await store(fixture, [first(fixture, 0)]);
    const bothHaveRead = signal();
    let readers = 0;
    const write = () =>
      unitOfWork.run(async tx => {
        const version = (await repository.load(tx, [id])).get(id)?.version ?? 0;
        readers += 1;
        if (readers === 2) bothHaveRead.give();
        // Where transactions run one after the other the second can't read before the first has ended.
        await Promise.race([bothHaveRead.happens, aMoment()]);
        return (await repository.save(tx, [second(fixture, 0, version)])).has(id);
      });
    const wins = (await Promise.all([write(), write()])).filter(Boolean);
    assert.equal(await versionOf(fixture, id), 1 + wins.length);
  },
  async 'counts every one of twenty that read under a lock'(fixture) {
    await store(fixture, [first(fixture, 0)]);
    const wins = await twenty(() => fixture.unitOfWork.run(tx => count(fixture, tx)));
    assert.equal(wins.filter(Boolean).length, 20);
    assert.equal(await versionOf(fixture, fixture.samples.id(0)), 21);
  },
  async 'keeps a second lock waiting until the first transaction ends'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    const id = samples.id(0);
    await store(fixture, [first(fixture, 0)]);
    const lock = async (tx: Transaction) => (await repository.load(tx, [id], { lock: true })).get(id);
    let seen: unknown;
    const order = await oneAfterTheOther(
      unitOfWork,
      async tx => {
        await lock(tx);
        await repository.save(tx, [second(fixture, 0)]);
      },
      async tx => {
        seen = await lock(tx);
      },
    );
    sameData(order, ['first', 'second']);
    sameData(seen, { version: 2, state: samples.life(0)[1] }, 'the second must see what the first has written');
  },
  async 'keeps a writer waiting while somebody else has the lock'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    const id = samples.id(0);
    await store(fixture, [first(fixture, 0)]);
    const order = await oneAfterTheOther(
      unitOfWork,
      tx => repository.load(tx, [id], { lock: true }),
      async tx => sameMembers(await repository.save(tx, [second(fixture, 0)]), [id]),
    );
    sameData(order, ['first', 'second']);
  },
  async 'lets go of its locks when the work fails'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    await store(fixture, [first(fixture, 0)]);
    await rolledBack(unitOfWork, tx => repository.load(tx, [samples.id(0)], { lock: true }));
    sameMembers(await store(fixture, [second(fixture, 0)]), [samples.id(0)]);
  },
  async 'ends all of twenty that lock the same set in different orders'(fixture) {
    const { unitOfWork, repository, samples } = fixture;
    const ids = [0, 1, 2].map(index => samples.id(index));
    await store(
      fixture,
      [0, 1, 2].map(index => first(fixture, index)),
    );
    await twenty(index =>
      unitOfWork.run(async tx => {
        const shuffled = index % 2 === 0 ? ids : [...ids].reverse();
        const loaded = await repository.load(tx, shuffled, { lock: true });
        const changes = [...loaded].map(([id, { version, state }]) => ({
          ...{ id, state },
          ...{ expectedVersion: version, version: version + 1 },
        }));
        sameMembers(await repository.save(tx, changes), ids);
      }),
    );
    for (const id of ids) assert.equal(await versionOf(fixture, id), 21);
  },
});
