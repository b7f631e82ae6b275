import type { Adapters } from '@org/application';
import type { Account, UserId } from '@org/domain';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { AesPersonalData, type PersonalDataKey } from '../node/aes-personal-data.js';
import { postgresAdapters } from './postgres-adapters.js';
import { AN_INSTANT } from './store.fixtures.js';

const key = (id: string, byte: number) => ({ id, secret: Buffer.alloc(32, byte) });
const personalData = new AesPersonalData([key('k1', 1)]);
const profile = { email: 'Ann@shop.example', name: 'Ann Beispiel', phone: '010-1234-5678' };
const account = (changed: Partial<Extract<Account, { status: 'ACTIVE' }>> = {}): Account => ({
  ...{ status: 'ACTIVE', profile, passwordHash: '$argon2id$x', roles: ['shopper'], createdAt: AN_INSTANT },
  ...changed,
});

let database: TestDatabase;
let stores: Adapters;
beforeEach(async () => {
  database = await createTestDatabase();
  stores = postgresAdapters(database.dataSource, { personalData });
});
afterEach(() => database.drop());

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);
const breach = (constraint: string) => expect.objectContaining({ code: '23514', constraint });
const create = async (state: Account, own = stores) => {
  const id = own.ids.next();
  await own.unitOfWork.run(tx => own.accounts.save(tx, [{ id, expectedVersion: 0, version: 1, state }]));
  return id;
};
const emailOf = async (id: string, own: Adapters) => (await own.accountQueries.account(id))?.email;

describe('personal data at rest', () => {
  it('is nowhere legible', async () => {
    await create(account());
    const [row] = await sql('select to_jsonb(a)::text as text from accounts a');
    for (const secret of ['Ann', 'shop.example', 'Beispiel', '1234']) expect(row.text).not.toContain(secret);
  });

  it.each(['email', 'name', 'phone'])('is refused in the clear by the table itself: %s', async column => {
    await create(account());
    await expect(sql(`update accounts set ${column} = 'Ann'`)).rejects.toEqual(breach('accounts_sealed'));
  });

  it('can not be moved to the account of somebody else', async () => {
    const [ann, bob] = [
      await create(account()),
      await create(account({ profile: { ...profile, email: 'b@shop.example' } })),
    ];
    await sql('update accounts set name = (select name from accounts where id = $1) where id = $2', [ann, bob]);
    await expect(stores.accountQueries.account(bob)).rejects.toThrow();
  });

  it('is opened and found after a rotation, sealed anew with the next write, and lost without its key', async () => {
    const id = await create(account());
    const rotated = postgresAdapters(database.dataSource, {
      personalData: new AesPersonalData([key('k2', 2), key('k1', 1)]),
    });
    expect(await emailOf(id, rotated)).toBe(profile.email);
    const found = await rotated.unitOfWork.run(tx => rotated.accounts.idsByEmail(tx, [profile.email]));
    expect(found.get(profile.email)).toBe(id);
    await rotated.unitOfWork.run(tx =>
      rotated.accounts.save(tx, [{ id, expectedVersion: 1, version: 2, state: account() }]),
    );
    const onlyNew = postgresAdapters(database.dataSource, { personalData: new AesPersonalData([key('k2', 2)]) });
    expect(await emailOf(id, onlyNew)).toBe(profile.email);
    await expect(emailOf(id, stores)).rejects.toThrow('sealed with the key "k2", which is not known here');
  });

  it('is sealed again after a rotation, batch by batch, and is the same then, found and readable by the new key alone', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++)
      ids.push(
        await create(account({ profile: { email: `a${i}@shop.example`, name: 'A', phone: i % 2 ? '010' : null } })),
      );
    const withKeys = (...all: [PersonalDataKey, ...PersonalDataKey[]]) =>
      postgresAdapters(database.dataSource, { personalData: new AesPersonalData(all) });
    const rotated = withKeys(key('k2', 2), key('k1', 1), key('k0', 3));
    const reseal = (limit: number) => rotated.unitOfWork.run(tx => rotated.accounts.reseal(tx, limit));
    const loaded = () => rotated.unitOfWork.run(tx => rotated.accounts.load(tx, ids));
    const before = await loaded();
    expect(await reseal(2)).toEqual({ resealed: 2, olderKeys: 1 });
    // A row that somebody is at waits for the next time.
    await rotated.unitOfWork.run(async tx => {
      await rotated.accounts.load(tx, ids.slice(4), { lock: true });
      expect(await reseal(10)).toEqual({ resealed: 2, olderKeys: 1 });
    });
    expect(await reseal(10)).toEqual({ resealed: 1, olderKeys: 1 });
    expect(await reseal(10)).toEqual({ resealed: 0, olderKeys: 0 });
    expect(await loaded()).toEqual(before);
    const onlyNew = withKeys(key('k2', 2));
    for (const [i, id] of ids.entries()) expect(await emailOf(id, onlyNew)).toBe(`a${i}@shop.example`);
    const found = await onlyNew.unitOfWork.run(tx => onlyNew.accounts.idsByEmail(tx, ['A3@shop.example']));
    expect([...found]).toEqual([['A3@shop.example', ids[3]]]);
  });

  it('of several older keys is sealed again, in one batch too', async () => {
    for (const [i, name] of ['k1', 'k3', 'k2'].entries()) {
      const own = postgresAdapters(database.dataSource, { personalData: new AesPersonalData([key(name, i + 1)]) });
      await own.unitOfWork.run(tx =>
        own.accounts.save(tx, [
          {
            id: own.ids.next(),
            expectedVersion: 0,
            version: 1,
            state: account({ profile: { ...profile, email: name } }),
          },
        ]),
      );
    }
    const all = new AesPersonalData([key('k2', 3), key('k1', 1), key('k3', 2)]);
    const rotated = postgresAdapters(database.dataSource, { personalData: all });
    const reseal = () => rotated.unitOfWork.run(tx => rotated.accounts.reseal(tx, 10));
    expect([await reseal(), await reseal()]).toEqual([
      { resealed: 2, olderKeys: 2 },
      { resealed: 0, olderKeys: 0 },
    ]);
  });
});

describe('tables hold against any caller', () => {
  const session = { userId: 'ann' as UserId, startedAt: AN_INSTANT, expiresAt: AN_INSTANT + 1, generation: 1 };

  it.each([
    [`password_hash = 'letmein1'`, 'accounts_password'],
    [`roles = 'owner'`, 'accounts_roles'],
    [`email_index = 'ann@shop.example'`, 'accounts_sealed'],
  ])('an account refuses %s', async (change, constraint) => {
    await create(account());
    await expect(sql(`update accounts set ${change}`)).rejects.toEqual(breach(constraint));
  });

  it.each([`status = 'ENDED'`, `reason = 'LOGGED_OUT'`, `status = 'ENDED', ended_at = now(), reason = 'BORED'`])(
    'a session refuses %s',
    async change => {
      const state = { status: 'OPEN', ...session } as const;
      const id = stores.ids.next();
      await stores.unitOfWork.run(tx => stores.sessions.save(tx, [{ id, expectedVersion: 0, version: 1, state }]));
      await expect(sql(`update sessions set ${change}`)).rejects.toEqual(breach('sessions_status'));
    },
  );

  it.each([
    [`id = 'the token itself'`, 'refresh_tokens_digest'],
    [`status = 'USED'`, 'refresh_tokens_status'],
  ])('a refresh token refuses %s', async (change, constraint) => {
    const facts = { sessionId: stores.ids.next(), generation: 1, issuedAt: AN_INSTANT };
    const state = { status: 'FRESH', ...facts } as const;
    const id = stores.tokenSecrets.digest('t');
    await stores.unitOfWork.run(tx => stores.refreshTokens.save(tx, [{ id, expectedVersion: 0, version: 1, state }]));
    await expect(sql(`update refresh_tokens set ${change}`)).rejects.toEqual(breach(constraint));
  });

  it('accounts need a key, and nothing else does', async () => {
    const without = postgresAdapters(database.dataSource);
    await expect(create(account(), without)).rejects.toThrow('accounts need a key for personal data');
    expect(await without.queries.now()).toBeGreaterThan(0);
  });
});
