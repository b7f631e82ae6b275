import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const alive = pid => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** How each rung of the ladder gives back what it made. */
const ends = {
  async given({ adminUrl, databases }) {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [databases]);
    for (const { datname } of rows) await client.query(`drop database if exists "${datname}" with (force)`);
    await client.end();
  },
  async docker({ container }) {
    await promisify(execFile)('docker', ['rm', '-f', '-v', container]).catch(() => undefined);
  },
  async embedded({ pid }) {
    if (alive(pid)) process.kill(pid, 'SIGINT');
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(50);
  },
};

/** Nothing that a broker of the tests has is worth a clean end. */
async function killBrokers(folder) {
  const files = await readdir(folder, { recursive: true });
  for (const file of files.filter(name => /kafka.*\.pid$/.test(name))) {
    const pid = Number(await readFile(join(folder, file), 'utf8'));
    if (alive(pid)) process.kill(pid, 'SIGKILL');
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(50);
  }
}

/** Ends the server of this run, or drops its databases on one that was given. */
export default async function teardown() {
  const folder = process.env.PROMOTIONS_TEST_RUN;
  if (!folder) return;
  const text = await readFile(join(folder, 'server.json'), 'utf8').catch(() => null);
  const server = text === null ? null : JSON.parse(text);
  if (server) await ends[server.kind](server);
  const kafka = JSON.parse(await readFile(join(folder, 'kafka.json'), 'utf8').catch(() => 'null'));
  // Each test file removes its own topics of a broker that was given.
  if (kafka?.container) await ends.docker(kafka);
  await killBrokers(folder);
  // What was killed may not be quite gone.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
