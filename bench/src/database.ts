import { randomBytes } from 'node:crypto';
import { migrate, postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { createPromotions, type Promotions } from '@org/application';
import type { PolicyDraft } from '@org/domain';
import pg from 'pg';

type DataSource = ReturnType<typeof postgresDataSource>;

/** A migrated database of its own. */
export interface BenchDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly promotions: Promotions;
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Another connection pool, for bare SQL. */
  pool(connections: number): pg.Pool;
  drop(): Promise<void>;
}

export const origin = { actor: 'bench', traceparent: null };

const open = (url: string) => postgresDataSource({ url, poolSize: 4, statementTimeoutMs: 0 }).initialize();

/** As the adapters do it; the driver knows the option, its types don't yet. */
const pipelined = { pipeline: true };

/** A connection that the server ends while nobody uses it is no failure: databases are dropped. */
const quietPool = (connectionString: string, max: number) =>
  new pg.Pool({ connectionString, max, ...pipelined }).on('error', () => undefined);

/** Makes databases on one server: migrated once, then copied. */
export class Databases {
  private readonly prefix = `bench_${randomBytes(4).toString('hex')}`;
  private readonly admin: pg.Pool;
  private template: Promise<string> | null = null;
  private made = 0;

  constructor(private readonly url: string) {
    this.admin = quietPool(url, 1);
  }

  private urlOf(name: string): string {
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  private async prepare(): Promise<string> {
    const name = `${this.prefix}_template`;
    await this.admin.query(`create database ${name}`);
    const dataSource = await open(this.urlOf(name));
    await migrate(dataSource);
    await dataSource.destroy();
    return name;
  }

  /** @param of what is copied, with all that is in it; default: an empty one */
  async create(of?: BenchDatabase): Promise<BenchDatabase> {
    this.template ??= this.prepare();
    const template = of ? await this.left(of) : await this.template;
    const name = `${this.prefix}_${++this.made}`;
    await this.admin.query(`create database ${name} template ${template}`);
    const url = this.urlOf(name);
    const dataSource = await open(url);
    const pools: pg.Pool[] = [];
    return {
      url,
      dataSource,
      promotions: createPromotions(postgresAdapters(dataSource)),
      query: async (sql, values = []) => dataSource.query(sql, [...values]),
      pool: max => {
        const pool = quietPool(url, max);
        pools.push(pool);
        return pool;
      },
      drop: async () => {
        for (const pool of pools) await pool.end();
        await dataSource.destroy();
        await this.admin.query(`drop database if exists ${name} with (force)`);
      },
    };
  }

  /** The name of a database that nobody is connected to: Postgres copies no other. */
  private async left({ url }: BenchDatabase): Promise<string> {
    const name = new URL(url).pathname.slice(1);
    await this.admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    return name;
  }

  async figures(): Promise<{ version: string; fsync: string; commit: string }> {
    const show = async (name: string) => Object.values((await this.admin.query(`show ${name}`)).rows[0])[0] as string;
    const version = (await show('server_version')).split(' ')[0] ?? '';
    return { version, fsync: await show('fsync'), commit: await show('synchronous_commit') };
  }

  async close(): Promise<void> {
    if (this.template) await this.admin.query(`drop database if exists ${await this.template} with (force)`);
    await this.admin.end();
  }
}

const draft: PolicyDraft = {
  name: 'Rush',
  currency: 'KRW',
  discount: { type: 'FIXED_AMOUNT', amount: 3_000 },
  issuance: ['FIRST_COME', 'CODE'],
};

/** An active policy of `total` coupons, one for each user unless `perUser` says otherwise. */
export async function activePolicy({ promotions }: BenchDatabase, total: number, perUser = 1): Promise<string> {
  const done = async (input: Parameters<Promotions['managePolicy']>[0]['input']) => {
    const answered = await promotions.managePolicy({ input });
    if (answered.kind === 'DONE' && answered.result.accepted) return answered.result.value.policyId;
    throw new Error(`the policy was refused: ${JSON.stringify(answered)}`);
  };
  const limits = { total, perUser };
  const policyId = await done({ origin, change: 'Create', draft: { ...draft, limits } });
  return done({ origin, change: 'Activate', policyId });
}
