import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { onDocker } from './docker.js';
import { redisProgram, startRedis } from './redis-own.js';
import { hasRedisBinary, REDIS_IMAGE } from './redis-program.js';
import { oncePerRun, runFolder } from './run.js';

/** A Redis for the tests of one run. `prefix` is what their keys begin with. */
export interface RedisServer {
  readonly kind: 'given' | 'docker' | 'local';
  readonly url: string;
  readonly prefix: string;
  readonly container?: string;
  readonly pid?: number;
}

/** A container, when an engine answers and has the image; else null. */
const dockerServer = (prefix: string): Promise<RedisServer | null> =>
  onDocker('Redis', async () => {
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(REDIS_IMAGE)
      .withExposedPorts(6379)
      .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
      .start();
    const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`;
    return { kind: 'docker', url, prefix, container: container.getId() };
  });

/** `TEST_REDIS_URL`, else Docker, else a private one of the binary; never a server that merely listens on this machine. */
async function climb(): Promise<RedisServer | null> {
  const prefix = `${basename(runFolder())}:`;
  const given = process.env.TEST_REDIS_URL;
  if (given) return { kind: 'given', url: given, prefix };
  const docker = process.env.TEST_REDIS === 'local' ? null : await dockerServer(prefix);
  if (docker || !(await hasRedisBinary())) return docker;
  const { url, pid } = await startRedis({ outlives: true });
  return { kind: 'local', url, prefix, ...(pid !== null && { pid }) };
}

/** The one server of this run; null = the machine has none. */
const testRedis = (): Promise<RedisServer | null> => oncePerRun('redis', climb);

/** A part of the run's Redis that nobody else uses. */
export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
}

export const ownPart = ({ url, prefix }: RedisServer): TestRedis => ({
  url,
  prefix: `${prefix}${randomBytes(6).toString('hex')}:`,
});

/** What is known before the tests are defined: whether there is something to run them on. */
async function found<Server>(find: () => Promise<Server | null>): Promise<Server | Error> {
  return find().then(
    server => server ?? new Error('there is no Redis: set TEST_REDIS_URL, or install Docker or redis-server'),
    (error: Error) => error,
  );
}

/** Tests on a real component that this machine may lack: one line says so, and on a build machine that is a failure. */
function describeOn<Server>(name: string, server: Server | Error, define: (server: Server) => void): void {
  if (!(server instanceof Error)) {
    describe(name, () => define(server));
    return;
  }
  const { skip: without } = it;
  const line = `${name}: ${server.message}`;
  const fail = () => {
    throw server;
  };
  if (process.env.CI === 'true') it(line, fail);
  else without(line, fail);
}

/** Tests on the run's Redis. */
export async function describeRedis(name: string, define: (server: RedisServer) => void): Promise<void> {
  describeOn(name, await found(testRedis), define);
}

/** Tests that start and kill servers of their own. */
export async function describeOwnRedis(name: string, define: () => void): Promise<void> {
  describeOn(name, await found(redisProgram), define);
}
