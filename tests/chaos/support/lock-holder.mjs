import { setTimeout as sleep } from 'node:timers/promises';
import {
  connected,
  postgresAdapters,
  postgresDataSource,
  redisAdapters,
  redisConnection,
} from '@org/adapters-persistence';

const source = await postgresDataSource({ url: process.env.DATABASE_URL, poolSize: 4 }).initialize();
const { unitOfWork, fences } = postgresAdapters(source);
const client = redisConnection(process.env.REDIS_URL);
await connected(client, 10_000);
const { lock } = redisAdapters(client, { unitOfWork, fences });
const { NAME, TTL_MS } = process.env;

await lock.withLock(['account'], Number(TTL_MS), async ({ fence }) => {
  const [{ balance }] = await source.query('select balance from accounts_of_the_test');
  console.log('holds');
  // Stopped here for longer than its time, it does not notice: it believes what it read before.
  await sleep(1_500);
  await unitOfWork.run(async tx => {
    const isHeld = process.env.TRUSTING === '1' || (await fences.holds(tx, ['account'], fence));
    if (isHeld) await source.query('update accounts_of_the_test set balance = $1, writes = writes + 1', [balance + 1]);
    console.log(`${NAME} ${isHeld ? 'wrote' : 'was refused'}`);
  });
});
client.disconnect();
await source.destroy();
