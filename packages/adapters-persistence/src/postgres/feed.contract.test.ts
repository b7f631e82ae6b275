import { setTimeout as sleep } from 'node:timers/promises';
import type { FedEvent, FeedCursor, NewEvent, Transaction } from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { firstNewcomer, placeOfCursor, snapshotOf } from './feed-cursor.js';
import { postgresAdapters } from './postgres-adapters.js';
import { PostgresEventFeed } from './postgres-event-feed.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';
import { anEvent } from './store.fixtures.js';
import { clientOf } from './transaction.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 40 });
});
afterAll(() => database.drop());

const feedOf = () => new PostgresEventFeed(database.dataSource, new PostgresUnitOfWork(database.dataSource));
const types = ['test.happened.v1'];

/** Reads from cursor to cursor while others write, as a bus does. */
class Reader {
  readonly seen: FedEvent[] = [];
  private cursor: FeedCursor | null = null;
  private readonly feed: PostgresEventFeed;

  constructor(
    private readonly limit: number,
    from: FeedCursor | null = null,
  ) {
    this.feed = feedOf();
    this.cursor = from;
  }

  async catchUp(): Promise<void> {
    for (let more = true; more; ) {
      const page = await this.feed.read({ after: this.cursor, types, limit: this.limit });
      this.seen.push(...page.events);
      this.cursor = page.next;
      more = page.more;
    }
  }
}

/** A repeatable source of chance. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const versionOf = async (tx: Transaction, streamId: string): Promise<number> => {
  const { rows } = await clientOf(tx).query(
    `select coalesce(max(stream_version), 0)::int as version from events where stream_id = $1`,
    [streamId],
  );
  return (rows[0] as { version: number }).version;
};

/** One transaction: locks some aggregates, appends to each, dawdles, and may give up in the end. */
async function write(chance: () => number, name: string): Promise<readonly NewEvent[]> {
  const { unitOfWork, events } = postgresAdapters(database.dataSource);
  const streams = [...new Set([0, 1, 2].map(() => `${name}/${Math.floor(chance() * 12)}`))].sort();
  const added: NewEvent[] = [];
  const work = unitOfWork.run(async tx => {
    added.length = 0;
    if (chance() < 0.3) await clientOf(tx).query('select pg_current_xact_id()');
    await sleep(chance() * 8);
    for (const streamId of streams) {
      await clientOf(tx).query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [streamId]);
      const version = await versionOf(tx, streamId);
      const next = [anEvent(streamId, version + 1), anEvent(streamId, version + 2)].slice(0, chance() < 0.5 ? 1 : 2);
      await events.append(tx, next);
      added.push(...next);
      await sleep(chance() < 0.1 ? 60 * chance() : 4 * chance());
    }
    if (chance() < 0.2) throw new Error('given up on purpose');
  });
  return work.then(
    () => [...added],
    error => {
      if (!/on purpose/.test(String(error))) throw error;
      return [];
    },
  );
}

const idOf = ({ streamId, streamVersion }: Pick<NewEvent, 'streamId' | 'streamVersion'>) =>
  `${streamId}:${streamVersion}`;

describe('readers of the log, while transactions of any length end in any order', () => {
  it.each([1, 2, 3])(
    'see every committed event once and each stream in order (seed %i)',
    async seed => {
      const now = await feedOf().now();
      const readers = [1, 7, 500].map(limit => new Reader(limit, now));
      let isWriting = true;
      const reading = readers.map(async reader => {
        while (isWriting) {
          await reader.catchUp();
          await sleep(1);
        }
        await reader.catchUp();
      });
      const writers = Array.from({ length: 24 }, async (_, i) => {
        const chance = chanceOf(seed * 1_000 + i);
        const written: NewEvent[] = [];
        for (let turn = 0; turn < 25; turn++) written.push(...(await write(chance, `race-${seed}`)));
        return written;
      });
      const committed = (await Promise.all(writers)).flat();
      isWriting = false;
      await Promise.all(reading);
      expect(committed.length).toBeGreaterThan(500);
      for (const { seen } of readers) {
        expect(seen.map(({ id }) => id).sort()).toEqual(committed.map(idOf).sort());
        const last = new Map<string, number>();
        for (const { streamId, streamVersion } of seen) {
          expect([streamId, streamVersion]).toEqual([streamId, (last.get(streamId) ?? 0) + 1]);
          last.set(streamId, streamVersion);
        }
      }
    },
    60_000,
  );

  it('would lose events by their positions alone', async () => {
    const { unitOfWork, events } = postgresAdapters(database.dataSource);
    const reader = new Reader(100, await feedOf().now());
    await unitOfWork.run(async tx => {
      await events.append(tx, [anEvent('late')]);
      // It has its position now, not only been sent.
      await events.stream(tx, 'late');
      await unitOfWork.run(other => events.append(other, [anEvent('early')]));
      await reader.catchUp();
    });
    await reader.catchUp();
    expect(reader.seen.map(({ streamId }) => streamId)).toEqual(['early', 'late']);
    const [early, late] = reader.seen as [FedEvent, FedEvent];
    expect(late.position).toBeLessThan(early.position);
  });

  it('are held up by no transaction that stays open for seconds, and look back no further than they have to', async () => {
    const { unitOfWork, events } = postgresAdapters(database.dataSource);
    const feed = feedOf();
    let cursor = await feed.now();
    const took: number[] = [];
    let looked = 0;
    await unitOfWork.run(async open => {
      await events.append(open, [anEvent('open')]);
      await events.stream(open, 'open');
      for (let turn = 0; turn < 40; turn++) {
        await unitOfWork.run(tx =>
          events.append(
            tx,
            Array.from({ length: 200 }, (_, i) => anEvent(`busy/${turn}/${i}`)),
          ),
        );
        const begun = performance.now();
        const page = await feed.read({ after: cursor, types, limit: 1_000 });
        took.push(performance.now() - begun);
        looked += page.events.length;
        cursor = page.next;
      }
    });
    expect(looked).toBe(8_000);
    took.sort((a, b) => a - b);
    expect(took[20]).toBeLessThan(100);
    const { events: rest } = await feed.read({ after: cursor, types, limit: 1_000 });
    expect(rest.map(({ streamId }) => streamId)).toEqual(['open']);
  });
});

describe('a mark', () => {
  it('is below every position of whoever gets an xid later, also when the positions come first', async () => {
    const { unitOfWork, events } = postgresAdapters(database.dataSource);
    // Nobody has an xid before its first position: the default of the column sees to that.
    for (let turn = 0; turn < 20; turn++) await unitOfWork.run(tx => events.append(tx, [anEvent(`marked/${turn}`)]));
    const wrong = await database.dataSource.query(
      `select 1 from events e, event_marks m where e.xid::text::bigint >= m.xid and e.position <= m.position`,
    );
    expect(wrong).toEqual([]);
    const [{ marks }] = await database.dataSource.query('select count(*)::int as marks from event_marks');
    expect(marks).toBeGreaterThan(1);
    const [{ expression }] = await database.dataSource.query(
      `select pg_get_expr(adbin, adrelid) as expression from pg_attrdef where adrelid = 'events'::regclass
       and pg_get_expr(adbin, adrelid) like '%events_position%'`,
    );
    expect(expression).toMatch(/pg_current_xact_id\(\) IS NOT NULL\).*nextval/s);
  });
});

describe('cursors', () => {
  it.each([
    ['10:20:', '10:20:', 20n],
    ['10:20:10,14', '10:25:10,14', 20n],
    ['10:20:10,14', '14:25:14', 10n],
    ['10:20:10,14', '10:25:10', 14n],
    ['10:20:10,14', '10:25:10,14,22', 20n],
  ])('tell that nothing older than the first newcomer is new: %s to %s', (from, to, first) => {
    const [a, b] = [snapshotOf(from), snapshotOf(to)];
    expect(a && b && firstNewcomer(a, b)).toBe(first);
  });

  it.each(['', '1', '10:5:~1', '10:20:9~1', '10:20:14,12~1', '10:20:25~1', '10:20:', '10:20:~', '10:20:~x', '1:2:~1'])(
    'are refused when Postgres would not have said so: %j',
    cursor => expect(() => placeOfCursor(cursor)).toThrow('is no cursor of this feed'),
  );

  it('of another database, which has seen more transactions, are refused', async () => {
    const feed = feedOf();
    const question = { after: '900000000:900000000:~5', types, limit: 1 };
    await expect(feed.read(question)).rejects.toThrow('is of another database');
    await expect(feed.ofUser('ann', question)).rejects.toThrow('is of another database');
  });
});
