import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { roles } from '../../examples/service/src/roles.js';
import { aServer } from '../../packages/adapters-http/src/inbound/http.fixtures.js';
import { compose, root, textOf } from './files.js';
import { namesIn } from './promql.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
}

const { groups } = parse(textOf('deploy/prometheus/alerts.yml')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap(group => group.rules).map(rule => [rule.alert, rule] as const);

const folder = 'deploy/grafana/dashboards';
const dashboards = readdirSync(join(root, folder)).map(
  name => [name, JSON.parse(textOf(`${folder}/${name}`)) as Dashboard] as const,
);
const queries: readonly (readonly [string, string])[] = [
  ...rules.map(([name, { expr }]) => [`the alert ${name}`, expr] as const),
  ...dashboards.flatMap(([name, { panels }]) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`${name}: ${title}`, expr] as const)),
  ),
];

/** Prometheus adds these to whatever it scrapes. */
const byPrometheus = { metrics: ['up'], labels: ['job', 'instance', 'role', 'le'] };
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** What the service exports, by name, with what each can be told apart by. */
async function exported(): Promise<{ readonly metrics: Set<string>; readonly labels: Set<string> }> {
  const registry = new Registry();
  const server = await aServer(
    { processMetrics: true },
    { metrics: registry, showBus: true, consumers: () => [], watchedPayments: () => new Map() },
  );
  const all = await registry.getMetricsAsJSON();
  await server.close();
  const metrics = all.flatMap(({ name, type }) => (suffixes[String(type)] ?? ['']).map(suffix => `${name}${suffix}`));
  const labelled = registry.getMetricsAsArray() as unknown as readonly { readonly labelNames?: readonly string[] }[];
  return {
    metrics: new Set([...metrics, ...byPrometheus.metrics]),
    labels: new Set([...labelled.flatMap(({ labelNames = [] }) => labelNames), ...byPrometheus.labels]),
  };
}

describe('what is asked of Prometheus', () => {
  let known: Awaited<ReturnType<typeof exported>>;
  beforeAll(async () => {
    known = await exported();
  });

  it.each(queries)('by %s is exported by the service', (_, query) => {
    const { metrics, labels } = namesIn(query);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter(name => !known.metrics.has(name))).toEqual([]);
    expect(labels.filter(name => !known.labels.has(name))).toEqual([]);
  });

  it('is told of in docs/operations.md, as far as it is ours', () => {
    const page = textOf('docs/operations.md');
    const ours = [...known.metrics].filter(name => /^(?:http|coupon|push|bus|circuit|consumer)/.test(name));
    const family = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');
    expect(ours.length).toBeGreaterThan(8);
    expect(ours.map(family).filter(name => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('namesIn', () => {
  it.each([
    ['up == 0', ['up'], []],
    ['sum by (role, le) (rate(a_total{x="y{z}",b!~"c"}[5m])) > 1e3', ['a_total'], ['x', 'b', 'role', 'le']],
    ['absent(a == 1) or (b unless on (c) d offset 5m)', ['a', 'b', 'd', 'm'].slice(0, 3), ['c']],
    ['time() - process_start_time_seconds{role=~"$role"}', ['process_start_time_seconds'], ['role']],
  ])('finds what is meant in %s', (query, metrics, labels) => {
    expect(namesIn(query)).toEqual({ metrics, labels });
  });
});

describe('the alerts', () => {
  it.each(rules)('%s say how bad it is, and what it means', (_, { labels, annotations }) => {
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary).toMatch(/\.$/);
  });

  it('see every role go', () => {
    const missing = rules.find(([name]) => name === 'RoleMissing')?.[1].expr ?? '';
    expect([...missing.matchAll(/role="([^"]+)"/g)].map(([, role]) => role)).toEqual([...roles]);
  });

  it('are told apart by name, and told of in docs/operations.md', () => {
    const names = rules.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    const page = textOf('docs/operations.md');
    expect(names.filter(name => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('Prometheus and Grafana in compose.yaml', () => {
  it('scrape every role, where it listens', () => {
    const { scrape_configs } = parse(textOf('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: readonly {
        readonly job_name: string;
        readonly dns_sd_configs: readonly { readonly names: readonly string[]; readonly port: number }[];
      }[];
    };
    expect(scrape_configs[0]?.job_name).toBe('promotions');
    expect(scrape_configs[0]?.dns_sd_configs[0]).toMatchObject({ names: [...roles], port: 3000 });
  });

  it('find the figures, and the dashboards', () => {
    const [source] = (
      parse(textOf('deploy/grafana/provisioning/datasources/prometheus.yml')) as {
        datasources: readonly { readonly uid: string; readonly url: string }[];
      }
    ).datasources;
    expect(source?.url).toBe('http://prometheus:9090');
    const used = dashboards.flatMap(([, { panels }]) => panels.map(({ datasource }) => datasource.uid));
    expect(new Set(used)).toEqual(new Set([source?.uid]));
    const [provider] = (
      parse(textOf('deploy/grafana/provisioning/dashboards/promotions.yml')) as {
        providers: readonly { readonly options: { readonly path: string } }[];
      }
    ).providers;
    expect(compose.services.grafana?.volumes).toContain(`./${folder}:${provider?.options.path}:ro`);
  });

  it.each(dashboards)('%s has panels of different ids, and variables that are there', (_, dashboard) => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const own = new Set(dashboard.templating.list.map(({ name }) => name));
    const used = dashboard.panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/\$(?!__)(\w+)/g)].map(([, name = '']) => name)),
    );
    expect(used.filter(name => !own.has(name))).toEqual([]);
  });
});
