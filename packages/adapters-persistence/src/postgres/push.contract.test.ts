import { setTimeout as sleep } from 'node:timers/promises';
import {
  createPush,
  type FeedCursor,
  type NewEvent,
  type OrderView,
  type Outlet,
  orderEventTypes,
  type Push,
  type UserEvent,
} from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { ProcessTimer } from '../node/process-timer.js';
import { postgresDataSource } from './data-source.js';
import { postgresAdapters } from './postgres-adapters.js';
import { clientOf } from './transaction.js';

let database: TestDatabase;
const others: ReturnType<typeof postgresDataSource>[] = [];
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 30 });
});
afterAll(async () => {
  for (const each of others) await each.destroy();
  await database.drop();
});

/** A repeatable source of chance. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The orders of the events are of no interest here: any will do. */
const orderQueries = {
  named: async (orderNumbers: readonly string[]): Promise<readonly OrderView[]> =>
    orderNumbers.map(
      orderNumber => ({ orderNumber, order: { status: 'COMPLETED', facts: {} } }) as unknown as OrderView,
    ),
};

/** Push as another process has it, with connections of its own. */
async function aProcess(maxIdleMs: number): Promise<Push> {
  const dataSource = await postgresDataSource({ url: database.url, poolSize: 6 }).initialize();
  others.push(dataSource);
  return createPush({ ...postgresAdapters(dataSource), orderQueries }, { timer: new ProcessTimer(), maxIdleMs });
}

/** One event each, so that its number is its name; numbers rise for each user in the order of the commits at best. */
const anEvent = (userId: string, orderNumber: string): NewEvent => ({
  streamId: `order/${orderNumber}`,
  streamVersion: 1,
  type: orderEventTypes.OrderCompleted,
  data: { orderNumber, userId },
  key: userId,
  origin: { actor: userId, traceparent: null },
});

/** Appends events of several users, dawdles, and gives some of it up. Answers what is committed. */
async function write(chance: () => number, users: readonly string[], name: string): Promise<readonly NewEvent[]> {
  const { unitOfWork, events } = postgresAdapters(database.dataSource);
  const added: NewEvent[] = [];
  const givesUp = chance() < 0.15;
  try {
    await unitOfWork.run(async tx => {
      added.length = 0;
      if (chance() < 0.3) await clientOf(tx).query('select pg_current_xact_id()');
      await sleep(chance() * 6);
      for (let i = 0; i <= chance() * 5; i++) {
        const user = users[Math.floor(chance() * users.length)] as string;
        const next = anEvent(user, `${name}-${i}`);
        await events.append(tx, [next]);
        added.push(next);
        await sleep(chance() < 0.1 ? 50 * chance() : 3 * chance());
      }
      if (givesUp) throw new Error('given up on purpose');
    });
    return added;
  } catch (error) {
    if (!givesUp) throw error;
    return [];
  }
}

const nameOf = (told: UserEvent) => (told.event === 'order.status' ? told.order.orderNumber : '');

/** A client on a bad line: connects to any process, takes some of what it is told, is cut off, and comes back. */
class Unlucky {
  readonly taken: string[] = [];
  last: FeedCursor | null;
  cuts = 0;

  constructor(
    private readonly userId: string,
    private readonly chance: () => number,
    from: FeedCursor,
  ) {
    this.last = from;
  }

  /** Resolves when the line is cut, or nothing more came for a while. */
  async connection(push: Push, patience: number): Promise<void> {
    const listening = await push.join(this.userId, this.last);
    let left = this.chance() < 0.2 ? 0 : Math.floor(this.chance() * 12);
    const isPatient = patience > 0;
    let heard = Date.now();
    let isOver = false;
    const outlet: Outlet = {
      tell: events => {
        for (const told of events) {
          // What is on its way when the line is cut never arrives.
          if (isOver || (!isPatient && left-- <= 0)) {
            isOver = true;
            return;
          }
          this.taken.push(nameOf(told));
          this.last = told.cursor;
          heard = Date.now();
        }
      },
      drained: () => sleep(this.chance() * 5),
      end: why => {
        throw new Error(why);
      },
    };
    listening.start(outlet);
    const until = Date.now() + this.chance() * 60;
    while (!isOver && (isPatient ? Date.now() < heard + patience : Date.now() < until)) await sleep(2);
    isOver = true;
    listening.leave();
    this.cuts++;
  }
}

describe('clients that lose their connections all the time, while transactions of any length end in any order', () => {
  it.each([1, 2, 3])(
    'orders rule 22: miss nothing and see nothing twice, whichever process they come back to (seed %i)',
    async seed => {
      const processes = [await aProcess(5), await aProcess(60)];
      const users = Array.from({ length: 5 }, (_, i) => `user-${seed}-${i}`);
      const from = await (processes[0] as Push).now();
      let isWriting = true;
      const clients = users.flatMap((user, u) =>
        [0, 1].map(i => new Unlucky(user, chanceOf(seed * 100 + u * 10 + i), from)),
      );
      const pick = chanceOf(seed);
      const listening = clients.map(async client => {
        while (isWriting) await client.connection(processes[pick() < 0.5 ? 0 : 1] as Push, 0);
        await client.connection(processes[pick() < 0.5 ? 0 : 1] as Push, 600);
      });
      const writers = Array.from({ length: 12 }, async (_, i) => {
        const chance = chanceOf(seed * 1_000 + i);
        const written: NewEvent[] = [];
        for (let turn = 0; turn < 40; turn++) written.push(...(await write(chance, users, `${seed}-${i}-${turn}`)));
        return written;
      });
      const committed = (await Promise.all(writers)).flat();
      isWriting = false;
      await Promise.all(listening);
      expect(committed.length).toBeGreaterThan(800);
      for (const [n, client] of clients.entries()) {
        const own = committed.filter(({ key }) => key === users[Math.floor(n / 2)]);
        expect(client.taken.length).toBe(own.length);
        expect([...client.taken].sort()).toEqual(own.map(({ data }) => String(data.orderNumber)).sort());
        expect(client.cuts).toBeGreaterThan(10);
      }
    },
    120_000,
  );
});
