import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { secret } from '../e2e/support/service-process.js';
import { compose, root, unset } from './files.js';

const run = promisify(execFile);

/** The base of the image, and what runs beside it: without any profile, and with these. */
const imagesOf = (profiles: readonly string[]): readonly string[] => {
  const others = Object.values(compose.services)
    .filter(({ profiles: own = [] }) => own.length === 0 || own.some(name => profiles.includes(name)))
    .map(({ image }) => unset(image))
    .filter(image => !image.startsWith('promotions-service:'));
  return [...new Set(['node:20-slim', ...others])];
};

/** Why the stack can't be started on this machine; null = it can. */
export async function whyNot(profiles: readonly string[]): Promise<string | null> {
  const fails = (...args: string[]) =>
    run('docker', args).then(
      () => false,
      () => true,
    );
  if (await fails('version')) return 'there is no Docker engine';
  if (await fails('compose', 'version')) return 'there is no docker compose';
  for (const image of imagesOf(profiles))
    if ((await fails('image', 'inspect', image)) && (await fails('pull', '-q', image)))
      return `there is no image ${image}`;
  return null;
}

export interface Container {
  readonly ID: string;
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
  readonly ExitCode: number;
}

const isFree = (port: number) =>
  new Promise<boolean>(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Two ports side by side, as `API_PORTS` has them: a copy that is started anew is where one was before. */
async function twoPorts(): Promise<string> {
  for (;;) {
    const first = 20_000 + randomInt(10_000);
    if ((await isFree(first)) && (await isFree(first + 1))) return `${first}-${first + 1}`;
  }
}

/** compose.yaml, running under a name of its own with an image of its own. */
export interface Stack {
  /** `docker compose …`; answers what it prints. */
  run(...args: readonly string[]): Promise<string>;
  /** A script of deploy/, on this stack. */
  script(name: string, ...args: readonly string[]): Promise<string>;
  /** A script of ES modules in a container of that service, with what the image has; answers what it prints. */
  inside(service: string, script: string): Promise<string>;
  containers(): Promise<readonly Container[]>;
  /** Builds the image anew, as another revision. @returns false where it was given */
  build(revision: string): Promise<boolean>;
  /** The revision that a container runs. */
  revisionOf(container: string): Promise<string>;
  /** Where each copy of the API is found from here. */
  urls(): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** @param profiles of compose.yaml */
export async function startStack(profiles: readonly string[]): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'promotions-stack-'));
  const file = join(folder, '.env');
  const name = `promotions-test-${randomBytes(4).toString('hex')}`;
  const { PATH = '', HOME = '' } = process.env;
  // A pipeline tests the very image that it is going to ship.
  const given = process.env.DEPLOY_IMAGE;
  const image = given ?? `promotions-service:0.1.0-${name}`;
  const env = {
    ...{ PATH, HOME, ENV_FILE: file, SERVICE_IMAGE: image },
    // For scripts that call compose themselves.
    ...{ COMPOSE_PROJECT_NAME: name, COMPOSE_ENV_FILES: file },
    // Free ports, and the tokens that the tests know how to make.
    ...{ API_PORTS: await twoPorts(), JWT_SECRET: secret },
  };
  const docker = (args: readonly string[]) => run('docker', args, { cwd: root, env, maxBuffer: 64e6 });
  await run('sh', ['deploy/make-env.sh', ...profiles], { cwd: root, env });
  /** What has lost its name to a later one. */
  const nameless: string[] = [];
  const stack: Stack = {
    run: async (...args) => (await docker(['compose', '-p', name, '--env-file', file, ...args])).stdout,
    script: async (script, ...args) =>
      (await run('sh', [join('deploy', script), ...args], { cwd: root, env, maxBuffer: 64e6 })).stdout,
    inside: (service, script) => stack.run('exec', '-T', service, 'node', '--input-type=module', '--eval', script),
    async containers() {
      // One JSON object a line, or one list of them, as the version has it; each is YAML too.
      const printed = await stack.run('ps', '--all', '--format', 'json');
      return parseAllDocuments(printed.trim().replaceAll('\n', '\n---\n')).flatMap(each => each.toJS() as Container[]);
    },
    async build(revision) {
      if (given !== undefined) return false;
      const before = await docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => null);
      if (before) nameless.push(before.stdout.trim());
      await stack.run('build', '--quiet', '--build-arg', `REVISION=${revision}`);
      return true;
    },
    async revisionOf(container) {
      const label = '{{index .Config.Labels "org.opencontainers.image.revision"}}';
      return (await docker(['inspect', '--format', label, container])).stdout.trim();
    },
    async urls() {
      const own = (await stack.containers()).filter(({ Service }) => Service === 'api');
      return Promise.all(
        own.map(async ({ ID }) => `http://${(await docker(['port', ID, '3000/tcp'])).stdout.split('\n')[0]}`),
      );
    },
    async end() {
      await stack.run('down', '--volumes', '--timeout', '30').catch(error => console.error(error));
      if (given === undefined) await docker(['image', 'rm', '--force', image, ...nameless]).catch(() => undefined);
      await rm(folder, { recursive: true });
    },
  };
  try {
    await stack.build('first');
    await stack.run('up', '--detach', '--wait', '--no-build');
    return stack;
  } catch (error) {
    for (const told of ['ps --all', 'logs --no-color --tail 20'])
      console.error(await stack.run('--ansi', 'never', ...told.split(' ')).catch(String));
    await stack.end();
    throw error;
  }
}

/** What `/metrics` of a container answers from within: only the API is to be reached from outside. */
export const metricsOf = (stack: Stack, service: string, token?: string): Promise<string> =>
  stack.inside(
    service,
    `const token = ${token === undefined ? 'process.env.METRICS_TOKEN' : JSON.stringify(token)};
     const got = await fetch('http://127.0.0.1:3000/metrics', { headers: { authorization: 'Bearer ' + token } });
     console.log(got.status, await got.text());`,
  );
