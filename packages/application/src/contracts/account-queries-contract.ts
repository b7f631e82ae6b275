import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { LoginView } from '../ports/account-queries.js';
import type { LoginAttempt } from '../ports/login-history.js';
import { anAccount, aSession } from './account-samples.js';
import { rolledBack } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';
import { AN_INSTANT, born, DAY } from './samples.js';

export interface AccountQueriesFixture
  extends Pick<Adapters, 'unitOfWork' | 'accounts' | 'sessions' | 'loginHistory' | 'accountQueries' | 'clock' | 'ids'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = AccountQueriesFixture;

const attempt = ({ ids }: Fixture, changed: Partial<LoginAttempt> = {}): LoginAttempt => ({
  id: ids.next(),
  userId: 'ann',
  result: 'SUCCEEDED',
  address: '192.0.2.1',
  userAgent: 'Firefox "1" 🦊',
  ...changed,
});
const append = (fixture: Fixture, ...attempts: LoginAttempt[]) =>
  fixture.unitOfWork.run(tx => fixture.loginHistory.append(tx, attempts));

async function everyPage({ accountQueries }: Fixture, userId: string, limit: number) {
  const items: LoginView[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await accountQueries.logins({ userId, limit, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

export const loginHistoryContract = contract<Fixture>('LoginHistory', {
  async 'keeps every part of an attempt, and the time of the store'(fixture) {
    const { unitOfWork, clock } = fixture;
    const before = await unitOfWork.run(tx => clock.now(tx));
    await append(fixture, attempt(fixture), attempt(fixture, { userId: null, result: 'LOCKED', userAgent: null }));
    const [login, ...more] = await everyPage(fixture, 'ann', 10);
    sameData({ ...login, at: 0 }, { at: 0, result: 'SUCCEEDED', address: '192.0.2.1', userAgent: 'Firefox "1" 🦊' });
    assert.ok(login && login.at >= before && login.at < before + 60_000, `${login?.at} is about ${before}`);
    sameData(more, []);
  },
  async 'appends nothing when there is nothing'(fixture) {
    await append(fixture);
    sameData(await everyPage(fixture, 'ann', 10), []);
  },
  async 'takes back attempts when the work fails'(fixture) {
    await rolledBack(fixture.unitOfWork, tx => fixture.loginHistory.append(tx, [attempt(fixture)]));
    sameData(await everyPage(fixture, 'ann', 10), []);
  },
  async 'forgets attempts older than the retention, no more than the limit at a time'(fixture) {
    const { unitOfWork, loginHistory, elapse } = fixture;
    const forget = (seconds: number, limit: number) => unitOfWork.run(tx => loginHistory.forget(tx, seconds, limit));
    await append(fixture, attempt(fixture), attempt(fixture, { userId: null }), attempt(fixture));
    await elapse(5);
    assert.equal(await forget(3_600, 10), 0);
    sameData([await forget(0, 2), await forget(0, 2), await forget(0, 2)], [2, 1, 0]);
  },
});

export const accountQueriesContract = contract<Fixture>('AccountQueries', {
  async 'tells an account with the number of its state, and without the hash of its password'(fixture) {
    const { unitOfWork, accounts, accountQueries, ids } = fixture;
    const id = ids.next();
    const profile = { email: 'Ann@shop.example', name: '홍길동 🙂', phone: '010-1234-5678' };
    const state = anAccount('Ann@shop.example', { profile, roles: ['shopper', 'admin'] });
    await unitOfWork.run(tx => accounts.save(tx, [{ ...born(id, state), version: 3 }]));
    const roles = ['shopper', 'admin'];
    sameData(await accountQueries.account(id), { userId: id, ...profile, roles, revision: 3, createdAt: AN_INSTANT });
  },
  async 'knows no account of somebody who has none, whatever his id looks like'({ accountQueries, ids }) {
    for (const id of [ids.next(), 'ann', '', "'; --"]) assert.equal(await accountQueries.account(id), null);
  },
  async 'tells whether a session of this user is open now'(fixture) {
    const { unitOfWork, sessions, accountQueries, ids, clock } = fixture;
    const at = await unitOfWork.run(tx => clock.now(tx));
    const [open, over, ended] = [ids.next(), ids.next(), ids.next()];
    const live = aSession('ann', { startedAt: at - DAY, expiresAt: at + DAY });
    await unitOfWork.run(tx =>
      sessions.save(tx, [
        born(open, live),
        born(over, aSession('ann', { startedAt: at - 2 * DAY, expiresAt: at - DAY })),
        born(ended, { ...live, status: 'ENDED', reason: 'LOGGED_OUT', endedAt: at }),
      ]),
    );
    const asked = [open, over, ended, ids.next(), 'no id'].map(id => accountQueries.isOpen('ann', id));
    sameData(await Promise.all(asked), [true, false, false, false, false]);
    assert.equal(await accountQueries.isOpen('bob', open), false);
  },
  async 'lists logins newest first, those of one user, in pages of any size'(fixture) {
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1', '192.0.2.5'];
    for (const address of addresses) {
      await append(
        fixture,
        attempt(fixture, { address }),
        attempt(fixture, { userId: 'bob', address: '198.51.100.1' }),
      );
      await fixture.elapse(2);
    }
    for (const limit of [1, 2, 5, 50]) {
      const listed = await everyPage(fixture, 'ann', limit);
      sameData(
        listed.map(({ address }) => address),
        [...addresses].reverse(),
      );
    }
  },
  async 'pages through logins of one instant without losing or doubling any'(fixture) {
    const attempts = Array.from({ length: 7 }, (_, n) => attempt(fixture, { address: `192.0.2.${n}` }));
    await append(fixture, ...attempts);
    for (const limit of [1, 3]) {
      const listed = await everyPage(fixture, 'ann', limit);
      assert.equal(listed.length, 7);
      assert.equal(new Set(listed.map(({ address }) => address)).size, 7);
    }
  },
  async 'pages on from where it was while newer logins come in'(fixture) {
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      await append(fixture, attempt(fixture, { address }));
      await fixture.elapse(2);
    }
    const first = await fixture.accountQueries.logins({ userId: 'ann', limit: 1, cursor: null });
    await append(fixture, attempt(fixture, { address: '192.0.2.4' }));
    const next = await fixture.accountQueries.logins({ userId: 'ann', limit: 9, cursor: first.nextCursor });
    sameData(
      next.items.map(({ address }) => address),
      ['192.0.2.2', '192.0.2.1'],
    );
  },
});
