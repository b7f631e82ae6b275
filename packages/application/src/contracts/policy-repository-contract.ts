import assert from 'node:assert/strict';
import type { Policy } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { ConflictError } from '../ports/errors.js';
import { rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries } from './same-data.js';
import { AN_INSTANT, aPolicy, born, terms } from './samples.js';

export type PolicyRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'policies' | 'ids'>;
type Fixture = PolicyRepositoryFixture;

const named = (name: string, version = 1) => aPolicy({ version, terms: terms({ name }) });
const withCode = (code: string | null) => aPolicy({ terms: terms({ code }) });

const create = ({ unitOfWork, policies }: Fixture, id: string, state: Policy) =>
  unitOfWork.run(tx => policies.save(tx, [born(id, state)]));

const change = ({ unitOfWork, policies }: Fixture, id: string, expectedVersion: number, state: Policy) =>
  unitOfWork.run(tx => policies.save(tx, [{ id, expectedVersion, version: expectedVersion + 1, state }]));

const byCode = ({ unitOfWork, policies }: Fixture, codes: readonly string[]) =>
  unitOfWork.run(tx => policies.idsByCode(tx, codes));

const names = async ({ unitOfWork, policies }: Fixture, refs: readonly (readonly [string, number])[]) => {
  const wanted = refs.map(([policyId, version]) => ({ policyId, version }));
  const found = await unitOfWork.run(tx => policies.versions(tx, wanted));
  return found.map(({ policyId, version, terms: { name } }) => [policyId, version, name]);
};

const codeIsTaken = (error: unknown) => error instanceof ConflictError && error.code === 'CONFLICT';

export const policyRepositoryContract = contract<Fixture>('PolicyRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    await create(fixture, fixture.ids.next(), withCode('SAVE10'));
    sameEntries(await byCode(await another(), ['SAVE10']), []);
  },
  async 'keeps every field of the terms'(fixture) {
    const id = fixture.ids.next();
    const rich = terms({
      ...{ name: '추석 한가위 🎑', description: 'line one\nline two "quoted" \\ back', code: 'SAVE10' },
      discount: {
        type: 'TIERED',
        tiers: [
          { from: 30_000, amount: Number.MAX_SAFE_INTEGER },
          { from: 50_000, percent: '12.5' },
        ],
        maxAmount: null,
        rounding: { mode: 'DOWN', unit: 10 },
      },
      limits: { total: 2_147_483_647, perUser: 1, perDay: 300, budget: Number.MAX_SAFE_INTEGER },
      validity: { from: AN_INSTANT, until: AN_INSTANT + 1, untilInclusive: true, daysAfterIssue: 0 },
      issuePeriod: { from: 1, until: 253_402_300_799_999 },
    });
    await create(fixture, id, aPolicy({ terms: rich }));
    const [version] = await fixture.unitOfWork.run(tx => fixture.policies.versions(tx, [{ policyId: id, version: 1 }]));
    sameData(version, { policyId: id, version: 1, terms: rich });
  },
  async 'keeps every version of the terms after edits'(fixture) {
    const id = fixture.ids.next();
    await create(fixture, id, named('one'));
    await change(fixture, id, 1, named('two', 2));
    await change(fixture, id, 2, { ...named('two', 2), status: 'PAUSED' });
    await change(fixture, id, 3, named('three', 3));
    const refs = [1, 2, 3].map(version => [id, version] as const);
    sameData(await names(fixture, refs), [
      [id, 1, 'one'],
      [id, 2, 'two'],
      [id, 3, 'three'],
    ]);
  },
  async 'answers versions in the order of the question, each as often as it is asked for'(fixture) {
    const [a, b] = [fixture.ids.next(), fixture.ids.next()];
    await create(fixture, a, named('a1'));
    await change(fixture, a, 1, named('a2', 2));
    await create(fixture, b, named('b1'));
    const refs = [
      [b, 1],
      [a, 2],
      [b, 1],
      [a, 1],
    ] as const;
    sameData(await names(fixture, refs), [
      [b, 1, 'b1'],
      [a, 2, 'a2'],
      [b, 1, 'b1'],
      [a, 1, 'a1'],
    ]);
    sameData(await names(fixture, []), []);
  },
  async 'throws for a version that was never stored'(fixture) {
    const id = fixture.ids.next();
    await create(fixture, id, named('one'));
    await assert.rejects(names(fixture, [[id, 2]]));
    await assert.rejects(names(fixture, [[fixture.ids.next(), 1]]));
  },
  async 'forgets a version whose transaction failed'(fixture) {
    const id = fixture.ids.next();
    await create(fixture, id, named('one'));
    const next = { id, expectedVersion: 1, version: 2, state: named('never', 2) };
    await rolledBack(fixture.unitOfWork, tx => fixture.policies.save(tx, [next]));
    await assert.rejects(names(fixture, [[id, 2]]));
    await change(fixture, id, 1, named('two', 2));
    sameData(await names(fixture, [[id, 2]]), [[id, 2, 'two']]);
  },
  async 'keeps no terms of a stale edit'(fixture) {
    const id = fixture.ids.next();
    await create(fixture, id, named('one'));
    await change(fixture, id, 1, named('two', 2));
    assert.equal((await change(fixture, id, 1, named('too late', 3))).size, 0);
    await assert.rejects(names(fixture, [[id, 3]]));
    sameData(await names(fixture, [[id, 2]]), [[id, 2, 'two']]);
  },
  async 'finds policies by their shared codes and leaves out the codes of nobody'(fixture) {
    const [a, b] = [fixture.ids.next(), fixture.ids.next()];
    await create(fixture, a, withCode('SAVE10'));
    await create(fixture, b, withCode('FRIDAY'));
    await create(fixture, fixture.ids.next(), withCode(null));
    sameEntries(await byCode(fixture, ['FRIDAY', 'NOBODY', 'SAVE10', 'FRIDAY']), [
      ['SAVE10', a],
      ['FRIDAY', b],
    ]);
    sameEntries(await byCode(fixture, []), []);
  },
  async 'lets any number of policies be without a code'(fixture) {
    const made = await twenty(() => create(fixture, fixture.ids.next(), withCode(null)));
    assert.equal(made.filter(written => written.size === 1).length, 20);
  },
  async 'refuses a shared code that another policy has, and writes nothing of that transaction'(fixture) {
    const [owner, other, neighbour] = [fixture.ids.next(), fixture.ids.next(), fixture.ids.next()];
    await create(fixture, owner, withCode('SAVE10'));
    const claim = fixture.unitOfWork.run(async tx => {
      await fixture.policies.save(tx, [born(neighbour, named('neighbour'))]);
      await fixture.policies.save(tx, [born(other, withCode('SAVE10'))]);
    });
    await assert.rejects(claim, codeIsTaken);
    sameEntries(await byCode(fixture, ['SAVE10']), [['SAVE10', owner]]);
    const loaded = await fixture.unitOfWork.run(tx => fixture.policies.load(tx, [other, neighbour]));
    sameData([loaded.get(other)?.version, loaded.get(neighbour)?.version], [0, 0]);
  },
  async 'refuses an edit to a shared code that another policy has'(fixture) {
    const [owner, other] = [fixture.ids.next(), fixture.ids.next()];
    await create(fixture, owner, withCode('SAVE10'));
    await create(fixture, other, withCode('FRIDAY'));
    await assert.rejects(change(fixture, other, 1, { ...withCode('SAVE10'), version: 2 }), codeIsTaken);
    sameEntries(await byCode(fixture, ['SAVE10', 'FRIDAY']), [
      ['SAVE10', owner],
      ['FRIDAY', other],
    ]);
  },
  async 'gives a shared code to one of twenty that claim it at the same time'(fixture) {
    const outcomes = await twenty(() => {
      const id = fixture.ids.next();
      return create(fixture, id, withCode('SAVE10')).then(
        () => id,
        (error: unknown) => {
          assert.ok(codeIsTaken(error), String(error));
          return null;
        },
      );
    });
    const [winner, ...others] = outcomes.filter(id => id !== null);
    assert.ok(winner);
    sameData(others, []);
    sameEntries(await byCode(fixture, ['SAVE10']), [['SAVE10', winner]]);
  },
  async 'lets a policy keep its code through its life'(fixture) {
    const id = fixture.ids.next();
    await create(fixture, id, { ...withCode('SAVE10'), status: 'DRAFT' });
    await change(fixture, id, 1, withCode('SAVE10'));
    await change(fixture, id, 2, { ...withCode('SAVE10'), version: 2 });
    sameEntries(await byCode(fixture, ['SAVE10']), [['SAVE10', id]]);
  },
  async 'frees a code that its policy gave up'(fixture) {
    const [before, after] = [fixture.ids.next(), fixture.ids.next()];
    await create(fixture, before, withCode('SAVE10'));
    await change(fixture, before, 1, { ...withCode('OTHER'), version: 2 });
    await create(fixture, after, withCode('SAVE10'));
    sameEntries(await byCode(fixture, ['SAVE10', 'OTHER']), [
      ['SAVE10', after],
      ['OTHER', before],
    ]);
  },
  async 'frees a code that was claimed in a transaction that failed'(fixture) {
    const [failed, id] = [fixture.ids.next(), fixture.ids.next()];
    await rolledBack(fixture.unitOfWork, tx => fixture.policies.save(tx, [born(failed, withCode('SAVE10'))]));
    sameEntries(await byCode(fixture, ['SAVE10']), []);
    await create(fixture, id, withCode('SAVE10'));
    sameEntries(await byCode(fixture, ['SAVE10']), [['SAVE10', id]]);
  },
});
