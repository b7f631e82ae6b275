import { setTimeout as sleep } from 'node:timers/promises';
import type { FedEvent, FeedCursor } from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';
import { PostgresEventFeed } from './postgres-event-feed.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';
import { anEvent } from './store.fixtures.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 5 });
});
afterAll(() => database.drop());

const types = ['order.tested.v1'];
const anOrderEventOf = (user: string, streamId: string) => ({
  ...anEvent(streamId),
  type: 'order.tested.v1',
  key: user,
});

const aFeed = () => {
  const { dataSource } = database;
  const { unitOfWork, events } = postgresAdapters(dataSource);
  const feed = new PostgresEventFeed(dataSource, new PostgresUnitOfWork(dataSource));
  const append = (user: string, ...names: string[]) =>
    unitOfWork.run(tx => {
      const added = names.map(name => anOrderEventOf(user, name));
      return events.append(tx, added);
    });
  return { feed, append, unitOfWork, events };
};

/** Follows the feed as those who are connected do; it is asked to look by hand. */
async function aFollower({ feed }: ReturnType<typeof aFeed>) {
  const seen: FedEvent[] = [];
  let after = await feed.now();
  const look = async () => {
    const page = await feed.read({ after, types, limit: 100 });
    seen.push(...page.events);
    after = page.next;
  };
  return { seen, look };
}

/** Resolves when no transaction is open that is older than an event: those of all databases of the server count. */
async function undisturbed() {
  const newer = 'select stream_id from events where xid >= pg_snapshot_xmin(pg_current_snapshot())';
  while ((await database.dataSource.query<unknown[]>(newer)).length > 0) await sleep(20);
}

const names = (events: readonly FedEvent[]) => events.map(({ streamId }) => streamId).sort();
const cursors = (events: readonly FedEvent[]) => events.map(({ cursor }) => cursor);

/** Reads on in the other way, page by page. */
async function readingOn({ feed }: ReturnType<typeof aFeed>, from: FeedCursor): Promise<readonly FedEvent[]> {
  const found: FedEvent[] = [];
  for (let after = from, empty = 0; empty < 2; ) {
    const page = await feed.read({ after, types, limit: 2 });
    found.push(...page.events);
    after = page.next;
    empty = page.events.length === 0 ? empty + 1 : 0;
  }
  return found;
}

describe('the cursor of an event', () => {
  it('is the same for who is told at once and for who comes back later (orders rule 22)', async () => {
    const shop = aFeed();
    const live = await aFollower(shop);
    for (const added of [['named/1'], ['named/2', 'named/3'], ['named/4']]) {
      await shop.append('ann', ...added);
      await undisturbed();
      await live.look();
    }
    expect(live.seen).toHaveLength(4);
    for (const [i, { cursor }] of live.seen.entries()) {
      const missed = await shop.feed.ofUser('ann', { after: cursor, types, limit: 100 });
      expect(cursors(missed.events)).toEqual(cursors(live.seen.slice(i + 1)));
    }
  });

  it('is good to go on from, to each of the others once, also when some overtook each other', async () => {
    const shop = aFeed();
    const live = await aFollower(shop);
    await shop.append('ben', 'overtaken/1');
    await shop.unitOfWork.run(async late => {
      await shop.events.append(late, [anOrderEventOf('ben', 'overtaken/late')]);
      // It has its position now, not only been sent.
      await shop.events.stream(late, 'overtaken/late');
      await shop.append('ben', 'overtaken/2');
      await live.look();
      await shop.append('ben', 'overtaken/3', 'overtaken/4');
    });
    await shop.append('ben', 'overtaken/5');
    await live.look();
    expect(live.seen).toHaveLength(6);
    for (const [i, { cursor }] of live.seen.entries()) {
      const missed = await shop.feed.ofUser('ben', { after: cursor, types, limit: 100 });
      const rest = names(live.seen.slice(i + 1));
      expect(names(missed.events)).toEqual(rest);
      expect(names(await readingOn(shop, cursor))).toEqual(rest);
    }
  });
});
