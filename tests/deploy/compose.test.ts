import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../examples/service/src/config/config.js';
import { settings } from '../../examples/service/src/config/settings.js';
import { roles } from '../../examples/service/src/roles.js';
import { type ComposeService, compose, composeText, root, textOf, unset, variables } from './files.js';

const all = Object.entries(compose.services);
const ours = all.filter(([, { image }]) => unset(image).startsWith('promotions-service:'));
const workers = ours.filter(([, { environment }]) => environment?.ROLES !== undefined);
const jobs = ours.filter(([, { command }]) => command !== undefined);
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1]);

const env = (service: ComposeService) =>
  Object.fromEntries(Object.entries(service.environment ?? {}).map(([name, value]) => [name, unset(String(value))]));

/** What `.env` adds to what stands in the file. */
const secrets = { JWT_SECRET: 's'.repeat(64), PERSONAL_DATA_KEYS: `a:${Buffer.alloc(32).toString('base64')}` };

describe('compose.yaml', () => {
  it('has a service for every role, each for that role alone', () =>
    expect(workers.map(([name, { environment }]) => [name, environment?.ROLES])).toEqual(
      roles.map(role => [role, role]),
    ));

  it.each(ours)('%s is given variables that the service knows, and starts with them', (_, service) => {
    expect(Object.keys(env(service)).filter(name => !variables.has(name))).toEqual([]);
    expect(() => readConfig({ ...env(service), ...secrets })).not.toThrow();
  });

  it.each(workers)('%s may finish before it is killed', (_, service) => {
    const config = readConfig({ ...env(service), ...secrets });
    const needed = config.shutdownTimeoutSeconds + config.drainDelaySeconds + 10;
    expect(seconds(service.stop_grace_period ?? '')).toBeGreaterThanOrEqual(needed);
  });

  it.each(workers)('%s is asked whether it is ready, after the tables are there, and comes back', (_, service) => {
    expect(service.healthcheck?.test).toEqual(['CMD', 'bash', 'deploy/health.sh']);
    expect(service.depends_on?.migrate).toEqual({ condition: 'service_completed_successfully' });
    expect(service.restart).toBe('unless-stopped');
  });

  it.each(all)('%s has a limit of memory, a pinned image and something that says whether it works', (_, service) => {
    expect(unset(service.mem_limit ?? '')).toMatch(/^\d+[mg]$/);
    expect(unset(service.image)).toMatch(/:v?\d[\w.-]*$/);
    expect(service.healthcheck).toBeDefined();
  });

  it.each(ours)('%s can write nowhere and gain no rights', (_, service) =>
    expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']]),
  );

  it('listens where the containers are asked', () => {
    const [, published = ''] = /:([^:]+)$/.exec(compose.services.api?.ports?.[0] ?? '') ?? [];
    expect([published, textOf('deploy/health.sh').match(/PORT:-(\d+)\}/)?.[1]]).toEqual(['3000', '3000']);
    expect(textOf('Dockerfile')).toMatch(/PORT=3000\n[\s\S]*EXPOSE 3000\n/);
    expect(settings.port.fallback).toBe('3000');
  });

  it('shows nothing to the outside unless it is told to', () => {
    const published = all.flatMap(([, { ports = [] }]) => ports.map(unset));
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter(port => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('waits for nothing that a profile leaves out', () => {
    const broken = all.flatMap(([name, { depends_on = {}, profiles: own = [] }]) =>
      Object.entries(depends_on)
        .filter(([other, { required = true }]) => {
          const { profiles = [] } = compose.services[other] ?? {};
          return required && profiles.some(profile => !own.includes(profile));
        })
        .map(([other]) => `${name} needs ${other}`),
    );
    expect(broken).toEqual([]);
  });

  it('mounts what is there', () => {
    const mounted = all.flatMap(([, { volumes = [] }]) => volumes.map(each => each.split(':')[0] as string));
    for (const path of mounted.filter(each => each.startsWith('./')))
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    for (const name of mounted.filter(each => !each.startsWith('./')))
      expect(Object.keys(compose.volumes)).toContain(name);
  });

  it('takes every secret from .env, and has none in it', () => {
    const made = [...textOf('deploy/make-env.sh').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    const needed = [...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    expect(needed.length).toBeGreaterThan(3);
    expect([...new Set(needed)].filter(name => !made.includes(name))).toEqual([]);
    const open = /(?:PASSWORD|SECRET|KEYS|TOKEN|AUTH)\w*: (?!\$\{)\S+/g;
    expect(composeText.match(open)?.filter(line => !line.startsWith('metrics-token'))).toEqual(undefined);
  });
});

describe('deploy/roll.sh', () => {
  it('replaces every role when it is told none, and what clients call last', () => {
    const [, named = ''] = /^\[ \$# -gt 0 \] \|\| set -- (.+)$/m.exec(textOf('deploy/roll.sh')) ?? [];
    expect(named.split(' ').toSorted()).toEqual([...roles].toSorted());
    expect(named).toMatch(/ api$/);
  });
});

describe('the jobs of compose.yaml', () => {
  it.each(jobs)('%s is a command of the service', (_, { command = [] }) => {
    const script = command.find(part => part.endsWith('.js')) ?? '';
    const source = script.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    expect([source, existsSync(join(root, source))]).toEqual([source, true]);
  });
});

describe('the brokers of compose.yaml', () => {
  const brokers = all.filter(([name]) => name.startsWith('kafka-'));

  it('lose nothing when one of the three is lost', () => {
    expect(brokers).toHaveLength(3);
    for (const [name, { environment = {} }] of brokers)
      expect(environment).toMatchObject({
        KAFKA_ADVERTISED_LISTENERS: `INTERNAL://${name}:9092`,
        KAFKA_DEFAULT_REPLICATION_FACTOR: 3,
        KAFKA_MIN_INSYNC_REPLICAS: 2,
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 3,
        KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: 'false',
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      });
  });

  it('are three different ones who know each other', () => {
    const ids = brokers.map(([name, { environment = {} }]) => `${environment.KAFKA_NODE_ID}@${name}:9093`);
    const [[, first] = []] = brokers;
    expect(first?.environment?.KAFKA_CONTROLLER_QUORUM_VOTERS).toBe(ids.join());
  });
});
