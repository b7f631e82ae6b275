import { aSite, client, codes, MINUTE, origin, right } from './accounts.fixtures.js';
import { createAccounts } from './accounts.js';
import { accepted, no } from './promotions.fixtures.js';

describe('rule 18: signing up', () => {
  it('makes the user id, and shows all but the password', async () => {
    const { signUp, clock } = aSite();
    expect(accepted(await signUp())).toEqual({
      ...{ userId: expect.stringMatching(/^[0-9a-f-]{36}$/), email: 'ann@shop.example', name: 'Ann', phone: null },
      ...{ roles: ['shopper'], revision: 1, createdAt: clock.time },
    });
  });

  it('"a taken e-mail 409 EMAIL_TAKEN", in whatever case it is written', async () => {
    const { signUp } = aSite();
    await signUp();
    expect(no(await signUp('ANN@Shop.Example'))).toBe('EMAIL_TAKEN');
  });

  it('gives an address to one of twenty who want it at the same time', async () => {
    const { signUp } = aSite();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => signUp()));
    expect(outcomes.filter(({ accepted: won }) => won)).toHaveLength(1);
  });

  it('is limited by the taken addresses that a client meets, and by nothing else', async () => {
    const { signUp, clock } = aSite({ takenLimits: { attempts: 3, windowMs: MINUTE, lockMs: MINUTE } });
    for (const n of [1, 2, 3, 4, 5]) expect(no(await signUp(`user-${n}@shop.example`))).toBeNull();
    const asked = [await signUp('user-1@shop.example'), await signUp('user-2@shop.example')];
    expect(codes([...asked, await signUp('user-3@shop.example')])).toEqual(Array(3).fill('EMAIL_TAKEN'));
    expect(codes([await signUp('user-4@shop.example'), await signUp('new@shop.example')])).toEqual([
      'TOO_MANY_ATTEMPTS',
      'TOO_MANY_ATTEMPTS',
    ]);
    expect(no(await signUp('new@shop.example', { address: '192.0.2.2' }))).toBeNull();
    clock.advance(MINUTE);
    expect(no(await signUp('newer@shop.example'))).toBeNull();
  });

  it('tells every field that makes no sense, and repeats no password', async () => {
    const { signUp } = aSite();
    const outcome = await signUp('nobody', { password: 'short', name: '' });
    expect(outcome).toMatchObject({ refusal: { code: 'ACCOUNT_INVALID' } });
    const { violations } = (outcome as unknown as { refusal: { data: { violations: { field: string }[] } } }).refusal
      .data;
    expect(violations.map(({ field }) => field).sort()).toEqual(['email', 'name', 'password']);
    expect(JSON.stringify(outcome)).not.toContain('short');
  });
});

describe('rule 19: logging in', () => {
  it('begins a session with the roles of the account', async () => {
    const { signUp, logIn, site } = aSite();
    const { userId } = accepted(await signUp());
    const grant = accepted(await logIn());
    expect(grant).toEqual({
      userId,
      roles: ['shopper'],
      sessionId: expect.any(String),
      refreshToken: expect.any(String),
    });
    expect(await site.queries.isOpen(userId, grant.sessionId)).toBe(true);
  });

  it('takes the address in any case and the password in any Unicode form', async () => {
    const { signUp, logIn } = aSite();
    await signUp('ann@shop.example', { password: 'cafe\u0301 au lait' });
    expect(no(await logIn('café au lait', { email: 'Ann@SHOP.example' }))).toBeNull();
  });

  it('"answers the same … for a wrong password and an unknown account"', async () => {
    const { signUp, logIn } = aSite();
    await signUp();
    const [wrong, unknown] = [await logIn('wrong'), await logIn('wrong', { email: 'nobody@shop.example' })];
    expect(wrong).toEqual(unknown);
    expect(no(wrong)).toBe('INVALID_CREDENTIALS');
  });

  it('does the same work for both: as many statements of every kind, and one look at a password', async () => {
    const site = aSite();
    await site.signUp();
    const calls: string[] = [];
    const spied = Object.fromEntries(
      (['accounts', 'throttles', 'loginHistory', 'passwords', 'clock'] as const).map(port => [
        port,
        new Proxy(site[port] as object, {
          get: (target, name) => {
            const value: unknown = Reflect.get(target, name);
            if (typeof value !== 'function') return value;
            return (...args: unknown[]) => {
              calls.push(`${port}.${String(name)}`);
              return value.apply(target, args) as unknown;
            };
          },
        }),
      ]),
    );
    const accounts = createAccounts({ ...site, ...spied });
    const knock = async (email: string) => {
      calls.length = 0;
      await accounts.logIn({ ...client, email, password: 'wrong', userAgent: null });
      return [...calls];
    };
    await knock('first@shop.example');
    expect(await knock('ann@shop.example')).toEqual(await knock('nobody@shop.example'));
    expect(calls.filter(call => call === 'passwords.verify')).toHaveLength(1);
  });

  it.each(['ann@shop.example', 'nobody@shop.example'])(
    '"Lock-out per (address, account), also for unknown accounts": %s',
    async email => {
      const { signUp, logIn, clock } = aSite();
      await signUp();
      const tries = [];
      for (const _ of [1, 2, 3, 4, 5, 6]) tries.push(await logIn('wrong', { email }));
      expect(codes(tries)).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), 'TOO_MANY_ATTEMPTS']);
      expect(tries.at(-1)).toMatchObject({ refusal: { data: { retryAt: clock.time + 15 * MINUTE } } });
      // The right password opens nothing during the lock; another client is not locked out by it.
      expect(no(await logIn(right, { email }))).toBe('TOO_MANY_ATTEMPTS');
      expect(no(await logIn('wrong', { email, address: '192.0.2.2' }))).toBe('INVALID_CREDENTIALS');
      clock.advance(15 * MINUTE);
      expect(no(await logIn('wrong', { email }))).toBe('INVALID_CREDENTIALS');
    },
  );

  it('looks at five passwords of a hundred that come at the same time', async () => {
    const { signUp, logIn } = aSite();
    await signUp();
    const all = codes(await Promise.all(Array.from({ length: 100 }, (_, n) => logIn(`guess number ${n}`))));
    expect(all.filter(code => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
    expect(all.filter(code => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(95);
  });

  it('forgets wrong passwords after a right one', async () => {
    const { signUp, logIn } = aSite();
    await signUp();
    for (const _ of [1, 2, 3]) {
      for (const _wrong of [1, 2, 3, 4]) await logIn('wrong');
      expect(no(await logIn())).toBeNull();
    }
  });

  it('is written down for the owner of the account, newest first', async () => {
    const { signUp, logIn, history, clock } = aSite();
    const { userId } = accepted(await signUp());
    for (const password of [right, 'wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong']) {
      clock.advance(1);
      await logIn(password);
    }
    expect(await history(userId)).toEqual(['LOCKED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'SUCCEEDED']);
  });

  it('does not write down more of a client than 200 characters', async () => {
    const { signUp, logIn, site } = aSite();
    const { userId } = accepted(await signUp());
    await logIn(right, { userAgent: `${'🦊'.repeat(300)}\u0000` });
    const { items } = await site.queries.logins({ userId, limit: 1, cursor: null });
    expect(items).toMatchObject([{ address: '192.0.2.1', userAgent: '🦊'.repeat(200) }]);
  });
});

describe('a profile', () => {
  it('changes for whoever saw its newest state', async () => {
    const { signUp, site, edit: change } = aSite();
    const { userId } = accepted(await signUp());
    const edit = (name: string, revision: number | null) => change(userId, name, { phone: '010-1234-5678', revision });
    expect(accepted(await edit('Ann B.', 1))).toMatchObject({ name: 'Ann B.', phone: '010-1234-5678', revision: 2 });
    expect(codes([await edit('Ann C.', 1), await edit('', null), await edit('Ann C.', null)])).toEqual([
      'REVISION_CONFLICT',
      'ACCOUNT_INVALID',
      null,
    ]);
    expect(await site.queries.account(userId)).toMatchObject({ name: 'Ann C.', revision: 3 });
  });
});

it('events carry ids, times and reasons: nothing personal and nothing secret', async () => {
  const { signUp, logIn, refresh, change, edit, site, events } = aSite();
  const { userId } = accepted(await signUp('ann@shop.example', { phone: '010-1234-5678' }));
  const { refreshToken, sessionId } = accepted(await logIn());
  const next = accepted(await refresh(refreshToken));
  await edit(userId, 'Ann B.');
  await change(userId, { sessionId });
  await site.logOut({ refreshToken: next.refreshToken, origin });
  const fields = new Set(events.all().flatMap(({ data }) => Object.keys(data)));
  expect([...fields].sort()).toEqual(['at', 'expiresAt', 'generation', 'reason', 'sessionId', 'userId']);
  expect(events.all().map(({ type }) => type)).toEqual([
    'user.signed-up.v1',
    'user.session-started.v1',
    'user.session-refreshed.v1',
    'user.profile-changed.v1',
    'user.password-changed.v1',
    'user.session-ended.v1',
  ]);
  for (const { key, origin: from } of events.all())
    expect({ key, actor: from.actor }).toEqual({ key: userId, actor: userId });
});
