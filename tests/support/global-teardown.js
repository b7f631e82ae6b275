import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';

const alive = pid => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function end(pid) {
  if (alive(pid)) process.kill(pid, 'SIGINT');
  for (let i = 0; i < 100 && alive(pid); i++) await sleep(50);
}

async function remove(container) {
  await promisify(execFile)('docker', ['rm', '-f', '-v', container]).catch(() => undefined);
}

/** How each rung of the ladders gives back what it made, by the name of the server. */
const ends = {
  server: {
    async given({ adminUrl, databases }) {
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [
        databases,
      ]);
      for (const { datname } of rows) await client.query(`drop database if exists "${datname}" with (force)`);
      await client.end();
    },
    docker: ({ container }) => remove(container),
    embedded: ({ pid }) => end(pid),
  },
  redis: {
    async given({ url, prefix }) {
      const client = new Redis(url);
      for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1_000 }))
        if (keys.length > 0) await client.del(...keys);
      await client.quit();
    },
    docker: ({ container }) => remove(container),
    local: ({ pid }) => end(pid),
  },
  // Each test file removes its own topics of a broker that was given; those that were started are killed below.
  kafka: {
    given: () => undefined,
    docker: ({ container }) => remove(container),
    local: () => undefined,
    none: () => undefined,
  },
};

/** What tests have started in Docker for themselves, if they did not come to its end. */
async function removeLeftBehind(folder) {
  for (const [kind, take] of [
    ['containers', remove],
    ['networks', id => promisify(execFile)('docker', ['network', 'rm', id]).catch(() => undefined)],
  ])
    for (const id of await readdir(join(folder, kind)).catch(() => [])) await take(id);
}

/** Nothing that a broker of the tests has is worth a clean end. */
async function killBrokers(folder) {
  const files = await readdir(folder, { recursive: true });
  for (const file of files.filter(name => /kafka.*\.pid$/.test(name))) {
    const pid = Number(await readFile(join(folder, file), 'utf8'));
    if (alive(pid)) process.kill(pid, 'SIGKILL');
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(50);
  }
}

/** Ends the servers of this run, or removes what it has left on those that were given. */
export default async function teardown() {
  const folder = process.env.PROMOTIONS_TEST_RUN;
  if (!folder) return;
  for (const [name, rungs] of Object.entries(ends)) {
    const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => null);
    const server = text === null ? null : JSON.parse(text);
    if (server) await rungs[server.kind](server);
  }
  await removeLeftBehind(folder);
  await killBrokers(folder);
  // What was killed may not be quite gone.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
