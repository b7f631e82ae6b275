import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { NewCode } from '../ports/code-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { aMoment, oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries, sameMembers } from './same-data.js';
import { anOpenPolicy } from './samples.js';

export type CodeRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'policies' | 'campaigns' | 'codes' | 'ids'>;
type Fixture = CodeRepositoryFixture;

const code = (name: string): NewCode => ({ code: name, display: `${name.slice(0, 2)}-${name.slice(2)}` });
const AA = 'AA23';
const BB = 'BB34';
const CC = 'CC45';

const add = ({ unitOfWork, codes }: Fixture, policyId: string, first: number, names: readonly string[]) =>
  unitOfWork.run(tx => codes.add(tx, policyId, first, names.map(code)));

const find = ({ unitOfWork, codes }: Fixture, names: readonly string[], lock = false) =>
  unitOfWork.run(tx => codes.find(tx, names, { lock }));

const redeem = ({ unitOfWork, codes }: Fixture, pairs: readonly (readonly [string, string])[]) =>
  unitOfWork.run(tx =>
    codes.redeem(
      tx,
      pairs.map(([name, couponId]) => ({ code: name, couponId })),
    ),
  );

const countOf = ({ unitOfWork, codes }: Fixture, policyId: string) => unitOfWork.run(tx => codes.countOf(tx, policyId));

export const codeRepositoryContract = contract<Fixture>('CodeRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    await add(fixture, await anOpenPolicy(fixture), 1, [AA]);
    sameEntries(await find(await another(), [AA]), []);
  },
  async 'finds codes and leaves out the unknown, in whatever order they are asked for'(fixture) {
    const [policyId, other] = [await anOpenPolicy(fixture), await anOpenPolicy(fixture)];
    await add(fixture, policyId, 1, [AA, BB]);
    await add(fixture, other, 1, [CC]);
    const expected = [
      [AA, { code: AA, policyId, couponId: null }],
      [CC, { code: CC, policyId: other, couponId: null }],
    ] as const;
    for (const lock of [false, true]) sameEntries(await find(fixture, [CC, 'UNKNOWN', AA, CC], lock), expected);
    for (const lock of [false, true]) sameEntries(await find(fixture, [], lock), []);
  },
  async 'does nothing for no codes'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    assert.equal(await add(fixture, policyId, 1, []), 0);
    sameMembers(await redeem(fixture, []), []);
    assert.equal(await countOf(fixture, policyId), 0);
  },
  async 'counts the codes of each policy'(fixture) {
    const [policyId, other] = [await anOpenPolicy(fixture), await anOpenPolicy(fixture)];
    assert.equal(await add(fixture, policyId, 1, [AA, BB]), 2);
    assert.equal(await add(fixture, policyId, 3, [CC]), 1);
    sameData([await countOf(fixture, policyId), await countOf(fixture, other)], [3, 0]);
  },
  async 'skips codes that somebody has, and leaves no gap for them'(fixture) {
    const [policyId, other] = [await anOpenPolicy(fixture), await anOpenPolicy(fixture)];
    await add(fixture, other, 1, [BB]);
    assert.equal(await add(fixture, policyId, 1, [AA, BB, CC]), 2);
    assert.equal(await countOf(fixture, policyId), 2);
    assert.equal((await find(fixture, [BB])).get(BB)?.policyId, other);
    assert.equal(await add(fixture, policyId, 3, [AA, CC]), 0);
    assert.equal(await countOf(fixture, policyId), 2);
  },
  async 'adds ten thousand codes in one call'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const names = Array.from({ length: 10_000 }, (_, index) => `C${String(index).padStart(6, '0')}`);
    assert.equal(await add(fixture, policyId, 1, names), 10_000);
    assert.equal(await countOf(fixture, policyId), 10_000);
    assert.equal((await find(fixture, names.slice(0, 1_000), true)).size, 1_000);
  },
  async 'redeems a free code for its coupon, once'(fixture) {
    const { ids } = fixture;
    const policyId = await anOpenPolicy(fixture);
    const [first, second, third] = [ids.next(), ids.next(), ids.next()];
    await add(fixture, policyId, 1, [AA, BB]);
    const asked = [
      [BB, second],
      ['UNKNOWN', third],
      [AA, first],
    ] as const;
    sameMembers(await redeem(fixture, asked), [AA, BB]);
    sameMembers(await redeem(fixture, [[AA, third]]), []);
    sameEntries(await find(fixture, [AA, BB]), [
      [AA, { code: AA, policyId, couponId: first }],
      [BB, { code: BB, policyId, couponId: second }],
    ]);
  },
  async 'redeems what is free although its neighbour is not'(fixture) {
    const { ids } = fixture;
    await add(fixture, await anOpenPolicy(fixture), 1, [AA, BB]);
    await redeem(fixture, [[AA, ids.next()]]);
    const asked = [
      [AA, ids.next()],
      [BB, ids.next()],
    ] as const;
    sameMembers(await redeem(fixture, asked), [BB]);
  },
  async 'gives a code to one of twenty that redeem it at the same time'(fixture) {
    await add(fixture, await anOpenPolicy(fixture), 1, [AA]);
    const wins = await twenty(async () => {
      const couponId = fixture.ids.next();
      return (await redeem(fixture, [[AA, couponId]])).has(AA) ? couponId : null;
    });
    const winners = wins.filter(couponId => couponId !== null);
    assert.equal(winners.length, 1);
    assert.equal((await find(fixture, [AA])).get(AA)?.couponId, winners[0]);
  },
  async 'keeps a second lock on a code waiting until the first transaction ends'(fixture) {
    const { unitOfWork, codes, ids } = fixture;
    await add(fixture, await anOpenPolicy(fixture), 1, [AA]);
    const couponId = ids.next();
    const lock = async (tx: Transaction) => (await codes.find(tx, [AA], { lock: true })).get(AA);
    let seen: string | null | undefined;
    const order = await oneAfterTheOther(
      unitOfWork,
      async tx => {
        await lock(tx);
        await codes.redeem(tx, [{ code: AA, couponId }]);
      },
      async tx => {
        seen = (await lock(tx))?.couponId;
      },
    );
    sameData([order, seen], [['first', 'second'], couponId]);
  },
  async 'keeps those who would redeem a locked code waiting'(fixture) {
    const { unitOfWork, codes, ids } = fixture;
    await add(fixture, await anOpenPolicy(fixture), 1, [AA]);
    const order = await oneAfterTheOther(
      unitOfWork,
      tx => codes.find(tx, [AA], { lock: true }),
      tx => codes.redeem(tx, [{ code: AA, couponId: ids.next() }]),
    );
    sameData(order, ['first', 'second']);
  },
  async 'takes back codes and their redemption when the work fails'(fixture) {
    const { unitOfWork, codes, ids } = fixture;
    const policyId = await anOpenPolicy(fixture);
    await add(fixture, policyId, 1, [AA]);
    await rolledBack(unitOfWork, async tx => {
      await codes.add(tx, policyId, 2, [code(BB)]);
      await codes.redeem(tx, [{ code: AA, couponId: ids.next() }]);
    });
    sameEntries(await find(fixture, [AA, BB]), [[AA, { code: AA, policyId, couponId: null }]]);
    assert.equal(await countOf(fixture, policyId), 1);
    assert.equal(await add(fixture, policyId, 2, [BB]), 1);
  },
  async 'shows nobody a redemption that may still be taken back'(fixture) {
    const { unitOfWork, codes, ids } = fixture;
    await add(fixture, await anOpenPolicy(fixture), 1, [AA]);
    const seen: Promise<string | null | undefined>[] = [];
    await rolledBack(
      unitOfWork,
      tx => codes.redeem(tx, [{ code: AA, couponId: ids.next() }]),
      async () => {
        seen.push(find(fixture, [AA]).then(found => found.get(AA)?.couponId));
        await Promise.race([aMoment(), ...seen]);
      },
    );
    sameData(await Promise.all(seen), [null]);
  },
});
