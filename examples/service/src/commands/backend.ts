import type { TokenKey } from '@org/adapters-http';
import { migrate } from '@org/adapters-persistence';
import type { Adapters, Promotions } from '@org/application';
import pino from 'pino';
import type { Config } from '../config/config.js';
import { personalDataOf } from '../config/personal-data.js';
import { tokenKeyOf } from '../config/token-key.js';
import { createContainer, parts, tokens } from '../container.js';
import { startEmbeddedPostgres, urlOfRunning } from '../embedded/embedded-postgres.js';
import type { Database } from '../jobs/jobs.js';
import { connectRedis } from '../redis.js';
import { databaseOf } from '../service.js';

/** What a command needs: the use cases and the database, beside a running service or without one. */
export interface Backend {
  readonly promotions: Promotions;
  readonly queries: Adapters['queries'];
  readonly unitOfWork: Adapters['unitOfWork'];
  readonly codes: Adapters['codes'];
  readonly database: Database;
  readonly tokenKey: TokenKey;
  close(): Promise<void>;
}

/** The database of DATABASE_URL; else that of the copy that runs on DATA_DIR; else one that is started for the command. */
async function findDatabase(config: Config) {
  const known = config.databaseUrl ?? (await urlOfRunning(config.dataDir));
  if (known !== null) return { url: known, stop: async () => undefined };
  const log = (message: string) => console.error(message);
  const onFatal = (error: Error) => {
    console.error(error.message);
    process.exit(1);
  };
  return startEmbeddedPostgres({ dataDir: config.dataDir, log, onFatal });
}

export async function openBackend(config: Config): Promise<Backend> {
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const [tokenKey, personalData] = [await tokenKeyOf(config), await personalDataOf(config)];
  const { url, stop } = await findDatabase(config);
  const database = databaseOf(config, url, logger);
  try {
    await database.initialize();
    await migrate(database);
    const redis = await connectRedis(config, logger);
    const found = { config, tokenKey, personalData, database, redis, logger };
    const container = createContainer({ ...found, isStopping: () => false });
    return {
      promotions: container.get(parts.promotions),
      queries: container.get(tokens.queries),
      unitOfWork: container.get(tokens.unitOfWork),
      codes: container.get(tokens.codes),
      database,
      tokenKey,
      async close() {
        redis?.disconnect();
        await database.destroy();
        await stop();
      },
    };
  } catch (error) {
    if (database.isInitialized) await database.destroy();
    await stop();
    throw error;
  }
}
