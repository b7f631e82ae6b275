import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { Held } from '../ports/lock.js';
import { aMoment, oneAfterTheOther, signal, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export type LockFixture = Pick<Adapters, 'unitOfWork' | 'lock' | 'fences'>;
type Fixture = LockFixture;

const LONG = 20_000;
const BRIEF = 400;

const draw = ({ unitOfWork, fences }: Fixture, keys: readonly string[]) => unitOfWork.run(tx => fences.draw(tx, keys));
const holds = ({ unitOfWork, fences }: Fixture, keys: readonly string[], fence: number) =>
  unitOfWork.run(tx => fences.holds(tx, keys, fence));

/** Holds the keys until it is told to end. */
async function holding({ lock }: Fixture, keys: readonly string[], ttlMs = LONG) {
  const [begun, enough] = [signal(), signal()];
  let held: Held | null = null;
  const end = lock.withLock(keys, ttlMs, async own => {
    held = own;
    begun.give();
    await enough.happens;
  });
  await Promise.race([begun.happens, end]);
  return {
    held: held as unknown as Held,
    async end() {
      enough.give();
      await end;
    },
  };
}

/** When the signal is given, or never. */
const given = (over: AbortSignal) =>
  new Promise<void>(resolve => {
    if (over.aborted) resolve();
    else over.addEventListener('abort', () => resolve(), { once: true });
  });

async function isBusy({ lock }: Fixture, keys: readonly string[]): Promise<boolean> {
  try {
    await lock.withLock(keys, LONG, async () => undefined, { waitMs: 1 });
    return false;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'LOCK_BUSY');
    return true;
  }
}

export const lockContract = contract<Fixture>('Lock', {
  async 'answers what the work answers, and gives the keys back'(fixture) {
    const { lock } = fixture;
    assert.equal(await lock.withLock(['a', 'b'], LONG, async () => 'done'), 'done');
    assert.equal(await isBusy(fixture, ['a', 'b']), false);
  },
  async 'throws what the work throws, and gives the keys back'(fixture) {
    const failing = () => Promise.reject(new Error('the work failed'));
    await assert.rejects(fixture.lock.withLock(['a'], LONG, failing), /the work failed/);
    assert.equal(await isBusy(fixture, ['a']), false);
  },
  async 'lets twenty in one after the other'({ lock }) {
    let inside = 0;
    let most = 0;
    const done = await twenty(async index =>
      lock.withLock(['a'], LONG, async () => {
        most = Math.max(most, ++inside);
        await new Promise(resolve => setTimeout(resolve, 2));
        inside--;
        return index;
      }),
    );
    assert.equal(most, 1);
    sameData(
      done,
      Array.from({ length: 20 }, (_, index) => index),
    );
  },
  async 'keeps nobody waiting who wants other keys'(fixture) {
    const one = await holding(fixture, ['a']);
    assert.equal(await isBusy(fixture, ['b', 'c']), false);
    await one.end();
  },
  async 'turns away who wants one of the keys and has waited enough, and does not begin his work'(fixture) {
    const one = await holding(fixture, ['b']);
    assert.equal(await isBusy(fixture, ['a', 'b']), true);
    await one.end();
  },
  async 'keeps no key of those who wait for another one'(fixture) {
    const one = await holding(fixture, ['b']);
    const waiting = fixture.lock.withLock(['a', 'b', 'c'], LONG, async () => 'at last');
    waiting.catch(() => undefined);
    await aMoment();
    const other = await fixture.lock.withLock(['a'], LONG, async () => 'meanwhile');
    assert.equal(other, 'meanwhile');
    await one.end();
    assert.equal(await waiting, 'at last');
  },
  async 'does not tie up those who name the same keys in another order'({ lock }) {
    const orders = [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'a', 'c'],
    ];
    const done = await twenty(index => lock.withLock(orders[index % 3] as string[], LONG, async () => index));
    assert.equal(done.length, 20);
  },
  async 'takes a key that is named twice for one'({ lock }) {
    assert.equal(await lock.withLock(['a', 'a'], LONG, async () => 'done'), 'done');
  },
  async 'ends with its time: the holder is told, and the next one gets in'(fixture) {
    const slow = await holding(fixture, ['a'], BRIEF);
    assert.equal(slow.held.signal.aborted, false);
    const next = await holding(fixture, ['a']);
    await given(slow.held.signal);
    assert.ok(next.held.fence > slow.held.fence, `${next.held.fence} after ${slow.held.fence}`);
    await slow.end();
    await next.end();
  },
  async 'refuses the write of a holder who goes on after his time'(fixture) {
    const slow = await holding(fixture, ['a'], BRIEF);
    assert.equal(await holds(fixture, ['a'], slow.held.fence), true);
    const next = await holding(fixture, ['a']);
    assert.equal(await holds(fixture, ['a'], slow.held.fence), false);
    assert.equal(await holds(fixture, ['a'], next.held.fence), true);
    await slow.end();
    await next.end();
  },
  async 'gives nothing back that somebody else holds by now'(fixture) {
    const slow = await holding(fixture, ['a'], BRIEF);
    const next = await holding(fixture, ['a']);
    await slow.end();
    assert.equal(await isBusy(fixture, ['a']), true);
    await next.end();
  },
  async 'gives every holder a higher number, whichever of the keys he holds'(fixture) {
    const fenceOf = (keys: readonly string[]) => fixture.lock.withLock(keys, LONG, async ({ fence }) => fence);
    const fences = [
      await fenceOf(['a']),
      await fenceOf(['a', 'b']),
      await fenceOf(['b']),
      await fenceOf(['c', 'b']),
      await fenceOf(['c']),
    ];
    for (const [i, fence] of fences.entries()) assert.ok(fence > (fences[i - 1] ?? 0), fences.join(' < '));
  },
});

export const lockFencesContract = contract<Fixture>('LockFences', {
  async 'gets fences of its own for every case'(fixture, another) {
    await draw(fixture, ['a']);
    const fence = await draw(fixture, ['a']);
    assert.equal(await holds(await another(), ['a'], fence), false);
  },
  async 'draws numbers that rise for each key, one for all of them'(fixture) {
    const first = await draw(fixture, ['a']);
    const second = await draw(fixture, ['a']);
    const both = await draw(fixture, ['a', 'b']);
    const third = await draw(fixture, ['b']);
    assert.ok(0 < first && first < second && second < both && both < third, `${first} ${second} ${both} ${third}`);
    sameData([await holds(fixture, ['a'], both), await holds(fixture, ['b'], third)], [true, true]);
  },
  async 'draws no number twice for twenty who come at once'(fixture) {
    const drawn = await twenty(() => draw(fixture, ['a', 'b']));
    assert.equal(new Set(drawn).size, 20);
  },
  async 'knows the last number of all keys, and no other'(fixture) {
    const before = await draw(fixture, ['a', 'b']);
    const last = await draw(fixture, ['b']);
    sameData(
      [
        await holds(fixture, ['a'], before),
        await holds(fixture, ['b'], before),
        await holds(fixture, ['a', 'b'], before),
        await holds(fixture, ['b'], last),
        await holds(fixture, ['b'], last + 1),
        await holds(fixture, ['c'], last),
      ],
      [true, false, false, true, false, false],
    );
  },
  async 'keeps the next holder waiting for the end of a transaction that was told that it holds'(fixture) {
    const { unitOfWork, fences } = fixture;
    const fence = await draw(fixture, ['a']);
    const order = await oneAfterTheOther(
      unitOfWork,
      async tx => assert.equal(await fences.holds(tx, ['a'], fence), true),
      tx => fences.draw(tx, ['a']),
    );
    sameData(order, ['first', 'second']);
  },
});
