import { type Adapters, createPoints, type PointInput, type PointsMoved } from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';

let database: TestDatabase;
let stores: Adapters;
beforeAll(async () => {
  database = await createTestDatabase();
  stores = postgresAdapters(database.dataSource);
});
afterAll(() => database.drop());

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);
const origin = { actor: 'test', traceparent: null };

async function move(input: PointInput): Promise<PointsMoved> {
  const answered = await createPoints(stores).move({ input });
  if (answered.kind !== 'DONE' || !answered.result.accepted) throw new Error(JSON.stringify(answered));
  return answered.result.value;
}

let users = 0;
/** Somebody with 100 points of one lot, 30 of them spent and 20 held. */
async function aBook() {
  users += 1;
  const userId = `user-${users}`;
  const terms = { reason: null, orderNumber: null, availableAt: null, expiresAt: null };
  const lot = await move({ change: 'Earn', userId, points: 100, key: 'e', ...terms, origin });
  const use = await move({ change: 'Use', userId, points: 30, key: 'u', orderNumber: 'o-1', origin });
  const hold = await move({ change: 'Hold', userId, points: 20, key: 'h', orderNumber: 'o-2', ttlSeconds: 60, origin });
  return { userId, lot: lot.pointId, use: use.pointId, hold: hold.pointId };
}

const transfer = (userId: string, lot: string, from: string, to: string, points: number) =>
  sql(
    `insert into point_transfers (user_id, sequence, line, point_id, lot_id, from_account, to_account, points)
     values ($1, 99, 1, $2, $2, $3, $4, $5)`,
    [userId, lot, from, to, points],
  );
const figures = async (userId: string) => {
  const [row] = await sql('select available::int, held::int, spent::int from point_accounts where user_id = $1', [
    userId,
  ]);
  return row;
};

describe('against any caller, a book of points', () => {
  it.each<[string, string, number, string]>([
    ['AVAILABLE', 'SPENT', 51, 'point_accounts_covered'],
    ['HELD', 'SPENT', 21, 'point_accounts_covered'],
    ['SPENT', 'AVAILABLE', 31, 'point_accounts_covered'],
    ['SPENT', 'ISSUED', 1, 'point_transfers_allowed'],
    ['AVAILABLE', 'AVAILABLE', 1, 'point_transfers_allowed'],
    ['NOWHERE', 'AVAILABLE', 1, 'point_transfers_allowed'],
    ['AVAILABLE', 'SPENT', 0, 'point_transfers_points_check'],
    ['AVAILABLE', 'SPENT', -5, 'point_transfers_points_check'],
    ['ISSUED', 'AVAILABLE', 51, 'point_lots_whole'],
    ['HELD', 'SPENT', 1, 'point_spendings_covered'],
    ['AVAILABLE', 'HELD', 1, 'point_spendings_covered'],
  ])('lets no transfer from %s to %s take %d', async (from, to, points, constraint) => {
    const { userId, lot } = await aBook();
    await expect(transfer(userId, lot, from, to, points)).rejects.toMatchObject({ constraint });
    expect(await figures(userId)).toEqual({ available: 50, held: 20, spent: 30 });
  });

  it('moves by transfers: what one tells is what the figures become', async () => {
    const { userId, lot } = await aBook();
    await transfer(userId, lot, 'AVAILABLE', 'SPENT', 50);
    expect(await figures(userId)).toEqual({ available: 0, held: 20, spent: 80 });
  });

  it.each([
    'update point_accounts set available = available + 1, issued = issued + 1 where user_id = $1',
    'update point_accounts set available = available - 1, spent = spent + 1 where user_id = $1',
    'update point_lots set available = available + 1 where user_id = $1',
    'update point_lots set points = points + 1 where user_id = $1',
    'update point_lots set expires_at = null, user_id = user_id || $1 where user_id = $1',
    `insert into point_accounts (user_id, version, earnings, available, issued) values ($1 || '-2', 1, 0, 5, 5)`,
    `update point_transfers set points = 1 where user_id = $1`,
    `delete from point_transfers where user_id = $1`,
    `update point_entries set balance = 0 where user_id = $1`,
    `delete from point_entries where user_id = $1`,
    `delete from point_lots where user_id = $1`,
    `delete from point_spendings where user_id = $1`,
    `delete from point_accounts where user_id = $1`,
  ])('is not edited: %s', async text => {
    const { userId } = await aBook();
    await expect(sql(text, [userId])).rejects.toMatchObject({ code: '23001' });
  });

  it.each(['accounts', 'lots', 'spendings', 'transfers', 'entries'])('is not emptied: point_%s', async table =>
    expect(sql(`truncate point_${table}`)).rejects.toMatchObject({ code: '23001' }),
  );

  it('has points of its own lots only', async () => {
    const [ann, bob] = [await aBook(), await aBook()];
    await expect(transfer(ann.userId, bob.lot, 'AVAILABLE', 'SPENT', 1)).rejects.toMatchObject({
      constraint: 'point_transfers_lot',
    });
    await expect(transfer('nobody', bob.lot, 'AVAILABLE', 'SPENT', 1)).rejects.toMatchObject({
      constraint: 'point_transfers_account',
    });
  });

  it('ends a hold with its points, and once', async () => {
    const { hold, use } = await aBook();
    await expect(sql(`update point_spendings set status = 'VOIDED' where point_id = $1`, [hold])).rejects.toMatchObject(
      {
        constraint: 'point_spendings_covered',
      },
    );
    await move({ change: 'Void', pointId: hold, origin });
    for (const [id, status] of [
      [hold, 'POSTED'],
      [hold, 'HELD'],
      [use, 'VOIDED'],
    ])
      await expect(
        sql(`update point_spendings set status = $2 where point_id = $1`, [id, status]),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
  });

  it.each([
    [
      'earning',
      `insert into point_lots (point_id, user_id, status, key, content, position, points, earned_at, available_at)
       select gen_random_uuid(), user_id, status, key, content, 99, points, earned_at, available_at from point_lots where user_id = $1`,
    ],
    [
      'spending',
      `insert into point_spendings (point_id, user_id, kind, status, key, order_number, content, parts, points)
       select gen_random_uuid(), user_id, kind, status, key, order_number, content, parts, points from point_spendings
       where user_id = $1 and kind = 'USE'`,
    ],
  ])('rule 15: has one %s of a key', async (_, text) => {
    const { userId } = await aBook();
    await expect(sql(text, [userId])).rejects.toMatchObject({ constraint: expect.stringMatching(/^point_.*_key$/) });
  });
});
