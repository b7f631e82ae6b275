import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaOrNone } from '../support/kafka-server.js';

interface Check {
  readonly figure: string;
  readonly what: string;
  readonly expected: number;
  readonly actual: number;
}

const main = new URL('../../bench/dist/main.js', import.meta.url).pathname;

/** Plays every figure for a moment. How fast it was is nobody's business here. */
async function playAll(
  brokers: readonly string[],
): Promise<{ readonly checks: readonly Check[]; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
  const json = join(folder, 'checks.json');
  try {
    const env = { ...process.env, ...(brokers.length > 0 && { BENCH_KAFKA_BROKERS: brokers.join(',') }) };
    const run = promisify(execFile)(process.execPath, [main, '--scale', 'small', '--json', json], {
      env,
      timeout: 290_000,
    });
    // What is not exact ends it with 1; what was not, the checks tell.
    const { stdout, stderr } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
    const checks = await readFile(json, 'utf8').catch(() => Promise.reject(new Error(`no checks: ${stderr}`)));
    return { checks: JSON.parse(checks), output: stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const brokers = (await kafkaOrNone()) ?? [];
/** Without Kafka there is nothing that they could be exact about. */
const withKafka =
  brokers.length > 0
    ? [
        ['kafka-relay', 'events that are on the broker'],
        ['kafka-consumer', 'records that took effect'],
        ['kafka-orders', 'coupons used'],
      ]
    : [];

describe('the benchmarks', () => {
  let played: Awaited<ReturnType<typeof playAll>>;
  beforeAll(async () => {
    played = await playAll(brokers);
  }, 300_000);

  const inexact = (figure: string) =>
    played.checks.filter(check => check.figure === figure && check.expected !== check.actual);

  it.each([
    ['fcfs-rush', 'winners in the database'],
    ['fcfs-everybody-wins', 'coupons without their event'],
    ['fcfs-open-loop', 'gaps in the sequence'],
    ['fcfs-growth', 'coupons counted in the campaign'],
    ['strategies', 'users with two coupons'],
    ['quote', 'nets of the units and shipping'],
    ['sweeper', 'coupons that are free again'],
    ['codes', 'different codes'],
    ['confirm', 'used coupons'],
    ['push', 'listeners who were told of their coupon once'],
    ['orders-growth', 'orders in all'],
    ['points', 'points that can be spent'],
    ...withKafka,
  ])('%s is exact', (figure, looksAt) => {
    expect(inexact(figure)).toEqual([]);
    const names = played.checks.filter(check => check.figure === figure).map(({ what }) => what);
    expect(names.join('\n')).toContain(looksAt);
  });

  it('tells what the figures were measured on', () => {
    expect(played.output).toMatch(
      /Processors: \d+ .*\n.*\n.*Node\.js \d.*\n.*Postgres \d+.*fsync \w+, synchronous_commit \w+/,
    );
    expect(played.output).toContain('Load generator: ');
  });
});
