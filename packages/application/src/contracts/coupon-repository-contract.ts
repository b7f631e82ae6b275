import assert from 'node:assert/strict';
import type { Coupon, CouponFacts } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries, sameMembers } from './same-data.js';
import { AN_INSTANT, anOpenPolicy, aPolicy, born, facts, issued, reserved, SECOND, used, user } from './samples.js';

export type CouponRepositoryFixture = Pick<
  Adapters,
  'unitOfWork' | 'policies' | 'campaigns' | 'coupons' | 'clock' | 'ids'
>;
type Fixture = CouponRepositoryFixture;

const save = ({ unitOfWork, coupons, ids }: Fixture, states: readonly Coupon[]): Promise<readonly string[]> =>
  unitOfWork.run(async tx => {
    const changes = states.map(state => born(ids.next(), state));
    await coupons.save(tx, changes);
    return changes.map(({ id }) => id);
  });

const holders = (policyId: string, users: readonly string[]) => users.map(userId => ({ policyId, userId }));

const held = ({ unitOfWork, coupons }: Fixture, policyId: string, users: readonly string[]) =>
  unitOfWork.run(tx => coupons.held(tx, holders(policyId, users)));

const served = ({ unitOfWork, coupons }: Fixture, policyId: string, pairs: readonly (readonly [string, string])[]) =>
  unitOfWork.run(tx =>
    coupons.servedBefore(
      tx,
      pairs.map(([userId, cause]) => ({ policyId, userId, cause })),
    ),
  );

const loaded = ({ unitOfWork, coupons }: Fixture, id: string) =>
  unitOfWork.run(async tx => (await coupons.load(tx, [id])).get(id));

/** Writes two coupons that break one rule of the store together, in one call or one after the other. */
async function clash(fixture: Fixture, a: CouponFacts, b: CouponFacts): Promise<void> {
  await assert.rejects(save(fixture, [issued(a), issued(b)]), 'both in one call');
  sameData(await held(fixture, a.policyId, [a.userId, b.userId]), [0, 0], 'nothing of the call was written');
  await save(fixture, [issued(a)]);
  await assert.rejects(save(fixture, [issued(b)]), 'one after the other');
}

export const couponRepositoryContract = contract<Fixture>('CouponRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    const policyId = await anOpenPolicy(fixture);
    await save(fixture, [issued(facts(policyId, 1))]);
    sameData(await held(await another(), policyId, ['user-1']), [0]);
  },
  async 'keeps instants to the millisecond, money to the largest safe integer and ids to their full length'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const instants = [1, 999, AN_INSTANT, 1_772_368_496_001, 4_102_444_799_999, 253_402_300_799_998];
    const states = instants.map((instant, index) => {
      const fact = facts(policyId, index + 1, {
        ...{ userId: user(`${index}:`.padEnd(64, 'U')), way: 'EVENT', cause: `event.${index}-`.padEnd(64, 'c') },
        ...{ issuedAt: instant, validFrom: instant, expiresAt: instant + 1, code: `${'A2B3'.repeat(9)}${index}` },
      });
      return reserved(fact, instant + 1, Number.MAX_SAFE_INTEGER - index);
    });
    const ids = await save(fixture, states);
    for (const [index, id] of ids.entries()) sameData((await loaded(fixture, id))?.state, states[index]);
  },
  async 'counts what each user has had of a policy, in the order of the question'(fixture) {
    const [policyId, other] = [await anOpenPolicy(fixture), await anOpenPolicy(fixture)];
    const [ann, bob] = [user('ann'), user('bob')];
    await save(fixture, [
      issued(facts(policyId, 1, { userId: ann, ordinal: 1 })),
      issued(facts(policyId, 2, { userId: ann, ordinal: 2 })),
      issued(facts(policyId, 3, { userId: bob, ordinal: 1 })),
      issued(facts(other, 1, { userId: bob, ordinal: 1 })),
    ]);
    sameData(await held(fixture, policyId, ['bob', 'nobody', 'ann', 'bob']), [1, 0, 2, 1]);
    sameData(await held(fixture, other, ['ann', 'bob']), [0, 1]);
    sameData(await held(fixture, policyId, []), []);
    const both = [
      { policyId: other, userId: ann },
      ...holders(policyId, ['ann', 'bob']),
      ...holders('nothing', ['ann']),
    ];
    sameData(await fixture.unitOfWork.run(tx => fixture.coupons.held(tx, both)), [0, 2, 1, 0]);
  },
  async 'counts coupons whatever became of them'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const fact = (ordinal: number) => facts(policyId, ordinal, { userId: user('ann'), ordinal });
    await save(fixture, [
      issued(fact(1)),
      reserved(fact(2), AN_INSTANT + SECOND),
      used(fact(3)),
      { status: 'EXPIRED', facts: fact(4), at: AN_INSTANT + SECOND },
      { status: 'REVOKED', facts: fact(5), at: AN_INSTANT + SECOND, reason: 'mistake' },
    ]);
    sameData(await held(fixture, policyId, ['ann']), [5]);
  },
  async 'counts for a thousand users in one call, and what the transaction itself has written'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const sequences = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const users = sequences.map(sequence => `user-${sequence}`);
    const counts = await fixture.unitOfWork.run(async tx => {
      const changes = sequences.map(sequence => born(fixture.ids.next(), issued(facts(policyId, sequence))));
      assert.equal((await fixture.coupons.save(tx, changes)).size, 1_000);
      return fixture.coupons.held(tx, holders(policyId, ['stranger', ...users]));
    });
    sameData(counts, [0, ...users.map(() => 1)]);
  },
  async 'tells the coupon that a cause was served with, in the order of the question'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const [ann, bob] = [user('ann'), user('bob')];
    const [first, second, third] = await save(fixture, [
      issued(facts(policyId, 1, { userId: ann, ordinal: 1, cause: 'signup' })),
      issued(facts(policyId, 2, { userId: ann, ordinal: 2, cause: 'birthday' })),
      issued(facts(policyId, 3, { userId: bob, ordinal: 1, cause: 'signup' })),
    ]);
    const asked = [
      ['bob', 'signup'],
      ['bob', 'birthday'],
      ['ann', 'birthday'],
      ['ann', 'signup'],
      ['bob', 'signup'],
    ] as const;
    sameData(await served(fixture, policyId, asked), [third, null, second, first, third]);
    const other = await anOpenPolicy(fixture);
    sameData(await served(fixture, other, [['ann', 'signup']]), [null]);
    sameData(await served(fixture, policyId, []), []);
    const everywhere = [other, policyId, 'nothing'].map(policy => ({ policyId: policy, userId: bob, cause: 'signup' }));
    const found = await fixture.unitOfWork.run(tx => fixture.coupons.servedBefore(tx, everywhere));
    sameData(found, [null, third, null]);
  },
  async 'throws when a sequence number of a policy is given out twice'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    await clash(fixture, facts(policyId, 1), facts(policyId, 1, { userId: user('bob') }));
    await save(fixture, [issued(facts(await anOpenPolicy(fixture), 1))]);
  },
  async 'throws when an ordinal of a user is given out twice'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const userId = user('ann');
    await clash(fixture, facts(policyId, 1, { userId }), facts(policyId, 2, { userId }));
    await save(fixture, [issued(facts(policyId, 3)), issued(facts(policyId, 4, { userId, ordinal: 2 }))]);
  },
  async 'throws when one cause is served twice'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const of = (sequence: number, ordinal: number, cause: string | null = 'signup') =>
      facts(policyId, sequence, { userId: user('ann'), ordinal, cause });
    await clash(fixture, of(1, 1), of(2, 2));
    await save(fixture, [issued(of(3, 2, null)), issued(of(4, 3, null)), issued(of(5, 4, 'birthday'))]);
    await save(fixture, [issued(facts(policyId, 6, { userId: user('bob'), cause: 'signup' }))]);
  },
  async 'gives one sequence number to one of twenty that write it at the same time'(fixture) {
    const policyId = await anOpenPolicy(fixture);
    const outcomes = await twenty(index =>
      save(fixture, [issued(facts(policyId, 1, { userId: user(`user-${index}`) }))]).then(
        () => 'written',
        () => 'refused',
      ),
    );
    assert.equal(outcomes.filter(outcome => outcome === 'written').length, 1);
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    const counts = await held(fixture, policyId, users);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      1,
    );
  },
  async 'issues exactly as many as there are when twenty ask for ten at the same time'(fixture) {
    const { unitOfWork, campaigns, coupons, ids } = fixture;
    const policyId = await anOpenPolicy(fixture, { count: 0 });
    const winners = await twenty(index =>
      unitOfWork.run(async tx => {
        const campaign = (await campaigns.lock(tx, [policyId])).get(policyId);
        if (!campaign || campaign.issued >= 10) return null;
        const sequence = campaign.issued + 1;
        await campaigns.save(tx, [{ ...campaign, issued: sequence, day: '2026-03-01', issuedToday: sequence }]);
        const fact = facts(policyId, sequence, { userId: user(`buyer-${index}`) });
        await coupons.save(tx, [born(ids.next(), issued(fact))]);
        return sequence;
      }),
    );
    const sequences = winners.filter(sequence => sequence !== null).sort((a, b) => a - b);
    sameData(sequences, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const users = winners.map((_, index) => `buyer-${index}`);
    sameData(
      await held(fixture, policyId, users),
      winners.map(sequence => (sequence === null ? 0 : 1)),
    );
  },
  async 'looks up what is asked for behind a lock once the lock is won'(fixture) {
    const { unitOfWork, campaigns, coupons, policies, ids } = fixture;
    const policyId = await anOpenPolicy(fixture);
    const [id, userId] = [ids.next(), user('ann')];
    const seen: unknown[] = [];
    await oneAfterTheOther(
      unitOfWork,
      async tx => {
        await campaigns.lock(tx, [policyId]);
        await coupons.save(tx, [born(id, issued(facts(policyId, 1, { userId, cause: 'signup' })))]);
        await policies.save(tx, [{ id: policyId, expectedVersion: 1, version: 2, state: aPolicy() }]);
      },
      async tx => {
        const [, counts, causes, found, stored] = await Promise.all([
          campaigns.lock(tx, [policyId]),
          coupons.held(tx, [{ policyId, userId }]),
          coupons.servedBefore(tx, [{ policyId, userId, cause: 'signup' }]),
          policies.load(tx, [policyId]),
          coupons.load(tx, [id]),
        ]);
        seen.push(...counts, ...causes, found.get(policyId)?.version, stored.get(id)?.version);
      },
    );
    sameData(seen, [1, id, 2, 1]);
  },
  async 'takes back coupons, counts and causes when the work fails'(fixture) {
    const { unitOfWork, coupons, ids } = fixture;
    const policyId = await anOpenPolicy(fixture);
    const fact = facts(policyId, 1, { userId: user('ann'), cause: 'signup' });
    await rolledBack(unitOfWork, tx => coupons.save(tx, [born(ids.next(), issued(fact))]));
    sameData(await held(fixture, policyId, ['ann']), [0]);
    sameData(await served(fixture, policyId, [['ann', 'signup']]), [null]);
    const [id] = await save(fixture, [issued(fact)]);
    sameData(await served(fixture, policyId, [['ann', 'signup']]), [id]);
  },
  async 'writes a coupon of an id that exists already to nobody'(fixture) {
    const { unitOfWork, coupons } = fixture;
    const policyId = await anOpenPolicy(fixture);
    const [id] = (await save(fixture, [issued(facts(policyId, 1))])) as [string];
    const again = born(id, issued(facts(policyId, 2, { userId: user('bob') })));
    sameMembers(await unitOfWork.run(tx => coupons.save(tx, [again])), []);
    sameData(await held(fixture, policyId, ['user-1', 'bob']), [1, 0]);
    sameEntries(await unitOfWork.run(tx => coupons.load(tx, [id])), [
      [id, { version: 1, state: issued(facts(policyId, 1)) }],
    ]);
  },
});
