import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member, Tenancy } from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const LEASE_MS = 250;
const slicesOf = ({ tenures }: Tenancy) => tenures.map(({ slice }) => slice).sort();

async function aGroup(group: string) {
  const { groupProgress: progress, ids } = postgresAdapters(database.dataSource);
  await progress.open(group, ['a.b.v1'], null);
  const member = (): Member => ({ group, member: ids.next() });
  return { progress, member };
}

describe('the slices of a group', () => {
  it('all belong to the only member, and are shared with one that comes', async () => {
    const { progress, member } = await aGroup('shared');
    const [ann, bob] = [member(), member()];
    const alone = await progress.beat(ann, 60_000);
    expect([slicesOf(alone), alone.share]).toEqual([[0, 1, 2, 3], 4]);
    expect(slicesOf(await progress.beat(bob, 60_000))).toEqual([]);
    const told = await progress.beat(ann, 60_000);
    expect(told.share).toBe(2);
    await progress.release(ann, told.tenures.slice(told.share));
    expect(slicesOf(await progress.beat(bob, 60_000))).toHaveLength(2);
    await progress.leave(ann);
    expect(slicesOf(await progress.beat(bob, 60_000))).toEqual([0, 1, 2, 3]);
  });

  it('go to others when a member was killed or stopped, and it can move nothing back when it wakes up', async () => {
    const { progress, member } = await aGroup('zombie');
    const [zombie, heir] = [member(), member()];
    const { tenures } = await progress.beat(zombie, LEASE_MS);
    expect(await progress.advance(zombie, tenures, 'first', [])).toEqual(new Set([0, 1, 2, 3]));
    expect(slicesOf(await progress.beat(heir, LEASE_MS))).toEqual([]);
    await sleep(LEASE_MS + 50);
    const inherited = await progress.beat(heir, 60_000);
    expect(slicesOf(inherited)).toEqual([0, 1, 2, 3]);
    expect(await progress.advance(heir, inherited.tenures, 'second', [])).toEqual(new Set([0, 1, 2, 3]));

    const failed = { name: 'Error', message: 'late', stack: '' };
    const event = {
      ...{ id: 's:1', streamId: 's', streamVersion: 1, type: 'a.b.v1', key: 'k', data: {}, position: 1, recordedAt: 1 },
      origin: { actor: 'a', traceparent: null },
    };
    const aside = [{ event, slice: 0, status: 'DEAD', attempts: 1, dueInMs: null, cause: failed } as const];
    expect(await progress.advance(zombie, tenures, 'first', aside)).toEqual(new Set());
    expect(await progress.load(zombie, tenures)).toEqual([]);
    expect((await progress.load(heir, inherited.tenures)).map(({ cursor }) => cursor)).toEqual(Array(4).fill('second'));
    expect(await database.dataSource.query('select 1 from parked_events')).toEqual([]);
    // Slices that it has lost and got again have another fence.
    await progress.leave(heir);
    const again = await progress.beat(zombie, LEASE_MS);
    expect(again.tenures.map(({ fence }) => fence)).toEqual([3, 3, 3, 3]);
    expect(await progress.advance(zombie, tenures, 'first', [])).toEqual(new Set());
  });

  it('are each given to one of twenty that ask at the same time', async () => {
    const { progress, member } = await aGroup('rush');
    const tenancies = await Promise.all(Array.from({ length: 20 }, () => progress.beat(member(), 60_000)));
    const given = tenancies.flatMap(slicesOf);
    expect(new Set(given).size).toBe(given.length);
  });
});

describe('dead letters from outside', () => {
  it.each([0, 8_640_000_000_000_000])('are kept under long names, at any time that a date can tell: %i', async at => {
    const { progress, member } = await aGroup(`outside-${at}`);
    const mine = member();
    const { tenures } = await progress.beat(mine, 60_000);
    const [streamId, key] = [300, 1_500].map(length => randomBytes(length / 2).toString('hex')) as [string, string];
    const event = {
      ...{ id: streamId, streamId, streamVersion: 0, type: 'a.b.v1', key, data: {}, position: 0, recordedAt: at },
      origin: { actor: 'kafka', traceparent: null },
    };
    const cause = { name: 'Error', message: 'no', stack: '' };
    await progress.bury(mine.group, [{ event, slice: 0, status: 'DEAD', attempts: 1, dueInMs: null, cause }]);
    const { deadLetters } = postgresAdapters(database.dataSource);
    const { items } = await deadLetters.list({ group: mine.group, status: null, limit: 2, cursor: null });
    await deadLetters.redrive(items[0]?.id ?? '');
    expect((await progress.due(mine, tenures, 2, 'KEY')).map(due => due.event)).toEqual([event]);
  });
});
