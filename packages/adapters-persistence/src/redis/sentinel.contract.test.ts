import { once } from 'node:events';
import { type OwnRedis, redisCli, startRedis } from '../../../../tests/support/redis-own.js';
import { describeOwnRedis } from '../../../../tests/support/redis-server.js';
import { type ScriptedSentinel, startScriptedSentinel } from '../../../../tests/support/scripted-sentinel.js';
import { connected, type RedisClient, redisConnection } from './connection.js';

await describeOwnRedis('a connection by way of sentinels', () => {
  let redis: OwnRedis;
  let sentinel: ScriptedSentinel;
  let client: RedisClient;
  beforeEach(async () => {
    redis = await startRedis();
    sentinel = await startScriptedSentinel(redis.port);
    client = redisConnection(sentinel.url);
    expect(await connected(client, 10_000)).toBe(true);
    await sentinel.listened(1);
  });
  afterEach(async () => {
    client.disconnect();
    await sentinel.stop();
    await redis.stop();
  });

  const loseConnection = async () => {
    const closed = once(client, 'close');
    await redisCli(redis.port, 'client', 'kill', 'type', 'normal');
    await closed;
  };

  it('comes back when a new primary is announced while it asks who that is', async () => {
    sentinel.announceWithinNextAnswer();
    await loseConnection();
    expect(await connected(client, 10_000)).toBe(true);
    expect(sentinel.asked()).toBe(2);
    expect(await client.ping()).toBe('PONG');
  });

  it('listens for the next primary again, each time that it has come back', async () => {
    for (const times of [2, 3, 4]) {
      await loseConnection();
      expect(await connected(client, 10_000)).toBe(true);
      await sentinel.listened(times);
    }
  });

  it('stays closed once it is closed, also while it is coming back', async () => {
    await loseConnection();
    client.disconnect();
    expect(await connected(client, 500)).toBe(false);
    expect(sentinel.asked()).toBe(1);
  });
});
