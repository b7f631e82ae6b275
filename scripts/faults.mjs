// Runs the tests in which real processes are killed, stopped and starved, and prints what came of each fault.
// `npm run faults`, or `npm run faults -- 12 15` for some of them.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const exact = 'as many as there are, one each, all that were told of';
const once = 'everything once, no key turned round, no backlog';
const held = 'all or nothing, the books balance';

/** Number, fault, what has to hold, file and titles of its tests. */
const faults = [
  [1, 'kill -9 of the API under load', exact, 'chaos/kill-service', /round/],
  [2, 'kill -9 of a consumer between its two commits', once, 'chaos/kafka.test', /die between two commits/],
  [3, 'kill -9 of the relay after a send', once, 'chaos/kafka-storm', /killed and stopped members, relays/],
  [
    4,
    'the holder of a lock is stopped beyond its TTL',
    'his write is refused',
    'chaos/stopped-holder',
    /refused by his fence/,
  ],
  [5, 'a consumer is stopped beyond its session', once, 'chaos/kafka.test', /stand still beyond their session/],
  [6, 'kill -9 of Postgres', exact, 'chaos/kill-postgres', /round/],
  [7, 'the connections of the service are ended every 50 ms', exact, 'chaos/postgres-faults', /are ended every/],
  [
    8,
    'the line is cut at a commit, or at the answer to it',
    `${exact}; one answer for a key`,
    'chaos/network-faults',
    /is cut instead of/,
  ],
  [9, 'the disk of Postgres is full', exact, 'chaos/postgres-faults', /no space left/],
  [10, 'others have all connections of Postgres', exact, 'chaos/postgres-faults', /every connection that Postgres has/],
  [11, 'transactions fail by 40001 or 40P01', exact, 'chaos/postgres-faults', /fail at/],
  [12, 'Redis is killed, emptied or hangs in mid-sale', exact, 'chaos/redis', /changes nothing behind/],
  [13, 'a replica is promoted', exact, 'chaos/redis', /killed in the middle of a sale/],
  [
    14,
    'Redis has no room, or forgets its scripts',
    'the service goes on without it',
    'redis-failures',
    /no room|scripts again/,
  ],
  [15, 'all brokers are away', once, 'chaos/kafka.test', /away altogether/],
  [16, 'the brokers are slow', once, 'chaos/kafka.test', /is slow/],
  [17, 'a storm of new deals of partitions', once, 'chaos/kafka-storm', /new deals of partitions/],
  [
    18,
    'records that are no events, or too large',
    'dead letters with all bytes; stop nobody',
    'kafka-records',
    /dead letters in both|too large|no store/,
  ],
  [19, 'dead letters can be kept nowhere', 'nothing is passed over', 'kafka-records', /kept nowhere/],
  [
    20,
    'the network loses one direction, or resets connections',
    exact,
    'chaos/network-faults',
    /loses all|is reset again/,
  ],
  [21, 'clocks are an hour fast and slow', 'the time of the database counts', 'chaos/process-faults', /whose clocks/],
  [22, 'slow clients, huge bodies, idle sockets', 'others do not notice', 'chaos/client-faults', /beside honest ones/],
  [23, 'rolling restart under load', 'no client sees an error', 'e2e/roles', /seen by no client/],
  [25, 'a process stands still for 5 s', exact, 'chaos/process-faults', /stands still/],
  ['', 'the processes of all roles are killed in turn, over Kafka', held, 'chaos/orders-by-kafka', /killed in turn/],
];

const wanted = process.argv.slice(2);
const chosen = faults.filter(([number]) => wanted.length === 0 || wanted.includes(String(number)));
const folder = await mkdtemp(join(tmpdir(), 'faults-'));
const json = join(folder, 'results.json');
const files = [...new Set(chosen.map(([, , , file]) => file))].join('|');
const args = ['run', '-s', 'jest', '--', '--selectProjects', 'contracts', 'e2e', '--testPathPatterns', files];
const child = spawn('npm', [...args, '--json', '--outputFile', json], { stdio: ['ignore', 'ignore', 'inherit'] });
await new Promise(resolve => child.once('close', resolve));

const { testResults } = JSON.parse(await readFile(json, 'utf8'));
await rm(folder, { recursive: true, force: true });
const resultOf = (file, title) => {
  const found = testResults
    .filter(({ name }) => name.includes(file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => title.test(fullName));
  const seconds = found.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1_000;
  const isHeld = found.length > 0 && found.every(({ status }) => status === 'passed');
  return { isHeld, cells: [isHeld ? 'held' : found.length === 0 ? 'NOT RUN' : 'BROKEN', `${seconds.toFixed(1)} s`] };
};
const results = chosen.map(([number, fault, rule, file, title]) => ({
  ...resultOf(file, title),
  about: [number, fault, rule],
}));
const rows = [
  ['fault', '', 'what has to hold', 'result', 'took'],
  ...results.map(({ about, cells }) => [...about, ...cells]),
];
const widths = rows[0].map((_, i) => Math.max(...rows.map(row => String(row[i]).length)));
const line = row => `| ${row.map((cell, i) => String(cell).padEnd(widths[i])).join(' | ')} |`;
const [head, ...body] = rows.map(line);
console.log([head, `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n'));
process.exitCode = results.every(({ isHeld }) => isHeld) ? 0 : 1;
