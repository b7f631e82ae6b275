import assert from 'node:assert/strict';
import type { Session, Throttle } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { aDigest, aSession, aToken } from './account-samples.js';
import { rolledBack } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameMembers } from './same-data.js';
import { born, DAY } from './samples.js';

export interface SessionRepositoryFixture
  extends Pick<Adapters, 'unitOfWork' | 'sessions' | 'refreshTokens' | 'clock' | 'ids'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = SessionRepositoryFixture;

const store = async ({ unitOfWork, sessions, ids }: Fixture, state: Session) => {
  const id = ids.next();
  await unitOfWork.run(tx => sessions.save(tx, [born(id, state)]));
  return id;
};
const openOf = ({ unitOfWork, sessions }: Fixture, userId: string) => unitOfWork.run(tx => sessions.openOf(tx, userId));
const now = ({ unitOfWork, clock }: Fixture) => unitOfWork.run(tx => clock.now(tx));
const ended = (userId: string, endedAt: number): Session => ({
  ...aSession(userId, { startedAt: endedAt - DAY, expiresAt: endedAt + 30 * DAY }),
  ...{ status: 'ENDED', reason: 'LOGGED_OUT', endedAt },
});

export const sessionRepositoryContract = contract<Fixture>('SessionRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    await store(fixture, aSession('ann'));
    sameMembers(await openOf(await another(), 'ann'), []);
  },
  async 'tells the open sessions of one user, and of no other'(fixture) {
    const own = [await store(fixture, aSession('ann')), await store(fixture, aSession('ann', { generation: 7 }))];
    await store(fixture, aSession('bob'));
    await store(fixture, ended('ann', await now(fixture)));
    sameMembers(await openOf(fixture, 'ann'), own);
    sameMembers(await openOf(fixture, 'Ann'), []);
  },
  async 'sees the sessions that its own transaction has written'(fixture) {
    const { unitOfWork, sessions, ids } = fixture;
    const id = ids.next();
    const seen = await unitOfWork.run(async tx => {
      await sessions.save(tx, [born(id, aSession('ann'))]);
      return sessions.openOf(tx, 'ann');
    });
    sameMembers(seen, [id]);
  },
  async 'forgets sessions that ended or ran out before the retention, with their tokens, and no others'(fixture) {
    const { unitOfWork, sessions, refreshTokens } = fixture;
    const at = await now(fixture);
    const old = await store(fixture, ended('ann', at - 2 * DAY));
    const overdue = await store(fixture, aSession('ann', { startedAt: at - 9 * DAY, expiresAt: at - 2 * DAY }));
    const recent = await store(fixture, ended('ann', at - DAY / 2));
    const open = await store(fixture, aSession('ann', { startedAt: at - 9 * DAY, expiresAt: at + DAY }));
    const all = [old, overdue, recent, open];
    await unitOfWork.run(tx =>
      refreshTokens.save(
        tx,
        all.map((id, i) => born(aDigest(i), aToken(id))),
      ),
    );
    const forget = () => unitOfWork.run(tx => sessions.forget(tx, 86_400, 10));
    await rolledBack(unitOfWork, tx => sessions.forget(tx, 86_400, 10));
    sameData([await forget(), await forget()], [2, 0]);
    const left = await unitOfWork.run(async tx => [
      await sessions.load(tx, all),
      await refreshTokens.load(
        tx,
        all.map((_, i) => aDigest(i)),
      ),
    ]);
    for (const rows of left)
      sameData(
        [...rows.values()].map(({ version }) => version),
        [0, 0, 1, 1],
      );
  },
  async 'forgets no more than the limit at a time'(fixture) {
    const at = await now(fixture);
    for (const n of [1, 2, 3]) await store(fixture, ended('ann', at - n * DAY));
    await fixture.elapse(5);
    const forget = () => fixture.unitOfWork.run(tx => fixture.sessions.forget(tx, 60, 2));
    sameData([await forget(), await forget(), await forget()], [2, 1, 0]);
  },
});

export interface ThrottleRepositoryFixture extends Pick<Adapters, 'unitOfWork' | 'throttles'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}

const aThrottle: Throttle = { status: 'COUNTING', attempts: 1, since: 1 };

export const throttleRepositoryContract = contract<ThrottleRepositoryFixture>('ThrottleRepository', {
  async 'forgets what nobody has touched for the retention, no more than the limit at a time'(fixture) {
    const { unitOfWork, throttles, elapse } = fixture;
    const forget = (seconds: number, limit: number) => unitOfWork.run(tx => throttles.forget(tx, seconds, limit));
    await unitOfWork.run(tx =>
      throttles.save(
        tx,
        [1, 2, 3].map(n => born(aDigest(n), aThrottle)),
      ),
    );
    await elapse(5);
    assert.equal(await forget(3_600, 10), 0);
    await rolledBack(unitOfWork, tx => throttles.forget(tx, 0, 10));
    sameData([await forget(0, 2), await forget(0, 2), await forget(0, 2)], [2, 1, 0]);
    const left = await unitOfWork.run(tx => throttles.load(tx, [aDigest(1)]));
    sameData(left.get(aDigest(1)), { version: 0, state: { status: 'CLEAR' } });
  },
  async 'keeps what was touched again meanwhile'(fixture) {
    const { unitOfWork, throttles, elapse } = fixture;
    await unitOfWork.run(tx => throttles.save(tx, [born(aDigest(1), aThrottle), born(aDigest(2), aThrottle)]));
    await elapse(1_100);
    const again = { id: aDigest(1), expectedVersion: 1, version: 2, state: aThrottle };
    await unitOfWork.run(tx => throttles.save(tx, [again]));
    assert.equal(await unitOfWork.run(tx => throttles.forget(tx, 1, 10)), 1);
    const left = await unitOfWork.run(tx => throttles.load(tx, [aDigest(1), aDigest(2)]));
    sameData(
      [...left.values()].map(({ version }) => version),
      [2, 0],
    );
  },
});
