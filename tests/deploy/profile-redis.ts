import { type Api, aShopper } from '../e2e/support/api.js';
import { eventually } from '../e2e/support/orders.js';
import type { Stack } from './stack.js';

const sentinels = ['redis-sentinel-1', 'redis-sentinel-2', 'redis-sentinel-3'] as const;

/** What has to be so when the stack runs with the profile `redis`. */
export function besideRedis(what: () => { readonly stack: Stack; readonly apis: readonly Api[] }): void {
  const cli = async (service: string, ...command: readonly string[]) =>
    (await what().stack.run('exec', '-T', service, 'redis-cli', ...command)).trim();
  const askSentinel = (service: string, ...command: readonly string[]) => cli(service, '-p', '26379', ...command);
  /** The name that all sentinels agree on; else what each says. */
  const primary = async () => {
    const names = await Promise.all(
      sentinels.map(async each => {
        const answer = await askSentinel(each, 'sentinel', 'get-master-addr-by-name', 'primary');
        return answer.split('\n')[0] as string;
      }),
    );
    return [...new Set(names)].join(' or ');
  };
  const ready = () =>
    Promise.all(
      what().apis.map(async api => {
        const { status, body } = await api.call('GET', '/health/ready');
        const { redis, circuits } = body.checks as { readonly redis: string; readonly circuits: { redis: string } };
        return `${status} ${redis} ${circuits.redis}`;
      }),
    );
  const sell = async () => {
    const [one] = what().apis as readonly [Api];
    const policyId = await one.policy();
    for (const api of what().apis) expect((await api.issue(aShopper(), policyId)).status).toBe(201);
    return policyId;
  };

  describe('beside Redis', () => {
    it('is ready with it, and keeps there what both copies share', async () => {
      expect(await ready()).toEqual(['200 UP CLOSED', '200 UP CLOSED']);
      await sell();
      expect(await cli(await primary(), '--scan', '--pattern', 'promotions:*')).toContain('promotions:');
    });

    it('was told by the sentinels where it is, and hears of the next one from them', async () => {
      const listening = await Promise.all(
        sentinels.map(async each => (await askSentinel(each, 'client', 'list')).match(/cmd=subscribe\b/g)?.length ?? 0),
      );
      expect(Math.max(...listening)).toBeGreaterThanOrEqual(2);
    });

    it('goes on with the replica when the primary is killed, which comes back as the replica', async () => {
      const before = await primary();
      const other = before === 'redis-1' ? 'redis-2' : 'redis-1';
      await what().stack.run('kill', '--signal', 'SIGKILL', before);
      await sell();
      await eventually(primary, other, 60_000);
      await eventually(ready, ['200 UP CLOSED', '200 UP CLOSED'], 60_000);
      await sell();
      await what().stack.run('up', '--detach', '--wait', '--no-build', '--no-recreate', before);
      const roles = async () => {
        const told = [await cli(before, 'role'), await cli(other, 'role')];
        return told.map(text => text.split('\n')[0]);
      };
      await eventually(roles, ['slave', 'master'], 30_000);
      expect(await primary()).toBe(other);
    });
  });
}
