import assert from 'node:assert/strict';
import type { Coupon, Instant } from '@org/domain';
import { meanwhile, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import type { CouponRepositoryFixture as Fixture } from './coupon-repository-contract.js';
import { sameData, sameMembers } from './same-data.js';
import { anOpenPolicy, born, DAY, facts, issued, reserved, SECOND, used } from './samples.js';

const kinds = ['HOLD', 'COUPON'] as const;
type Kind = (typeof kinds)[number];

const factsAt = (policyId: string, sequence: number, now: Instant, expiresAt: Instant | null = null) =>
  facts(policyId, sequence, { issuedAt: now - 30 * DAY, validFrom: now - 30 * DAY, expiresAt });

/** A coupon whose hold, or which itself, ends `msFromNow` after the time of the store. */
const ending = (kind: Kind, policyId: string, sequence: number, now: Instant, msFromNow: number): Coupon =>
  kind === 'HOLD'
    ? reserved(factsAt(policyId, sequence, now), now + msFromNow)
    : issued(factsAt(policyId, sequence, now, now + msFromNow));

/** Coupons that end at these times from now; answers their ids in the same order. */
async function store(fixture: Fixture, kind: Kind, ends: readonly number[]): Promise<readonly string[]> {
  const policyId = await anOpenPolicy(fixture);
  return fixture.unitOfWork.run(async tx => {
    const now = await fixture.clock.now(tx);
    const changes = ends.map((end, i) => born(fixture.ids.next(), ending(kind, policyId, i + 1, now, end)));
    await fixture.coupons.save(tx, changes);
    return changes.map(({ id }) => id);
  });
}

const overdue = ({ unitOfWork, coupons }: Fixture, kind: Kind, limit = 100) =>
  unitOfWork.run(async tx => [...(await coupons.lockOverdue(tx, kind, limit)).keys()]);

/** Ends what is overdue, one batch after the other, as a sweeper does; answers the ids that it has ended. */
async function sweep({ unitOfWork, coupons }: Fixture, kind: Kind, limit: number): Promise<readonly string[]> {
  const ended: string[] = [];
  for (let round = 0; ; round++) {
    assert.ok(round < 1_000, 'the sweep comes to an end');
    const batch = await unitOfWork.run(async tx => {
      const found = [...(await coupons.lockOverdue(tx, kind, limit))];
      const changes = found.map(([id, { version, state }]) => {
        assert.ok(state.status !== 'NONE');
        const next: Coupon =
          kind === 'HOLD'
            ? issued(state.facts)
            : { status: 'EXPIRED', facts: state.facts, at: state.facts.expiresAt ?? 0 };
        return { id, expectedVersion: version, version: version + 1, state: next };
      });
      return [...(await coupons.save(tx, changes))];
    });
    if (batch.length === 0) return ended;
    ended.push(...batch);
  }
}

const skipsTheLocked = 'skips what somebody else is at, without waiting';

export const overdueCouponsContract = contract<Fixture>(
  'CouponRepository: overdue holds and coupons',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      await store(fixture, 'HOLD', [-SECOND]);
      sameData(await overdue(await another(), 'HOLD'), []);
    },
    async 'finds what the time has ended, and nothing that still has time'(fixture) {
      for (const kind of kinds) {
        const [past, just] = await store(fixture, kind, [-DAY, -1, DAY, 3_650 * DAY]);
        sameData(await overdue(fixture, kind), [past, just], kind);
      }
    },
    async 'answers the earliest first, and no more than the limit'(fixture) {
      for (const kind of kinds) {
        const [c, a, d, b] = await store(fixture, kind, [-3_000, -5_000, -2_000, -4_000]);
        sameData(await overdue(fixture, kind), [a, b, c, d], kind);
        sameData(await overdue(fixture, kind, 2), [a, b], kind);
        sameMembers(await sweep(fixture, kind, 3), [a, b, c, d].map(String));
      }
    },
    async 'answers the state and version that the change of it needs'(fixture) {
      for (const kind of kinds) {
        const [id = ''] = await store(fixture, kind, [-SECOND]);
        const { unitOfWork, coupons } = fixture;
        const [found, loaded] = await unitOfWork.run(async tx => [
          (await coupons.lockOverdue(tx, kind, 1)).get(id),
          (await coupons.load(tx, [id])).get(id),
        ]);
        sameData(found, loaded);
        assert.equal(found?.version, 1);
        await sweep(fixture, kind, 10);
      }
    },
    async 'leaves alone what has no end, or has ended already'(fixture) {
      const { unitOfWork, clock, coupons, ids } = fixture;
      const policyId = await anOpenPolicy(fixture);
      await unitOfWork.run(async tx => {
        const now = await clock.now(tx);
        const past = (sequence: number) => factsAt(policyId, sequence, now, now - SECOND);
        const states: Coupon[] = [
          issued(factsAt(policyId, 1, now)),
          used(past(2)),
          { status: 'EXPIRED', facts: past(3), at: now - SECOND },
          { status: 'REVOKED', facts: past(4), at: now - DAY, reason: 'mistake' },
        ];
        await coupons.save(
          tx,
          states.map(state => born(ids.next(), state)),
        );
      });
      for (const kind of kinds) sameData(await overdue(fixture, kind), [], kind);
    },
    async 'takes a hold on an expired coupon for a hold, not yet for an expired coupon'(fixture) {
      const { unitOfWork, clock, coupons, ids } = fixture;
      const policyId = await anOpenPolicy(fixture);
      const id = ids.next();
      await unitOfWork.run(async tx => {
        const now = await clock.now(tx);
        await coupons.save(tx, [born(id, reserved(factsAt(policyId, 1, now, now - 2_000), now - 1_000))]);
      });
      sameData(await overdue(fixture, 'COUPON'), []);
      sameData(await overdue(fixture, 'HOLD'), [id]);
    },
    async [skipsTheLocked](fixture) {
      for (const kind of kinds) {
        const [a = '', b = '', c = ''] = await store(fixture, kind, [-3_000, -2_000, -1_000]);
        const seen = await meanwhile(
          fixture.unitOfWork,
          tx => fixture.coupons.load(tx, [a, c], { lock: true }),
          async tx => [...(await fixture.coupons.lockOverdue(tx, kind, 100)).keys()],
        );
        sameData(seen, [b], kind);
        const others = await meanwhile(
          fixture.unitOfWork,
          tx => fixture.coupons.lockOverdue(tx, kind, 2),
          async tx => [...(await fixture.coupons.lockOverdue(tx, kind, 2)).keys()],
        );
        sameData(others, [c], `${kind}: two sweepers share the work`);
        await sweep(fixture, kind, 10);
      }
    },
    async 'finds again what a failed transaction had locked'(fixture) {
      const ids = await store(fixture, 'HOLD', [-2_000, -1_000]);
      await rolledBack(fixture.unitOfWork, tx => fixture.coupons.lockOverdue(tx, 'HOLD', 100));
      sameData(await overdue(fixture, 'HOLD'), ids);
    },
    async 'lets twenty sweepers end everything, each thing once'(fixture) {
      const ends = Array.from({ length: 100 }, (_, index) => -1_000 - index);
      for (const kind of kinds) {
        const ids = await store(fixture, kind, ends);
        const ended = (await twenty(() => sweep(fixture, kind, 7))).flat();
        sameMembers(ended, ids, kind);
        sameData(await overdue(fixture, kind), []);
      }
    },
  },
  { [skipsTheLocked]: 'concurrent transactions' },
);
