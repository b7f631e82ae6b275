import type { Coupon, CouponFacts, CouponId, Reservation } from '@org/domain';
import type { Change } from '../../ports/aggregate-repository.js';
import type { Holder } from '../../ports/coupon-repository.js';
import { counter, type Lie, liesAbout, lying } from './lie.fixtures.js';

/** Stores other facts than it is told, so that the honest store sees no clash. */
const withFacts =
  (change: (facts: CouponFacts) => Partial<CouponFacts>): Lie['tell'] =>
  ({ coupons }) => ({
    coupons: lying(coupons, {
      save: (tx, changes) =>
        coupons.save(
          tx,
          changes.map(
            (each): Change<Coupon> =>
              each.state.status === 'NONE'
                ? each
                : { ...each, state: { ...each.state, facts: { ...each.state.facts, ...change(each.state.facts) } } },
          ),
        ),
    }),
  });

const next = counter();
const byUser = (a: Holder, b: Holder) => (a.userId < b.userId ? -1 : 1);
const oncePerUser = (holders: readonly Holder[]) => [...new Map(holders.map(each => [each.userId, each])).values()];
/** As if all were asked of the policy that is asked of first. */
const ofTheFirst = <Each extends Holder>(holders: readonly Each[]) =>
  holders.map(each => ({ ...each, policyId: holders[0]?.policyId ?? each.policyId }));

const liesAboutIssuedCoupons = liesAbout('CouponRepository', {
  'gives a sequence number out twice': {
    tell: withFacts(() => ({ sequence: next() })),
    caughtBy: [
      'throws when a sequence number of a policy is given out twice',
      'gives one sequence number to one of twenty that write it at the same time',
    ],
  },
  'lets a user have the same ordinal twice': {
    tell: withFacts(() => ({ ordinal: next() })),
    caughtBy: ['throws when an ordinal of a user is given out twice'],
  },
  'serves one cause twice': {
    tell: withFacts(({ cause }) => ({ cause: cause && `${cause} ${next()}` })),
    caughtBy: ['throws when one cause is served twice'],
  },
  'cuts instants to the second': {
    tell: withFacts(({ issuedAt }) => ({ issuedAt: Math.floor(issuedAt / 1000) * 1000 })),
    caughtBy: ['keeps instants to the millisecond, money to the largest safe integer and ids to their full length'],
  },
  'cuts ids at fifty characters': {
    tell: withFacts(({ userId }) => ({ userId: userId.slice(0, 50) as CouponFacts['userId'] })),
    caughtBy: ['keeps instants to the millisecond, money to the largest safe integer and ids to their full length'],
  },
  'counts only coupons that can still be used': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, {
        held: async (tx, holders) =>
          holders.map(
            ({ policyId, userId }) =>
              coupons.rows
                .entries(tx)
                .filter(
                  ([, { state }]) =>
                    state.status === 'ISSUED' && state.facts.policyId === policyId && state.facts.userId === userId,
                ).length,
          ),
      }),
    }),
    caughtBy: ['counts coupons whatever became of them'],
  },
  'counts before a lock is won that was asked for before': {
    tell: ({ coupons, unitOfWork }) => ({
      coupons: lying(coupons, {
        held: (_, holders) => unitOfWork.run(own => coupons.held(own, holders)),
      }),
    }),
    caughtBy: ['looks up what is asked for behind a lock once the lock is won'],
  },
  'looks for causes before a lock is won that was asked for before': {
    tell: ({ coupons, unitOfWork }) => ({
      coupons: lying(coupons, {
        servedBefore: (_, causes) => unitOfWork.run(own => coupons.servedBefore(own, causes)),
      }),
    }),
    caughtBy: ['looks up what is asked for behind a lock once the lock is won'],
  },
  'reads policies before a lock is won that was asked for before': {
    tell: ({ policies, unitOfWork }) => ({
      policies: lying(policies, { load: (_, policyIds) => unitOfWork.run(own => policies.load(own, policyIds)) }),
    }),
    caughtBy: ['looks up what is asked for behind a lock once the lock is won'],
  },
  'counts in the order of its index': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, { held: (tx, holders) => coupons.held(tx, [...holders].sort(byUser)) }),
    }),
    caughtBy: ['counts what each user has had of a policy, in the order of the question'],
  },
  'counts each user once': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, { held: (tx, holders) => coupons.held(tx, oncePerUser(holders)) }),
    }),
    caughtBy: ['counts what each user has had of a policy, in the order of the question'],
  },
  'counts for one policy in a call': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, { held: (tx, holders) => coupons.held(tx, ofTheFirst(holders)) }),
    }),
    caughtBy: ['counts what each user has had of a policy, in the order of the question'],
  },
  'looks for causes in one policy in a call': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, { servedBefore: (tx, causes) => coupons.servedBefore(tx, ofTheFirst(causes)) }),
    }),
    caughtBy: ['tells the coupon that a cause was served with, in the order of the question'],
  },
  'forgets what it was served for': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, { servedBefore: async (_tx, causes) => causes.map(() => null) }),
    }),
    caughtBy: ['tells the coupon that a cause was served with, in the order of the question'],
  },
});

const liesAboutTheSweeper = liesAbout('CouponRepository: overdue holds and coupons', {
  'waits for what somebody else is at': {
    tell: ({ coupons, unitOfWork }) => ({
      coupons: lying(coupons, {
        lockOverdue: async (tx, kind, limit) => {
          const ids = coupons.rows.entries(tx).map(([id]) => id);
          await coupons.load(tx, ids, { lock: true });
          await unitOfWork.run(async () => undefined);
          return coupons.lockOverdue(tx, kind, limit);
        },
      }),
    }),
    caughtBy: ['skips what somebody else is at, without waiting'],
  },
  'finds without locking': {
    tell: ({ coupons, unitOfWork }) => ({
      coupons: lying(coupons, {
        lockOverdue: (_, kind, limit) => unitOfWork.run(own => coupons.lockOverdue(own, kind, limit)),
      }),
    }),
    caughtBy: ['skips what somebody else is at, without waiting'],
  },
  'ends what still has time': {
    tell: ({ coupons, clock }) => ({
      coupons: lying(coupons, {
        lockOverdue: async (tx, kind, limit) => {
          const now = clock.time;
          clock.advance(86_400_000);
          const found = await coupons.lockOverdue(tx, kind, limit);
          clock.set(now);
          return found;
        },
      }),
    }),
    caughtBy: ['finds what the time has ended, and nothing that still has time'],
  },
  'answers the latest first': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, {
        lockOverdue: async (tx, kind, limit) => {
          const all = [...(await coupons.lockOverdue(tx, kind, Number.MAX_SAFE_INTEGER))];
          return new Map(all.reverse().slice(0, limit));
        },
      }),
    }),
    caughtBy: ['answers the earliest first, and no more than the limit'],
  },
  'knows no limit': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, { lockOverdue: (tx, kind) => coupons.lockOverdue(tx, kind, Number.MAX_SAFE_INTEGER) }),
    }),
    caughtBy: ['answers the earliest first, and no more than the limit'],
  },
  'answers versions of its own': {
    tell: ({ coupons }) => ({
      coupons: lying(coupons, {
        lockOverdue: async (tx, kind, limit) => {
          const found = await coupons.lockOverdue(tx, kind, limit);
          return new Map([...found].map(([id, { state }]) => [id, { version: 0, state }]));
        },
      }),
    }),
    caughtBy: [
      'answers the state and version that the change of it needs',
      'lets twenty sweepers end everything, each thing once',
    ],
  },
});

/** Stores reservations that are changed on the way. */
const withReservations =
  (change: (each: Change<Reservation>) => Change<Reservation>): Lie['tell'] =>
  ({ reservations }) => ({
    reservations: lying(reservations, { save: (tx, changes) => reservations.save(tx, changes.map(change)) }),
  });

const liesAboutReservations = liesAbout('ReservationRepository', {
  'lets a coupon be held twice': {
    tell: withReservations(each =>
      each.state.status === 'NONE' ? each : { ...each, state: { ...each.state, couponId: `c${next()}` as CouponId } },
    ),
    caughtBy: [
      'throws when a coupon would be held twice at a time',
      'gives a coupon to one of twenty that hold it at the same time',
    ],
  },
  'never lets go of a coupon': {
    tell: withReservations(each =>
      each.state.status === 'NONE' ? each : { ...each, state: { ...each.state, status: 'RESERVED' } },
    ),
    caughtBy: ['lets a coupon be held again after its hold has ended'],
  },
  'takes upper and lower case for the same key': {
    tell: ({ reservations }) => ({
      reservations: lying(reservations, {
        load: async (tx, ids) => {
          const loaded = await reservations.load(
            tx,
            ids.map(id => id.toLowerCase()),
          );
          return new Map(ids.flatMap(id => [...loaded.values()].map(row => [id, row] as const)));
        },
        save: (tx, changes) =>
          reservations.save(
            tx,
            changes.map(each => ({ ...each, id: each.id.toLowerCase() })),
          ),
      }),
    }),
    caughtBy: ['takes any key that a caller may choose, and tells keys apart by case'],
  },
});

export const liesAboutCoupons = [...liesAboutIssuedCoupons, ...liesAboutTheSweeper, ...liesAboutReservations];
