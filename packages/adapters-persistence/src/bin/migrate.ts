#!/usr/bin/env node
import { postgresDataSource } from '../postgres/data-source.js';
import { migrate, migrationStatus, revert } from '../postgres/migrate.js';

const usage = `promotions-migrate up | status | down [count | all]
  DATABASE_URL  postgres://user:password@host:port/database`;

async function main([command = '', count = '1']: readonly string[], url: string | undefined): Promise<number> {
  const steps = count === 'all' ? Number.POSITIVE_INFINITY : Number(count);
  if (!url || !['up', 'status', 'down'].includes(command) || !(steps >= 1)) {
    console.error(usage);
    return 2;
  }
  const dataSource = await postgresDataSource({ url, poolSize: 2, statementTimeoutMs: 0 }).initialize();
  try {
    if (command === 'up') for (const name of await migrate(dataSource)) console.log(`applied ${name}`);
    if (command === 'down') {
      const applied = (await migrationStatus(dataSource)).filter(migration => migration.applied).length;
      await revert(dataSource, Math.min(applied, steps));
    }
    for (const { name, applied } of await migrationStatus(dataSource))
      console.log(`${applied ? 'up  ' : 'down'} ${name}`);
    return 0;
  } finally {
    await dataSource.destroy();
  }
}

main(process.argv.slice(2), process.env.DATABASE_URL).then(
  code => {
    process.exitCode = code;
  },
  error => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
