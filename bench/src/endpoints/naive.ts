import express from 'express';
import { Redis } from 'ioredis';

// What most teams build first: Express, one Lua call, nothing durable, no tokens, no checks.
const redis = new Redis(process.env.REDIS_URL ?? '');
const script = `
  if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return -1 end
  if redis.call('INCR', KEYS[1]) > tonumber(ARGV[2]) then return 0 end
  redis.call('SADD', KEYS[2], ARGV[1])
  redis.call('XADD', KEYS[3], '*', 'user', ARGV[1])
  return 1`;
redis.defineCommand('issue', { numberOfKeys: 3, lua: script });
type Issue = (count: string, users: string, stream: string, user: string, total: number) => Promise<number>;
const issue = (redis as unknown as { issue: Issue }).issue.bind(redis);

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.post('/issue', async (request, response) => {
  const { policyId, userId, total } = request.body as { policyId: string; userId: string; total: number };
  const won = await issue(`{${policyId}}:count`, `{${policyId}}:users`, `{${policyId}}:stream`, userId, total);
  response.status(won === 1 ? 201 : 409).json({ policyId, userId, won });
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
