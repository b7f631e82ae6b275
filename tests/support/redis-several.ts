import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { type OwnRedis, redisCli, startRedis, startSentinel, until } from './redis-own.js';

const HOST = '127.0.0.1';
const SLOTS = 16_384;

/** Servers of which one takes over when another one dies. */
export interface OwnRedises {
  readonly url: string;
  /** The server that has this key now. */
  primaryOf(key: string): Promise<OwnRedis>;
  stop(): Promise<void>;
}

/** Nobody promotes a replica that has never had what the primary has. */
const inStep = (replica: OwnRedis) =>
  until(
    async () => (await redisCli(replica.port, 'info', 'replication')).includes('master_link_status:up'),
    'a replica in step',
  );

/** A primary, a replica, and three sentinels that take half a second to give a primary up. */
export async function startSentinels(): Promise<OwnRedises> {
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
  await inStep(replica);
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `${HOST}:${port}`).join(',')}/shop`,
    async primaryOf() {
      const [, port] = (await redisCli(first.port, 'sentinel', 'get-master-addr-by-name', 'shop')).split('\n');
      return Number(port) === primary.port ? primary : replica;
    },
    async stop() {
      for (const server of [...sentinels, replica, primary]) await server.stop();
    },
  };
}

/** The bus of a cluster listens on another port, which has to be free, too. */
async function startNode(nodeTimeoutMs: number) {
  const bus = String(await freePort());
  const own = ['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', String(nodeTimeoutMs)];
  const node = await startRedis({ args: [...own, '--repl-diskless-sync-delay', '0'] });
  return { node, bus };
}

/** Which of so many primaries has a slot. */
const placeOf = (slot: number, primaries: number) => Math.floor((slot * primaries) / SLOTS);

async function share(primaries: readonly OwnRedis[], meet: (node: OwnRedis) => Promise<unknown>): Promise<void> {
  for (const [i, node] of primaries.entries()) {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot).filter(
      slot => placeOf(slot, primaries.length) === i,
    );
    await redisCli(node.port, 'cluster', 'addslots', ...slots.map(String));
    // Otherwise all begin as the same, and have to find out who is first.
    await redisCli(node.port, 'cluster', 'set-config-epoch', String(i + 1));
    await meet(node);
  }
}

const idOf = ({ port }: OwnRedis) => redisCli(port, 'cluster', 'myid');

async function follow(replica: OwnRedis, primary: OwnRedis): Promise<void> {
  const id = await idOf(primary);
  const isKnown = async () => (await redisCli(replica.port, 'cluster', 'nodes')).includes(id);
  await until(isKnown, 'a cluster that the replica knows');
  await redisCli(replica.port, 'cluster', 'replicate', id);
  await inStep(replica);
}

interface ClusterOptions {
  /** Whether each primary has a replica, and is given up after a second. Default: nobody fails over. */
  readonly failover?: boolean;
}

/** Three primaries that share the slots. */
export async function startCluster({ failover = false }: ClusterOptions = {}): Promise<OwnRedises> {
  // On a busy machine a short time would end the cluster for a moment, and a cache may miss then.
  const start = () => startNode(failover ? 1_000 : 15_000);
  const [first, ...others] = [await start(), await start(), await start()] as const;
  const primaries = [first, ...others].map(({ node }) => node);
  const replicas = failover ? [await start(), await start(), await start()].map(({ node }) => node) : [];
  const nodes = [...primaries, ...replicas];
  const meet = async (node: OwnRedis) =>
    node === first.node || redisCli(node.port, 'cluster', 'meet', HOST, String(first.node.port), first.bus);
  await share(primaries, meet);
  for (const replica of replicas) await meet(replica);
  for (const [i, replica] of replicas.entries()) await follow(replica, primaries[i] as OwnRedis);
  const isWhole = async ({ port }: OwnRedis) => {
    const told = await redisCli(port, 'cluster', 'info');
    return told.includes('cluster_state:ok') && told.includes(`cluster_known_nodes:${nodes.length}`);
  };
  for (const node of nodes) await until(() => isWhole(node), 'a whole cluster');
  const isPrimary = ({ port }: OwnRedis) =>
    redisCli(port, 'role').then(
      told => told.startsWith('master'),
      () => false,
    );
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `${HOST}:${port}`).join(',')}`,
    async primaryOf(key) {
      const slots = nodes.map(({ port }) => redisCli(port, 'cluster', 'keyslot', key));
      const place = placeOf(Number(await Promise.any(slots)), primaries.length);
      const replica = replicas[place];
      return replica && (await isPrimary(replica)) ? replica : (primaries[place] as OwnRedis);
    },
    async stop() {
      for (const node of nodes) await node.stop();
    },
  };
}
