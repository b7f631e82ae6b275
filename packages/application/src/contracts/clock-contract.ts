import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import { contract } from './contract.js';
import { DAY } from './samples.js';

export interface ClockFixture extends Pick<Adapters, 'unitOfWork' | 'clock'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}

export const clockContract = contract<ClockFixture>('Clock', {
  async 'tells epoch milliseconds, whole ones'({ unitOfWork, clock }) {
    const now = await unitOfWork.run(tx => clock.now(tx));
    assert.ok(Number.isSafeInteger(now), `${now} is a whole number`);
    // Seconds or microseconds would fall outside of the years 2001 to 2200.
    assert.ok(now > 11_323 * DAY && now < 84_006 * DAY, `${now} is in milliseconds`);
  },
  async 'does not go back between two looks'({ unitOfWork, clock }) {
    const first = await unitOfWork.run(tx => clock.now(tx));
    const second = await unitOfWork.run(tx => clock.now(tx));
    assert.ok(second >= first, `${second} ≥ ${first}`);
  },
  async 'tells the time of now, not that at which the transaction began'({ unitOfWork, clock, elapse }) {
    const [first, second] = await unitOfWork.run(async tx => {
      const before = await clock.now(tx);
      await elapse(20);
      return [before, await clock.now(tx)] as const;
    });
    assert.ok(second - first >= 19, `${second} is at least 20 ms after ${first}`);
  },
  async 'tells all transactions the same time'({ unitOfWork, clock, elapse }) {
    const times: number[] = [];
    for (const _ of Array.from({ length: 20 })) {
      times.push(await unitOfWork.run(tx => clock.now(tx)));
      await elapse(1);
    }
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) < 60_000, 'a second of looking is not a minute of the store');
  },
});
