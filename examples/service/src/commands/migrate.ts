import { migrate, migrationStatus, postgresDataSource, revert } from '@org/adapters-persistence';
import { readConfig } from '../config/config.js';
import { startEmbeddedPostgres, urlOfRunning } from '../embedded/embedded-postgres.js';
import type { Database } from '../jobs/jobs.js';
import { runCommand, UsageError } from './run-command.js';

const usage = `npm run migrate -- up | status | down [count]
  Of DATABASE_URL, or of the embedded database in DATA_DIR. The service runs \`up\` by itself when it starts.
  \`down\` drops the tables of the last migrations with everything in them.`;

type Command = (database: Database, count: number) => Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  async up(database) {
    for (const name of await migrate(database)) console.log(`applied ${name}`);
  },
  async down(database, count) {
    await revert(database, count);
  },
  async status() {
    // The status is printed after every command.
  },
};

runCommand(usage, async ([name = '', times = '1']) => {
  const command = commands[name];
  if (!command) throw new UsageError(name === '' ? 'a command is missing' : `there is no command ${name}`);
  const count = Number(times);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`count must be a whole number from 1 on, not "${times}"`);
  // Tokens are no business of a migration: their key is not asked for.
  const config = readConfig({ ...process.env, JWT_SECRET: '-'.repeat(32), JWT_PUBLIC_KEY: undefined });
  const known = config.databaseUrl ?? (await urlOfRunning(config.dataDir));
  const embedded = known === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log: console.error }) : null;
  const url = known ?? embedded?.url ?? '';
  const database = await postgresDataSource({ url, poolSize: 2, statementTimeoutMs: 0 }).initialize();
  try {
    await command(database, count);
    for (const { name: title, applied } of await migrationStatus(database))
      console.log(`${applied ? 'up  ' : 'down'} ${title}`);
  } finally {
    await database.destroy();
    await embedded?.stop();
  }
});
