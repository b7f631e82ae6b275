import { percentile } from '@org/example-service/http-load';
import type { Check, Figure } from '../figure.js';
import { contendersOf, sale, warmUp } from '../issuing.js';
import { perSecond, spread, spreadColumns, verdict } from '../measuring.js';
import type { Stage } from '../stage.js';
import type { Cell } from '../table.js';
import { crowd } from './fcfs-rush.js';

/** The same sale at a steady rate: requests come when they come, whether or not the answers keep up. */
export const fcfsOpenLoop: Figure = {
  name: 'fcfs-open-loop',
  async run(stage: Stage) {
    const [requests, seconds] = [stage.pick(50_000, 600), stage.pick(30, 1)];
    const [users, coupons, connections] = [stage.pick(20_000, 300), stage.pick(1_000, 100), stage.pick(256, 32)];
    const rate = requests / seconds;
    const { v4, naive, limit } = await contendersOf(stage);
    const rows: Cell[][] = [];
    const checks: Check[] = [];
    const notes: string[] = [];
    for (const each of [v4, ...(naive ? [naive] : []), limit]) {
      await warmUp([each], stage.pick(1_000, 50));
      const { load, checks: found } = await sale(each, { coupons, connections, users: crowd(users, requests), rate });
      const { peak } = await each.endpoint.child.memory();
      rows.push([each.name, perSecond(load), ...spread(load), peak]);
      checks.push(...found);
      if (each !== v4) continue;
      const p99 = percentile(load.latencies, 0.99);
      notes.push(verdict('p99 of the service, goal below 45 ms', p99, ' ms', p99 < 45));
      notes.push(verdict('most memory of the service, goal below 250 MB', peak, ' MB', peak < 250));
    }
    const title = `FCFS at a steady ${Math.round(rate)} requests/s: ${requests} requests of ${users} users for ${coupons} coupons`;
    const columns = ['endpoint', 'requests/s', ...spreadColumns, 'RSS MB (peak)'];
    const about =
      'Latencies count from the moment at which a request was due. The embedded database is no part of the RSS.';
    return { tables: [{ title, columns, rows, notes: [about, ...notes] }], checks };
  },
};
