import { aSite, codes, MINUTE, origin } from './accounts.fixtures.js';
import { type AccountsOptions, createAccounts } from './accounts.js';
import { inMemoryAdapters } from './memory/index.js';
import { accepted, no } from './promotions.fixtures.js';

describe('rule 20: sessions', () => {
  const loggedIn = async (options: AccountsOptions = {}) => {
    const site = aSite(options);
    const { userId } = accepted(await site.signUp());
    const grant = accepted(await site.logIn());
    return { ...site, userId, grant, first: grant.refreshToken };
  };

  it('hand out a new refresh token for every one that is used', async () => {
    const { refresh, grant, first } = await loggedIn();
    const next = accepted(await refresh(first));
    expect(next).toEqual({ ...grant, refreshToken: expect.any(String) });
    expect(next.refreshToken).not.toBe(first);
  });

  it('"A refresh token used again within REFRESH_GRACE_SECONDS … works": two tabs at the same moment', async () => {
    const { refresh, first, clock } = await loggedIn();
    const [one, two] = (await Promise.all([refresh(first), refresh(first)])).map(accepted);
    expect(one?.refreshToken).not.toBe(two?.refreshToken);
    clock.advance(MINUTE);
    expect(codes([await refresh(one?.refreshToken ?? ''), await refresh(two?.refreshToken ?? '')])).toEqual([
      null,
      null,
    ]);
  });

  it('"later it kills the family": the thief and the owner both have to log in again', async () => {
    const { refresh, first, clock, site, userId, grant, events } = await loggedIn();
    const { refreshToken } = accepted(await refresh(first));
    clock.advance(10_000);
    expect(no(await refresh(first))).toBe('REFRESH_TOKEN_INVALID');
    expect(no(await refresh(refreshToken))).toBe('REFRESH_TOKEN_INVALID');
    expect(await site.queries.isOpen(userId, grant.sessionId)).toBe(false);
    expect(events.all().at(-1)).toMatchObject({ type: 'user.session-ended.v1', data: { reason: 'TOKEN_REUSED' } });
  });

  it.each([
    [9_999, null],
    [10_000, 'REFRESH_TOKEN_INVALID'],
  ])('the grace ends after ten seconds: %d ms: %s', async (ms, code) => {
    const { refresh, first, clock } = await loggedIn();
    await refresh(first);
    clock.advance(ms);
    expect(no(await refresh(first))).toBe(code);
  });

  it('"REFRESH_GRACE_SECONDS (10 at most)"', () => {
    for (const refreshGraceSeconds of [-1, 11, Number.NaN])
      expect(() => createAccounts(inMemoryAdapters(), { refreshGraceSeconds })).toThrow(RangeError);
  });

  it('end with a logout, once and for good, and a token of nobody has nothing to end', async () => {
    const { site, refresh, first } = await loggedIn();
    expect(no(await site.logOut({ refreshToken: 'never given out', origin }))).toBeNull();
    expect(no(await site.logOut({ refreshToken: first, origin }))).toBeNull();
    expect(no(await site.logOut({ refreshToken: first, origin }))).toBeNull();
    expect(no(await refresh(first))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('end after their days, however often they were refreshed', async () => {
    const { refresh, first, clock } = await loggedIn({ sessionDays: 1 });
    clock.advance(86_399_999);
    const { refreshToken } = accepted(await refresh(first));
    clock.advance(1);
    expect(no(await refresh(refreshToken))).toBe('REFRESH_TOKEN_INVALID');
  });

  it('"A password change keeps the calling session and ends the others"', async () => {
    const { logIn, refresh, change, userId, grant, first } = await loggedIn();
    const others = [accepted(await logIn()), accepted(await logIn())];
    expect(no(await change(userId, { sessionId: grant.sessionId }))).toBeNull();
    expect(codes(await Promise.all(others.map(({ refreshToken }) => refresh(refreshToken))))).toEqual(
      Array(2).fill('REFRESH_TOKEN_INVALID'),
    );
    expect(no(await refresh(first))).toBeNull();
    expect(codes([await logIn(), await logIn('another good one')])).toEqual(['INVALID_CREDENTIALS', null]);
  });

  it('a password is changed by who knows it, within the same lock-out as a login', async () => {
    const { change, userId, logIn } = await loggedIn();
    expect(no(await change(userId, { newPassword: 'short' }))).toBe('ACCOUNT_INVALID');
    const wrong = [];
    for (const _ of [1, 2, 3, 4, 5, 6]) wrong.push(await change(userId, { currentPassword: 'a guess' }));
    expect(codes(wrong)).toEqual([...Array(5).fill('PASSWORD_WRONG'), 'TOO_MANY_ATTEMPTS']);
    expect(no(await logIn())).toBe('TOO_MANY_ATTEMPTS');
  });

  it('of two changes at the same time one wins, and the other did not know the password', async () => {
    const { change, userId } = await loggedIn();
    const both = await Promise.all(
      ['first new one', 'second new one'].map(newPassword => change(userId, { newPassword })),
    );
    expect(codes(both).sort()).toEqual([null, 'PASSWORD_WRONG'].sort());
  });

  it('an account that nobody has can change nothing', async () => {
    const { change, edit } = aSite();
    expect(no(await change('ann'))).toBe('USER_NOT_FOUND');
    expect(no(await edit('ann', 'A'))).toBe('USER_NOT_FOUND');
  });
});
