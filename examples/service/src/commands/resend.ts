import { parseArgs } from 'node:util';
import { findMissing, KafkajsBroker, KafkajsLog, type ResendParts, resend } from '@org/adapters-kafka';
import { eventsBetween, postgresDataSource } from '@org/adapters-persistence';
import { loggedEventTypes, type StoredEvent } from '@org/application';
import { kafkaOf } from '../config/parts.js';
import { urlOfRunning } from '../embedded/embedded-postgres.js';
import { configOfKafka } from './kafka-config.js';
import { required, runCommand, UsageError } from './run-command.js';

const usage = `npm run resend -- --from 2026-11-21T09:00:00Z [--to 2026-11-21T10:00:00Z] [--send]
  Tells which events of the database are on no topic of Kafka. With --send they are sent, and it is looked once more.
  --to is a minute ago by default: what is younger may be on its way.
  Of DATABASE_URL (or the copy that runs on DATA_DIR) and KAFKA_BROKERS.`;

const SHOWN = 20;
const MINUTE = 60_000;

function instantOf(text: string, option: string): number {
  const at = /T.*(?:Z|[+-]\d{2}:\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`--${option} must be a time like 2026-11-21T09:00:00Z, not "${text}"`);
  return at;
}

/** Names the first ones, and sends all of them where that is wanted. */
function onMissing(parts: ResendParts, isSent: boolean) {
  let named = 0;
  let sent = 0;
  return async (missing: readonly StoredEvent[]): Promise<void> => {
    for (const { streamId, streamVersion, type } of missing.slice(0, SHOWN - named))
      console.log(`  ${streamId}:${streamVersion} ${type}`);
    named = Math.min(SHOWN, named + missing.length);
    if (!isSent) return;
    await resend(parts, missing);
    sent += missing.length;
    console.log(`${sent} sent`);
  };
}

/** @returns how many are missing in the end */
async function compare(parts: ResendParts, from: number, isSent: boolean): Promise<number> {
  const { total, missing } = await findMissing(parts, from, onMissing(parts, isSent));
  if (missing > SHOWN) console.log(`  and ${missing - SHOWN} more`);
  console.log(`${missing} of ${total} events are missing`);
  if (!isSent || missing === 0) return missing;
  const left = await findMissing(parts, from, () => undefined);
  console.log(`${missing} sent, ${left.missing} of ${left.total} events are missing`);
  return left.missing;
}

runCommand(usage, async args => {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    send: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const from = instantOf(required(values.from, 'from'), 'from');
  const to = values.to === undefined ? Date.now() - MINUTE : instantOf(values.to, 'to');
  const config = configOfKafka();
  const url = config.databaseUrl ?? (await urlOfRunning(config.dataDir));
  if (url === null) throw new UsageError('DATABASE_URL is missing, and no copy runs on DATA_DIR');
  const database = await postgresDataSource({ url, poolSize: 2, statementTimeoutMs: 0 }).initialize();
  const broker = new KafkajsBroker(kafkaOf(config));
  const prefix = config.kafkaTopicPrefix;
  const log = new KafkajsLog(kafkaOf(config), prefix);
  const events = () => eventsBetween(database, { from, to, types: loggedEventTypes });
  try {
    const left = await compare({ broker, log, events, prefix }, from, values.send);
    if (left > 0) throw new Error(values.send ? 'events are still missing' : 'nothing was sent: --send is missing');
  } finally {
    await broker.close();
    await database.destroy();
  }
});
