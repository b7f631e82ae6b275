import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';
import { AN_INSTANT, anActivePolicy, factsOf, heldUntil, storeCoupons } from './store.fixtures.js';
import { toMilliseconds, toTimestamp } from './values.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const extremes = [0, -1, 1, 999, -999, AN_INSTANT, 253_402_300_799_999, 8_640_000_000_000_000, -62_135_596_800_001];
/** The calendar of Postgres begins in 4714 BC. */
const EARLIEST = -210_866_803_200_000;

describe('instants', () => {
  it.each(['UTC', 'Asia/Seoul', 'America/New_York'])(
    'come back to the millisecond, wherever the session is: %s',
    async zone => {
      const many = Array.from(
        { length: 2_000 },
        (_, i) => EARLIEST + Math.floor((i / 2_000) * (8.64e15 - EARLIEST)) + i,
      );
      const asked = [...extremes, EARLIEST, ...many];
      const rows: { at: string }[] = await database.dataSource.transaction(async manager => {
        await manager.query(`set local timezone = '${zone}'`);
        return manager.query(`select ${toMilliseconds(toTimestamp('ms'))} as at from unnest($1::bigint[]) as u(ms)`, [
          asked,
        ]);
      });
      expect(rows.map(({ at }) => Number(at))).toEqual(asked);
    },
  );

  it('lie in the table as the time that they are', async () => {
    const [{ at }] = await database.dataSource.query(
      `select to_char(${toTimestamp('$1::bigint')} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
      [AN_INSTANT],
    );
    expect(at).toBe(new Date(AN_INSTANT).toISOString());
  });

  it('of rows in one batch keep apart what differs, and may be missing', async () => {
    const stores = postgresAdapters(database.dataSource);
    const policyId = await anActivePolicy(stores);
    const expiries = [null, AN_INSTANT + 1, null, AN_INSTANT + 2];
    const given = await storeCoupons(
      stores,
      policyId,
      expiries.map((expiresAt, i) => heldUntil(factsOf(policyId, i + 1, { expiresAt }), AN_INSTANT + i)),
    );
    const ids = given.map(({ id }) => id);
    const loaded = await stores.unitOfWork.run(tx => stores.coupons.load(tx, ids));
    expect([...loaded.values()].map(({ state }) => state)).toEqual(given.map(({ state }) => state));
  });
});

it('terms that a failed transaction wrote are not remembered', async () => {
  const stores = postgresAdapters(database.dataSource);
  const policyId = await anActivePolicy(stores, { total: 5 });
  const loaded = await stores.unitOfWork.run(tx => stores.policies.load(tx, [policyId]));
  const before = loaded.get(policyId);
  if (!before || before.state.status === 'NONE') throw new Error('no policy');
  const edited = { ...before.state, version: 2, terms: { ...before.state.terms, name: 'never' } };
  const failing = stores.unitOfWork.run(async tx => {
    await stores.policies.save(tx, [{ id: policyId, expectedVersion: 2, version: 3, state: edited }]);
    expect(await stores.policies.versions(tx, [{ policyId, version: 2 }])).toMatchObject([
      { terms: { name: 'never' } },
    ]);
    throw new Error('planned');
  });
  await expect(failing).rejects.toThrow('planned');
  const ask = stores.unitOfWork.run(tx => stores.policies.versions(tx, [{ policyId, version: 2 }]));
  await expect(ask).rejects.toThrow(/never stored/);
});
