import type { Check, Figure } from '../figure.js';
import { contendersOf, sale } from '../issuing.js';
import { verdict } from '../measuring.js';
import type { Stage } from '../stage.js';
import type { Cell } from '../table.js';
import { crowd } from './fcfs-rush.js';

/** One sale after the other, for as many minutes as `--minutes` says: the memory must not grow. */
export const memory: Figure = {
  name: 'memory',
  async run(stage: Stage) {
    const minutes = Math.max(stage.minutes, 0.02);
    const { v4 } = await contendersOf(stage);
    const end = performance.now() + minutes * 60_000;
    const began = performance.now();
    const rows: Cell[][] = [];
    const checks: Check[] = [];
    let requests = 0;
    for (let due = 0; performance.now() < end; ) {
      const size = stage.pick(10_000, 200);
      const { checks: found } = await sale(v4, {
        coupons: 1_000,
        connections: 128,
        users: crowd(size / 2, size),
        rate: 2_000,
      });
      requests += size;
      checks.push(...found);
      const elapsed = (performance.now() - began) / 60_000;
      if (elapsed < due) continue;
      const { now, peak } = await v4.endpoint.child.memory();
      rows.push([elapsed.toFixed(1), requests, now, peak]);
      due += minutes / 10;
    }
    const peak = Number(rows.at(-1)?.[3] ?? 0);
    return {
      tables: [
        {
          title: 'Memory of the service under sales of 10,000 requests, one after the other, at 2,000/s',
          columns: ['minutes', 'requests', 'RSS MB', 'RSS MB (peak)'],
          rows,
          notes: [verdict('most memory, goal below 250 MB', peak, ' MB', peak < 250)],
        },
      ],
      checks,
    };
  },
};
