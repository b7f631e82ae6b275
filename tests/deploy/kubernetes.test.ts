import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../examples/service/src/config/config.js';
import { groups, roles } from '../../examples/service/src/roles.js';
import {
  at,
  envFile,
  type Fields,
  folders,
  kubernetes,
  kustomizationOf,
  listAt,
  type Manifest,
  manifests,
  ofKind,
  root,
  textOf,
  variables,
} from './files.js';
import { breachesOfPod } from './pods.js';

const named = (list: readonly Manifest[]) => list.map(each => [each.metadata.name, each] as const);
const deployments = named(ofKind('Deployment'));
const jobs = named(ofKind('Job'));
const pods = [...deployments, ...jobs].map(([name, each]) => [name, at(each.spec, 'template.spec') as Fields] as const);
const containerOf = (pod: Fields) => listAt(pod, 'containers')[0] as Fields;
const component = 'app.kubernetes.io/component';

/** What a process is told by its ConfigMap. */
const shared = folders.flatMap(folder =>
  (kustomizationOf(folder).configMapGenerator ?? []).flatMap(({ envs }) =>
    envs.map(file => ({ folder, settings: envFile(`${kubernetes}/${folder}/${file}`) })),
  ),
);
const base = shared.find(({ folder }) => folder === 'base')?.settings ?? {};
/** What a process is told by its Deployment; secrets are names alone. */
const toldOf = (pod: Fields): Record<string, string> =>
  Object.fromEntries(listAt(containerOf(pod), 'env').map(({ name, value = '' }) => [String(name), String(value)]));
const secrets = {
  DATABASE_URL: 'postgres://user:password@host/shop',
  JWT_SECRET: 's'.repeat(64),
  PERSONAL_DATA_KEYS: `a:${Buffer.alloc(32).toString('base64')}`,
  METRICS_TOKEN: 't',
};

describe('the manifests', () => {
  it('have a Deployment for every role, each for that role alone', () =>
    expect(deployments.map(([name, each]) => [name, toldOf(at(each.spec, 'template.spec') as Fields).ROLES])).toEqual(
      roles.map(role => [role, role]),
    ));

  it.each(pods)('%s is a pod that nothing can be done with but what it is for', (_, pod) =>
    expect(breachesOfPod(pod)).toEqual([]),
  );

  it.each(deployments)('%s is probed: started and alive by /health/live, ready by /health/ready', (_, each) => {
    const container = containerOf(at(each.spec, 'template.spec') as Fields);
    const path = (probe: string) => at(container, `${probe}.httpGet.path`);
    expect([path('startupProbe'), path('livenessProbe'), path('readinessProbe')]).toEqual([
      ...['/health/live', '/health/live', '/health/ready'],
    ]);
    const port = listAt(container, 'ports').find(({ name }) => name === at(container, 'readinessProbe.httpGet.port'));
    expect(port?.containerPort).toBe(3000);
    expect(at(container, 'lifecycle')).toBeUndefined();
  });

  it.each(deployments)('%s starts with what it is told, and knows all of it', (_, each) => {
    const told = toldOf(at(each.spec, 'template.spec') as Fields);
    expect(Object.keys({ ...base, ...told }).filter(name => !variables.has(name))).toEqual([]);
    const config = readConfig({ ...base, ...told, ...secrets });
    const grace = Number(at(each.spec, 'template.spec.terminationGracePeriodSeconds'));
    expect(grace).toBeGreaterThanOrEqual(config.shutdownTimeoutSeconds + config.drainDelaySeconds + 10);
  });

  it('take every secret from one Secret, and have none in them', () => {
    for (const [, pod] of pods)
      for (const { name, value, valueFrom } of listAt(containerOf(pod), 'env')) {
        if (!(String(name) in secrets)) continue;
        expect(value).toBeUndefined();
        expect(valueFrom).toEqual({ secretKeyRef: { name: 'promotions', key: name } });
      }
    expect(ofKind('Secret')).toEqual([]);
  });

  it('know every setting of every component', () => {
    const unknown = shared.flatMap(({ settings }) => Object.keys(settings).filter(name => !variables.has(name)));
    expect([shared.length, unknown]).toEqual([2, []]);
  });

  it('differ from role to role in nothing but what the role makes necessary', () => {
    const [, ...others] = deployments.map(([name, { spec }]) => {
      const own = new RegExp(`(?<=component":"|ROLES","value":")${name}(?=")`, 'g');
      return JSON.stringify(at(spec, 'template.spec')).replaceAll(own, 'role');
    });
    expect(new Set(others).size).toBe(1);
  });

  it('let nodes be emptied without a role going away', () => {
    const budgets = new Map(named(ofKind('PodDisruptionBudget')));
    for (const [name, each] of deployments) {
      expect(at(budgets.get(name)?.spec, 'maxUnavailable')).toBe(1);
      expect(at(budgets.get(name)?.spec, 'selector')).toEqual(at(each.spec, 'selector'));
      expect(Number(at(each.spec, 'replicas') ?? 2)).toBeGreaterThanOrEqual(2);
    }
  });

  it('select the pods that there are', () => {
    for (const [name, each] of deployments) {
      expect(at(each.spec, 'template.metadata.labels')).toEqual(at(each.spec, 'selector.matchLabels'));
      expect((at(each.spec, 'selector.matchLabels') as Fields)[component]).toBe(name);
    }
    const [service] = ofKind('Service');
    expect((at(service?.spec, 'selector') as Fields)[component]).toBe('api');
  });

  it('name a thing once', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('are all part of a kustomization, which names nothing else', () => {
    for (const folder of [...folders, 'production']) {
      const { resources = [], components = [], configMapGenerator = [] } = kustomizationOf(folder);
      const files = configMapGenerator.flatMap(({ envs }) => envs);
      for (const path of [...resources, ...components, ...files])
        expect([path, existsSync(join(root, kubernetes, folder, path))]).toEqual([path, true]);
      const there = readdirSync(join(root, kubernetes, folder)).filter(name => name !== 'kustomization.yaml');
      expect([...resources, ...files]).toEqual(expect.arrayContaining(there));
    }
  });
});

describe('what scales', () => {
  it('the API by its processor time, which it must not be told the number of', () => {
    const [scaler] = ofKind('HorizontalPodAutoscaler');
    expect(at(scaler?.spec, 'scaleTargetRef.name')).toBe('api');
    expect(at(deployments.find(([name]) => name === 'api')?.[1].spec, 'replicas')).toBeUndefined();
  });

  it('every worker by the lag of all of its groups, and of no other', () => {
    const scaled = ofKind('ScaledObject').map(({ metadata, spec }) => [
      at(spec, 'scaleTargetRef.name') ?? metadata.name,
      listAt(spec, 'triggers').map(trigger => at(trigger, 'metadata.consumerGroup')),
    ]);
    expect(Object.fromEntries(scaled)).toEqual(
      // The relay reads the database: its group is none of the broker's.
      Object.fromEntries(
        roles.filter(role => role !== 'relay' && groups[role].length > 0).map(role => [role, groups[role]]),
      ),
    );
  });

  it('to brokers that the service has too', () => {
    const brokers = ofKind('ScaledObject').flatMap(({ spec }) =>
      listAt(spec, 'triggers').map(trigger => at(trigger, 'metadata.bootstrapServers')),
    );
    const told = shared.map(({ settings }) => settings.KAFKA_BROKERS).find(value => value !== undefined);
    expect(new Set(brokers)).toEqual(new Set([told]));
  });
});

describe('what is let through', () => {
  it('is nothing to the outside but the API', () => {
    const [ingress] = ofKind('Ingress');
    const paths = listAt(ingress?.spec, 'rules').flatMap(rule => listAt(rule, 'http.paths'));
    expect(paths.map(({ path }) => path)).toEqual(['/api', '/ws', '/docs', '/openapi.json']);
  });

  it('is closed for every pod, and opened by name', () => {
    const closed = ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === 'promotions');
    expect(at(closed?.spec, 'policyTypes')).toEqual(['Ingress', 'Egress']);
    for (const [, each] of [...deployments, ...jobs])
      expect((at(each.spec, 'template.metadata.labels') as Fields)['app.kubernetes.io/name']).toBe('promotions');
  });
});

describe('breachesOfPod', () => {
  const [[, sound] = []] = pods;
  const without = (text: string, instead = '') => JSON.parse(JSON.stringify(sound).replace(text, instead)) as Fields;

  it.each([
    ['"runAsNonRoot":true', '"runAsNonRoot":false', 'may be root'],
    ['"type":"RuntimeDefault"', '"type":"Unconfined"', 'may call anything'],
    ['"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false', 'may change its own files'],
    ['"allowPrivilegeEscalation":false', '"allowPrivilegeEscalation":true', 'may gain rights'],
    ['"drop":["ALL"]', '"drop":[]', 'has capabilities'],
    ['"automountServiceAccountToken":false,', '', 'has a token of the cluster'],
    ['"enableServiceLinks":false,', '', 'is told of services that are no settings'],
    ['promotions-service:0.1.0', 'promotions-service:latest', 'image promotions-service:latest is not pinned'],
    ['"limits":{"memory":"512Mi"}', '"limits":{}', 'has no limit of memory'],
    ['"cpu":"250m",', '', 'asks for no processor time'],
  ])('sees %s become %s', (text, instead, breach) => {
    expect(JSON.stringify(sound)).toContain(text);
    expect(breachesOfPod(without(text, instead))).toEqual([breach]);
  });
});

describe('the rules for the Prometheus operator', () => {
  it('are those of deploy/prometheus/alerts.yml', () => {
    const [rule] = ofKind('PrometheusRule');
    const text = textOf('deploy/prometheus/alerts.yml');
    const own = textOf(`${kubernetes}/components/monitoring/prometheus-rule.yaml`).replaceAll(/^ {2}/gm, '');
    expect(own.slice(own.indexOf('groups:'))).toBe(text.slice(text.indexOf('groups:')));
    expect(listAt(rule?.spec, 'groups').length).toBeGreaterThan(0);
  });
});
