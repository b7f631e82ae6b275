import { RealTimer } from '../memory/index.js';
import { FeedCursorError } from '../ports/event-feed.js';
import { atMost } from './at-most.js';
import { aPush, until } from './push.fixtures.js';

const pause = (ms: number) => new RealTimer().pause(ms);

describe('a client that is connected', () => {
  it('is told what happens from then on, of its user alone', async () => {
    const { connect, complete } = aPush();
    await complete('ann', 1);
    const [ann, bob] = [await connect('ann'), await connect('bob')];
    await complete('ann', 2);
    await complete('bob', 1);
    await complete('ann', 3);
    await until(() => ann.names.length === 2 && bob.names.length === 1);
    await pause(20);
    expect([ann.names, bob.names]).toEqual([['ann-2', 'ann-3'], ['bob-1']]);
  });

  it('is one of several of the same user, and may leave without the others', async () => {
    const { connect, complete } = aPush();
    const [one, two] = [await connect('ann'), await connect('ann')];
    await complete('ann', 1);
    await until(() => one.names.length === 1 && two.names.length === 1);
    one.listening.leave();
    await complete('ann', 2);
    await until(() => two.names.length === 2);
    expect(one.names).toEqual(['ann-1']);
  });

  it('is told at once of what its own process has committed', async () => {
    const { connect, complete, push } = aPush({ maxIdleMs: 60_000 });
    const ann = await connect('ann');
    await pause(20);
    await complete('ann', 1);
    push.wake(new Set(['order.shipped.v1']));
    await pause(20);
    expect(ann.names).toEqual([]);
    push.wake(new Set(['order.completed.v1']));
    await until(() => ann.names.length === 1);
  });

  it('costs nothing once it is gone', async () => {
    const { connect, asked } = aPush({ maxIdleMs: 60_000 });
    const ann = await connect('ann');
    ann.listening.leave();
    await pause(20);
    const before = { ...asked };
    await pause(30);
    expect(asked).toEqual(before);
  });
});

describe('a client that comes back', () => {
  it('is told what it missed, and what comes meanwhile, once each and in order', async () => {
    const { connect, complete, state } = aPush();
    const first = await connect('ann');
    await complete('ann', 1);
    await until(() => first.names.length === 1);
    first.listening.leave();
    await complete('ann', 2, 3);
    let go: () => void = () => undefined;
    state.held = new Promise(resolve => {
      go = resolve;
    });
    const coming = connect('ann', first.last);
    await complete('ann', 4);
    go();
    state.held = null;
    const second = await coming;
    await complete('ann', 5);
    await until(() => second.names.length === 4);
    await pause(20);
    expect(second.names).toEqual(['ann-2', 'ann-3', 'ann-4', 'ann-5']);
  });

  it('goes on from wherever it broke off, also without having been told anything', async () => {
    const { connect, complete } = aPush();
    const all = Array.from({ length: 350 }, (_, i) => i + 1);
    const idle = await connect('ann');
    const start = idle.last;
    idle.listening.leave();
    await complete('ann', ...all);
    const whole = await connect('ann', start);
    await until(() => whole.names.length === 350);
    expect(whole.names).toEqual(all.map(n => `ann-${n}`));
    for (const at of [0, 99, 100, 348]) {
      const again = await connect('ann', whole.told[at]?.cursor);
      await until(() => again.names.length === 349 - at);
      expect(again.names).toEqual(whole.names.slice(at + 1));
      again.listening.leave();
    }
  });

  it('is told no faster than it takes it, while what is new waits', async () => {
    const { connect, complete, push } = aPush();
    const start = await push.now();
    await complete('ann', ...Array.from({ length: 150 }, (_, i) => i));
    const ann = await connect('ann', start);
    ann.isFull = true;
    await until(() => ann.names.length === 100);
    await complete('ann', 150);
    await pause(30);
    expect(ann.names).toHaveLength(100);
    ann.makeRoom();
    await until(() => ann.names.length === 151);
    expect(ann.names.at(-1)).toBe('ann-150');
  });

  it('is sent away as slow when too much waits for it', async () => {
    const { connect, complete, push } = aPush();
    const start = await push.now();
    await complete('ann', ...Array.from({ length: 101 }, (_, i) => i));
    const other = await connect('ann');
    const ann = await connect('ann', start);
    ann.isFull = true;
    await until(() => ann.names.length === 100);
    await complete('ann', ...Array.from({ length: 1_001 }, (_, i) => 1_000 + i));
    await until(() => other.names.length === 1_001);
    expect([ann.ended, other.ended]).toEqual(['SLOW', null]);
  });

  it('with what was never a cursor is refused, and forgotten', async () => {
    const { connect, asked } = aPush();
    await expect(connect('ann', 'nonsense')).rejects.toThrow(FeedCursorError);
    await pause(20);
    const { now } = asked;
    await pause(30);
    expect(asked.now).toBe(now);
  });
});

describe('a store that fails', () => {
  it('costs those who are connected nothing but time', async () => {
    const { connect, complete, state, reported } = aPush();
    const ann = await connect('ann');
    state.broken = new Error('gone');
    await complete('ann', 1, 2);
    await until(() => reported.length > 2);
    await complete('ann', 3);
    state.broken = null;
    await until(() => ann.names.length === 3);
    expect([ann.names, ann.ended]).toEqual([['ann-1', 'ann-2', 'ann-3'], null]);
  });

  it('is told to who wants to be let in', async () => {
    const { connect, state } = aPush();
    state.broken = new Error('gone');
    await expect(connect('ann')).rejects.toThrow('gone');
    state.broken = null;
    expect((await connect('ann')).ended).toBeNull();
  });

  it('sends away who could not be told what he missed', async () => {
    const { connect, complete, push, state } = aPush();
    const start = await push.now();
    await complete('ann', ...Array.from({ length: 101 }, (_, i) => i));
    const ann = await connect('ann', start);
    ann.isFull = true;
    await until(() => ann.names.length === 100);
    state.broken = new Error('gone');
    ann.makeRoom();
    await until(() => ann.ended === 'FAILED');
    expect(ann.names).toHaveLength(100);
  });
});

describe('tickets', () => {
  it('open once, for who fetched them, and are over after half a minute', async () => {
    const { push, clock } = aPush();
    const holder = { userId: 'ann', until: 5_000_000_000_000 };
    const [one, two] = [await push.issue(holder), await push.issue(holder)];
    expect(one.ticket).toMatch(/^[\w-]{43}$/);
    expect(await push.redeem(one.ticket)).toEqual(holder);
    expect(await push.redeem(one.ticket)).toBeNull();
    clock.advance(29_999);
    expect(two.expiresAt - one.expiresAt).toBe(0);
    const three = await push.issue(holder);
    clock.advance(1);
    expect([await push.redeem(two.ticket), await push.redeem(three.ticket)]).toEqual([null, holder]);
  });

  it('are not what is stored', async () => {
    const { push, tickets, unitOfWork } = aPush();
    const { ticket } = await push.issue({ userId: 'ann', until: 1 });
    expect(await unitOfWork.run(tx => tickets.consume(tx, ticket))).toBeNull();
  });
});

it('at most so many at a time, whether they fail or not', async () => {
  const limited = atMost(2);
  let [running, most] = [0, 0];
  const work = async (n: number) => {
    most = Math.max(most, ++running);
    await pause(2);
    running--;
    if (n === 3) throw new Error('three');
    return n;
  };
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(n => limited(() => work(n))));
  expect(results.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  ]);
  expect(most).toBe(2);
});
