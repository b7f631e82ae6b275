import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { type OwnRedis, redisCli, startRedis, startSentinel, until } from './redis-own.js';

const HOST = '127.0.0.1';
const SLOTS = 16_384;

export interface OwnSentinels {
  readonly url: string;
  /** The server that is the primary now. */
  primary(): Promise<OwnRedis>;
  stop(): Promise<void>;
}

/** A primary, a replica, and three sentinels that take half a second to give a primary up. */
export async function startSentinels(): Promise<OwnSentinels> {
  const primary = await startRedis();
  const replica = await startRedis({
    args: ['--replicaof', HOST, String(primary.port), '--repl-diskless-sync-delay', '0'],
  });
  const config = [
    `sentinel monitor shop ${HOST} ${primary.port} 2`,
    'sentinel down-after-milliseconds shop 500',
    'sentinel failover-timeout shop 3000',
  ];
  const sentinels = [await startSentinel(config), await startSentinel(config), await startSentinel(config)] as const;
  const [first] = sentinels;
  const tells = async (field: string, value: string) =>
    (await redisCli(first.port, 'sentinel', 'master', 'shop')).includes(`${field}\n${value}`);
  await until(async () => (await tells('num-other-sentinels', '2')) && (await tells('num-slaves', '1')), 'a quorum');
  // Nobody promotes a replica that has never had what the primary has.
  const isInStep = async () => (await redisCli(replica.port, 'info', 'replication')).includes('master_link_status:up');
  await until(isInStep, 'a replica in step');
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `${HOST}:${port}`).join(',')}/shop`,
    async primary() {
      const [, port] = (await redisCli(first.port, 'sentinel', 'get-master-addr-by-name', 'shop')).split('\n');
      return Number(port) === primary.port ? primary : replica;
    },
    async stop() {
      for (const server of [...sentinels, replica, primary]) await server.stop();
    },
  };
}

export interface OwnCluster {
  readonly url: string;
  readonly nodes: readonly OwnRedis[];
  stop(): Promise<void>;
}

/** Three primaries that share the slots. */
export async function startCluster(): Promise<OwnCluster> {
  const nodes: OwnRedis[] = [];
  const buses: string[] = [];
  for (let i = 0; i < 3; i++) {
    // The bus of a cluster listens on another port, which has to be free, too.
    const bus = String(await freePort());
    buses.push(bus);
    // Nobody fails over here: on a busy machine a short one would end the cluster for a moment, and a cache may miss then.
    const own = ['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', '15000'];
    nodes.push(await startRedis({ args: own }));
  }
  const slotsOf = (i: number) =>
    Array.from({ length: SLOTS }, (_, slot) => slot)
      .filter(slot => slot % nodes.length === i)
      .map(String);
  const [first] = nodes as [OwnRedis];
  for (const [i, { port }] of nodes.entries()) {
    await redisCli(port, 'cluster', 'addslots', ...slotsOf(i));
    // Otherwise all begin as the same, and have to find out who is first.
    await redisCli(port, 'cluster', 'set-config-epoch', String(i + 1));
    if (i > 0) await redisCli(port, 'cluster', 'meet', HOST, String(first.port), buses[0] as string);
  }
  const isWhole = async ({ port }: OwnRedis) => {
    const told = await redisCli(port, 'cluster', 'info');
    return told.includes('cluster_state:ok') && told.includes(`cluster_known_nodes:${nodes.length}`);
  };
  for (const node of nodes) await until(() => isWhole(node), 'a whole cluster');
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `${HOST}:${port}`).join(',')}`,
    nodes,
    async stop() {
      for (const node of nodes) await node.stop();
    },
  };
}
