import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { isCallerId } from '@org/domain';
import cliProgress from 'cli-progress';
import { readConfig } from '../config/config.js';
import { type Backend, openBackend } from './backend.js';
import { required, runCommand, UsageError } from './run-command.js';

const usage = `npm run issue-event -- --policy ID --cause birthday-2026 --users users.txt
  Issues a coupon of the policy to every user of the file (one id a line). A cause counts once per user: killed at any
  point, or run twice, the same command gives nobody a second coupon.`;

const BATCH = 500;

async function* batchesOf(path: string): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const line of createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const userId = line.trim();
    if (userId !== '') batch.push(userId);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Everything is looked at before anything is written. */
async function countUsers(path: string): Promise<number> {
  let count = 0;
  for await (const batch of batchesOf(path)) {
    const wrong = batch.find(userId => !isCallerId(userId));
    if (wrong !== undefined) throw new UsageError(`${path} has a user id that is none: "${wrong.slice(0, 80)}"`);
    count += batch.length;
  }
  return count;
}

interface Wish {
  readonly policyId: string;
  readonly cause: string;
}

/** How many of a batch have their coupon now, and the refusals by code. */
async function issueTo({ promotions }: Backend, { policyId, cause }: Wish, users: readonly string[]) {
  const origin = { actor: 'issue-event', traceparent: null };
  const answers = await Promise.all(
    users.map(userId => promotions.issue({ input: { policyId, userId, way: 'EVENT', code: null, cause, origin } })),
  );
  const refusals = answers.flatMap(answered =>
    answered.kind === 'DONE' && !answered.result.accepted ? [answered.result.refusal.code] : [],
  );
  return { have: users.length - refusals.length, refusals };
}

runCommand(usage, async args => {
  const { values } = parseArgs({
    args: [...args],
    options: { policy: { type: 'string' }, cause: { type: 'string' }, users: { type: 'string' } },
  });
  const wish = { policyId: required(values.policy, 'policy'), cause: required(values.cause, 'cause') };
  if (!isCallerId(wish.cause)) throw new UsageError('--cause must be 1 to 64 of A-Z a-z 0-9 . _ : -');
  const path = required(values.users, 'users');
  const total = await countUsers(path);
  const backend = await openBackend(readConfig(process.env));
  const bar = new cliProgress.SingleBar({ noTTYOutput: true }, cliProgress.Presets.shades_classic);
  const refused = new Map<string, number>();
  let have = 0;
  try {
    bar.start(total, 0);
    for await (const users of batchesOf(path)) {
      const result = await issueTo(backend, wish, users);
      have += result.have;
      for (const code of result.refusals) refused.set(code, (refused.get(code) ?? 0) + 1);
      bar.increment(users.length);
    }
  } finally {
    bar.stop();
    await backend.close();
  }
  console.log(`${have} of ${total} users have the coupon of ${wish.cause}`);
  for (const [code, count] of refused) console.log(`${count} refused: ${code}`);
});
