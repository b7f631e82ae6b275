import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CodeJobView } from '@org/application';
import cliProgress from 'cli-progress';
import { readConfig } from '../config/config.js';
import { type Backend, openBackend } from './backend.js';
import { required, runCommand, wholeNumber } from './run-command.js';

const usage = `npm run codes -- --policy ID --count 1000000 [--pattern '####-####-####'] [--out codes.csv]
  --length n, --charset ABC…, --prefix P, --suffix S, --no-check-digit   what the codes look like (default: length 12)
  --out FILE                                                              writes all codes of the policy when they are made
  Killed at any point, the same command goes on where it was.`;

const BATCH = 10_000;
const PAGE = 1_000;

interface Wish {
  readonly policyId: string;
  readonly count: number;
  readonly spec: Readonly<Record<string, string | number | boolean>>;
}

/** The job of the same command that was killed before; null = there is none. */
async function unfinished({ unitOfWork, codes, queries }: Backend, { policyId, count }: Wish) {
  const ids = await unitOfWork.run(tx => codes.unfinishedJobs(tx));
  for (const id of ids) {
    const job = await queries.codeJob(id);
    if (job?.status === 'RUNNING' && job.policyId === policyId && job.count === count) return job;
  }
  return null;
}

async function begin(backend: Backend, wish: Wish): Promise<Pick<CodeJobView, 'jobId' | 'created'>> {
  const before = await unfinished(backend, wish);
  if (before) {
    console.log(`going on with job ${before.jobId}: ${before.created} of ${before.count} are made`);
    return before;
  }
  const answered = await backend.promotions.startCodeJob({ input: wish });
  if (answered.kind !== 'DONE') throw new Error(`the job did not start: ${answered.kind}`);
  if (answered.result.accepted) return answered.result.value;
  const { code, data } = answered.result.refusal;
  throw new Error(`${code} ${JSON.stringify(data)}`);
}

/** A running service finds the job too: whoever has it at the moment makes the next codes, the other one watches. */
async function makeAll(backend: Backend, jobId: string, onProgress: (created: number) => void): Promise<void> {
  for (;;) {
    const advanced = await backend.promotions.advanceCodeJob(jobId, BATCH);
    if (!advanced) await sleep(100);
    const job = advanced ?? (await backend.queries.codeJob(jobId));
    if (!job) throw new Error(`job ${jobId} is gone`);
    onProgress(job.created);
    if (job.status === 'FAILED') throw new Error(`the codes ran out after ${job.created}: take a longer pattern`);
    if (job.status === 'DONE') return;
  }
}

/** Codes consist of letters, digits and separators: nothing in them has to be quoted. */
async function writeAll({ queries }: Backend, policyId: string, path: string): Promise<number> {
  const file = await open(path, 'w');
  try {
    await file.write('code,status\r\n');
    let written = 0;
    for (let cursor: string | null = null; ; ) {
      const { items, nextCursor } = await queries.codes({ policyId, limit: PAGE, cursor });
      await file.write(items.map(({ code, status }) => `${code},${status}\r\n`).join(''));
      written += items.length;
      if (nextCursor === null) return written;
      cursor = nextCursor;
    }
  } finally {
    await file.close();
  }
}

const options = {
  policy: { type: 'string' },
  count: { type: 'string' },
  pattern: { type: 'string' },
  length: { type: 'string' },
  charset: { type: 'string' },
  prefix: { type: 'string' },
  suffix: { type: 'string' },
  'no-check-digit': { type: 'boolean', default: false },
  out: { type: 'string' },
} as const;

function wishOf(args: readonly string[]): Wish & { readonly out: string | undefined } {
  const { values } = parseArgs({ args: [...args], options });
  const { pattern, length, charset, prefix, suffix, out } = values;
  const spec = {
    ...(pattern !== undefined ? { pattern } : { length: wholeNumber(length ?? '12', 'length') }),
    ...(charset !== undefined && { charset }),
    ...(prefix !== undefined && { prefix }),
    ...(suffix !== undefined && { suffix }),
    checkDigit: !values['no-check-digit'],
  };
  const count = wholeNumber(required(values.count, 'count'), 'count');
  return { policyId: required(values.policy, 'policy'), count, spec, out };
}

runCommand(usage, async args => {
  const { out, ...wish } = wishOf(args);
  const backend = await openBackend(readConfig(process.env));
  const bar = new cliProgress.SingleBar({ noTTYOutput: true }, cliProgress.Presets.shades_classic);
  try {
    const { jobId, created } = await begin(backend, wish);
    const begun = Date.now();
    bar.start(wish.count, created);
    await makeAll(backend, jobId, made => bar.update(made));
    bar.stop();
    const seconds = Math.max(0.001, (Date.now() - begun) / 1000);
    console.log(`${wish.count} codes (job ${jobId}) in ${seconds.toFixed(1)} s`);
    if (out !== undefined) console.log(`${await writeAll(backend, wish.policyId, out)} codes written to ${out}`);
  } finally {
    bar.stop();
    await backend.close();
  }
});
