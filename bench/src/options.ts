import { parseArgs } from 'node:util';

export type Scale = 'small' | 'full';

export interface Options {
  /** Names of figures; empty = all. */
  readonly figures: readonly string[];
  readonly scale: Scale;
  /** File that the checks are written to as JSON. */
  readonly json: string | undefined;
  /** How long the memory of the service is watched under load, in minutes; 0 = not at all. */
  readonly minutes: number;
}

export const usage = `npm run bench [-- FIGURE …] [--scale small|full] [--json FILE] [--minutes N]
  --scale small   a few seconds a figure: proves that they work and are exact, measures nothing worth quoting
  --json FILE     what was checked, for programs
  --minutes N     watch the memory of the service for so long under load (figure memory)
  BENCH_DATABASE_URL   a server where databases may be made; default: a private one, started for the run
  BENCH_REDIS_URL      a Redis whose data may be overwritten; default: a private redis-server, if there is one
  BENCH_KAFKA_BROKERS  host:port of brokers where topics may be made and removed; without them some figures are left out`;

/** @throws Error for an option that there is not */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      scale: { type: 'string', default: 'full' },
      json: { type: 'string' },
      minutes: { type: 'string', default: '0' },
    },
  });
  const { scale, json } = values;
  if (scale !== 'small' && scale !== 'full') throw new Error(`--scale is small or full, not "${scale}"`);
  const minutes = Number(values.minutes);
  if (!(minutes >= 0)) throw new Error(`--minutes is a number, not "${values.minutes}"`);
  return { figures: positionals, scale, json, minutes };
}
