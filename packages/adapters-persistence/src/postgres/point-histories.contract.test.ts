import { createPoints, type PointInput } from '@org/application';
import {
  afterTransfers,
  balanceOf,
  isBalanced,
  noFigures,
  type PointAccount,
  type PointCommand,
  type PointId,
  type PointTransfer,
  points,
} from '@org/domain';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';

const USERS = 8;
const ROUNDS = 60;
const AT_ONCE = 20;
const origin = { actor: 'test', traceparent: null };

/** Random numbers from a seed, so that a history that fails can be told again. */
function dice(seed: number) {
  let state = seed >>> 0;
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);

/** What may be asked of anybody at any time; ids are those that earlier rounds have made. */
function nextInput(roll: (sides: number) => number, name: string, ids: readonly string[], now: number): PointInput {
  const userId = `user-${roll(USERS)}`;
  const pointId = ids[roll(ids.length)] ?? '01990000-0000-7000-8000-000000000000';
  const expiresAt = roll(3) === 0 ? now + 200 + roll(2_000) : null;
  const availableAt = roll(4) === 0 ? now + roll(150) : null;
  const about = { userId, points: 1 + roll(9), key: roll(8) === 0 ? 'again' : name, origin };
  const inputs: readonly PointInput[] = [
    { change: 'Earn', ...about, points: 1 + roll(30), reason: null, orderNumber: null, availableAt, expiresAt },
    { change: 'Use', ...about, orderNumber: 'o-1' },
    { change: 'Hold', ...about, orderNumber: 'o-1', ttlSeconds: 1 + roll(2) },
    { change: 'Post', pointId, points: roll(2) === 0 ? null : 1 + roll(5), origin },
    { change: 'Void', pointId, origin },
    { change: 'Cancel', pointId, reason: null, origin },
    { change: 'Return', pointId, points: 1 + roll(3), key: name, origin },
    { change: 'Reverse', pointId, points: 1 + roll(5), key: name, origin },
  ];
  return inputs[roll(inputs.length)] as PointInput;
}

/** Everything that every book must come to, asked of the database with nothing but SQL. */
async function audit() {
  const rows: {
    user_id: string;
    from: PointTransfer['from'];
    to: PointTransfer['to'];
    points: number;
    lotId: PointId;
  }[] = await sql(
    `select user_id, from_account as "from", to_account as "to", points::int, lot_id as "lotId" from point_transfers`,
  );
  const accounts: Record<string, unknown>[] = await sql('select * from point_accounts');
  for (const account of accounts) {
    const figures = afterTransfers(
      noFigures,
      rows.filter(({ user_id }) => user_id === account.user_id),
    );
    expect(isBalanced(figures)).toBe(true);
    for (const [name, figure] of Object.entries(figures)) expect(Number(account[name.toLowerCase()])).toBe(figure);
  }
  const lots: Record<string, string>[] = await sql(
    `select user_id, sum(pending) as pending, sum(available) as available, sum(held) as held, sum(expired) as expired,
       sum(debt) as debt from point_lots group by user_id`,
  );
  for (const { user_id, ...sums } of lots)
    expect(accounts.find(account => account.user_id === user_id)).toMatchObject(sums);
  return accounts.length;
}

it('books come to the recomputation of their transfers and to the plain rules, whoever moves points at the same time', async () => {
  const roll = dice(20_261_121);
  const [one, other] = [postgresAdapters(database.dataSource), postgresAdapters(database.dataSource)];
  const shops = [createPoints(one), createPoints(other)];
  const ids: string[] = [];
  const outcomes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const now = await one.pointQueries.balance('nobody').then(() => one.queries.now());
    const inputs = Array.from({ length: AT_ONCE }, (_, i) => nextInput(roll, `${round}-${i}`, ids, now));
    const answers = await Promise.all(inputs.map((input, i) => shops[i % 2]?.move({ input })));
    for (const answered of answers) {
      if (answered?.kind !== 'DONE') throw new Error('nothing was done');
      const { result } = answered;
      const what = result.accepted ? 'DONE' : result.refusal.code;
      outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
      if (result.accepted && result.value.created) ids.push(result.value.pointId);
    }
    if (round % 10 === 0) await shops[roll(2)]?.settleOverdue({ limit: 5, origin });
  }
  expect(await audit()).toBe(USERS);
  expect(outcomes.get('DONE')).toBeGreaterThan((ROUNDS * AT_ONCE) / 4);
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['INSUFFICIENT_POINTS', 'POINT_KEY_REUSED']));
});

it('the stored books are what the pure rules make of the same commands, over 300 steps of one user', async () => {
  const roll = dice(7);
  const stores = postgresAdapters(database.dataSource);
  const shop = createPoints(stores);
  const ids: string[] = [];
  let pure: PointAccount = points.initial;
  const command = (input: PointInput, pointId: string): PointCommand => {
    const about = { pointId: pointId as PointId, at: 1_000 };
    if (input.change === 'Earn') {
      const { points: amount, key, reason, orderNumber } = input;
      return {
        type: 'Earn',
        ...about,
        points: amount,
        key,
        reason,
        orderNumber,
        content: '',
        availableAt: null,
        expiresAt: null,
      };
    }
    if (input.change === 'Use')
      return { type: 'Use', ...about, points: input.points, key: input.key, content: '', orderNumber: 'o-1' };
    return { type: 'Cancel', ...about, reason: null, debt: 'ALLOWED' };
  };
  for (let step = 0; step < 300; step++) {
    const about = { userId: 'ann', points: 1 + roll(9), key: `s-${step}`, origin };
    const pointId = ids[Math.max(0, ids.length - 1 - roll(25))] ?? '01990000-0000-7000-8000-000000000000';
    const inputs: readonly PointInput[] = [
      { change: 'Earn', ...about, reason: null, orderNumber: null, availableAt: null, expiresAt: null },
      { change: 'Use', ...about, orderNumber: 'o-1' },
      { change: 'Cancel', pointId, reason: null, origin },
    ];
    const input = inputs[roll(3)] as PointInput;
    const answered = await shop.move({ input });
    if (answered.kind !== 'DONE') throw new Error('nothing was done');
    const { result } = answered;
    const created = result.accepted && result.value.created;
    const id = created ? result.value.pointId : pointId;
    if (created) ids.push(id);
    const decision = points.decide(pure, command(input, id));
    expect([step, result.accepted]).toEqual([step, decision.accepted]);
    if (decision.accepted) pure = decision.events.reduce(points.evolve, pure);
    expect([step, await stores.pointQueries.balance('ann')]).toEqual([step, balanceOf(pure, 1_000)]);
  }
});
