import { type Account, account, accountTransitions } from './account.js';

const profile = { email: 'Ann@shop.example', name: 'Ann', phone: null };
const signUp = { type: 'SignUp', profile, passwordHash: 'hash-1', at: 100 } as const;
const given = (): Account => {
  const decision = account.decide(account.initial, signUp);
  return decision.accepted ? decision.events.reduce(account.evolve, account.initial) : account.initial;
};

describe('an account', () => {
  it('begins as that of a shopper', () =>
    expect(given()).toEqual({ status: 'ACTIVE', profile, passwordHash: 'hash-1', roles: ['shopper'], createdAt: 100 }));

  it('is signed up for once', () =>
    expect(account.decide(given(), signUp)).toMatchObject({ refusal: { code: 'USER_ALREADY_EXISTS' } }));

  it.each([
    { type: 'ChangeProfile', name: 'Bo', phone: null, at: 200 },
    { type: 'ChangePassword', passwordHash: 'hash-2', at: 200 },
  ] as const)('that nobody signed up for refuses $type', command =>
    expect(account.decide(account.initial, command)).toMatchObject({ refusal: { code: 'USER_NOT_FOUND' } }),
  );

  it('changes name, phone and password, and keeps the address that it is known by', () => {
    const commands = [
      { type: 'ChangeProfile', name: 'Ann B.', phone: '010-1234-5678', at: 200 },
      { type: 'ChangePassword', passwordHash: 'hash-2', at: 300 },
    ] as const;
    const changed = commands.reduce<Account>((state, command) => {
      const decision = account.decide(state, command);
      return decision.accepted ? decision.events.reduce(account.evolve, state) : state;
    }, given());
    expect(changed).toEqual({
      status: 'ACTIVE',
      profile: { email: 'Ann@shop.example', name: 'Ann B.', phone: '010-1234-5678' },
      passwordHash: 'hash-2',
      roles: ['shopper'],
      createdAt: 100,
    });
  });

  it('has nothing to write down for a profile that stays as it is', () =>
    expect(account.decide(given(), { type: 'ChangeProfile', name: 'Ann', phone: null, at: 200 })).toEqual({
      accepted: true,
      events: [],
    }));

  it('can reach every status', () => {
    const reached = new Set(['NONE', ...Object.values(accountTransitions).flatMap(row => Object.values(row))]);
    expect([...reached].sort()).toEqual(Object.keys(accountTransitions).sort());
  });
});
