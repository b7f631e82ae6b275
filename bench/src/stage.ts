import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { signToken } from '@org/example-service/tokens';
import { type Child, freePort, start } from './child.js';
import type { BenchDatabase, Databases } from './database.js';
import type { Measured } from './figure.js';
import type { Scale } from './options.js';

/** A server under test, in a process of its own. */
export interface Endpoint {
  readonly port: number;
  readonly child: Child;
}

export interface StageParts {
  readonly databases: Databases;
  readonly redisUrl: string | null;
  readonly kafkaBrokers: readonly string[] | null;
  readonly scale: Scale;
  readonly minutes: number;
}

export const HOST = '127.0.0.1';

const secret = randomBytes(32).toString('hex');
const issuer = 'bench';
const main = createRequire(import.meta.url).resolve('@org/example-service/main');
const own = (name: string) => fileURLToPath(new URL(`./endpoints/${name}.js`, import.meta.url));

/** A token that the services of every stage accept. */
export const tokenOf = (sub: string, role: 'shopper' | 'service'): string =>
  signToken({ algorithm: 'HS256', secret }, { sub, roles: [role], ttlSeconds: 7_200, issuer, audience: issuer });

type Undo = (() => Promise<unknown>)[];

async function undoAll(steps: Undo): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}

/** What a figure plays on: databases and servers, made when they are asked for; those of its own end with it. */
export class Stage {
  private readonly shared: Undo = [];
  private readonly own: Undo = [];
  private readonly made = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: StageParts) {}

  get redisUrl(): string | null {
    return this.parts.redisUrl;
  }

  get kafkaBrokers(): readonly string[] | null {
    return this.parts.kafkaBrokers;
  }

  /** What a figure answers that needs what is not there. */
  without(what: string): Measured {
    console.log(`There is no ${what} here: the figure is left out.\n`);
    return { tables: [], checks: [] };
  }

  get minutes(): number {
    return this.parts.minutes;
  }

  /** `full` in a measuring run, `small` in one that only proves that the figure works. */
  pick<Value>(full: Value, small: Value): Value {
    return this.parts.scale === 'full' ? full : small;
  }

  private once<Made>(name: string, make: () => Promise<Made>): Promise<Made> {
    const made = (this.made.get(name) as Promise<Made> | undefined) ?? make();
    this.made.set(name, made);
    return made;
  }

  /** The database that the shared servers use. */
  database(): Promise<BenchDatabase> {
    return this.once('database', () => this.newDatabase(this.shared));
  }

  ownDatabase(): Promise<BenchDatabase> {
    return this.newDatabase(this.own);
  }

  private async newDatabase(undo: Undo): Promise<BenchDatabase> {
    const database = await this.parts.databases.create();
    undo.push(() => database.drop());
    return database;
  }

  /** A copy of a database as it is now, while nobody writes to it. */
  async copyOf(database: BenchDatabase): Promise<BenchDatabase> {
    const copy = await this.parts.databases.create(database);
    this.own.push(() => copy.drop());
    return copy;
  }

  /** The service as it is run, but for the level of its log and the job that sweeps, which is a figure of its own. */
  service(strategy: 'GROUP_COMMIT' | 'ROW_LOCK'): Promise<Endpoint> {
    return this.once(strategy, async () => this.newService(this.shared, (await this.database()).url, strategy));
  }

  /** The same with Redis, behind its gate; null without a Redis. */
  gatedService(): Promise<Endpoint | null> {
    const { redisUrl } = this;
    return this.once('REDIS_GATE', async () =>
      redisUrl === null
        ? null
        : this.newService(this.shared, (await this.database()).url, 'REDIS_GATE', { REDIS_URL: redisUrl }),
    );
  }

  ownService(databaseUrl: string, strategy = 'GROUP_COMMIT', more: NodeJS.ProcessEnv = {}): Promise<Endpoint> {
    return this.newService(this.own, databaseUrl, strategy, more);
  }

  private async newService(undo: Undo, databaseUrl: string, strategy: string, more: NodeJS.ProcessEnv = {}) {
    const env = {
      ...more,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      JWT_SECRET: secret,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: issuer,
      ISSUE_STRATEGY: strategy,
      LOG_LEVEL: 'warn',
      SWEEP_INTERVAL_SECONDS: '0',
    };
    const child = await start(process.execPath, [...flags(), main], /Ready: http\S+:\d+/, env);
    undo.push(() => child.stop());
    return { child, port: Number(/Ready: http\S+:(\d+)/.exec(child.output())?.[1]) } satisfies Endpoint;
  }

  /** Express and one script in Redis; null without a Redis. */
  naive(): Promise<Endpoint | null> {
    const { redisUrl } = this;
    return this.once('naive', async () =>
      redisUrl === null ? null : this.newProgram(this.shared, 'naive', { REDIS_URL: redisUrl }),
    );
  }

  /** `node:http` over the same group commit, and nothing else. */
  limit(): Promise<Endpoint> {
    return this.once('limit', async () =>
      this.newProgram(this.shared, 'limit', { DATABASE_URL: (await this.database()).url }),
    );
  }

  /** A program of `endpoints/`, started and ready. */
  program(name: string, env: NodeJS.ProcessEnv): Promise<Endpoint> {
    return this.newProgram(this.own, name, env);
  }

  private async newProgram(undo: Undo, name: string, env: NodeJS.ProcessEnv): Promise<Endpoint> {
    const port = await freePort();
    const child = await start(process.execPath, [own(name)], /^ready$/m, { ...env, PORT: String(port) });
    undo.push(() => child.stop());
    return { child, port };
  }

  /** Ends what the figure had for itself: a server of Postgres has only so many connections. */
  endFigure(): Promise<void> {
    return undoAll(this.own);
  }

  async close(): Promise<void> {
    this.made.clear();
    await this.endFigure();
    await undoAll(this.shared);
  }
}

/** Flags of Node for the service: those of `npm start`, and more to look inside it: `BENCH_NODE_FLAGS="--cpu-prof"`. */
const flags = () => [
  '--max-semi-space-size=32',
  '--v8-pool-size=1',
  ...(process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean),
];
