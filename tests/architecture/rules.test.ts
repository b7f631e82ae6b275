import type { Manifest, SourceFile } from './project.js';
import { breachesOf, rules } from './rules.js';

const shape = {
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  engines: { node: '>=20.19' },
  files: ['dist', 'README.md', 'LICENSE'],
};
const entry = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
const inner = { '@org/application': '1.0.0', '@org/domain': '1.0.0' };

/** A small repository in which everything is as it should be; a test changes one thing. */
const manifests = {
  root: { path: 'package.json', name: 'shop', private: true, ...shape },
  domain: { path: 'packages/domain/package.json', name: '@org/domain', exports: { '.': entry('index') }, ...shape },
  application: {
    path: 'packages/application/package.json',
    name: '@org/application',
    exports: { '.': entry('index'), './memory': entry('memory/index') },
    dependencies: { '@org/domain': '1.0.0' },
    ...shape,
  },
  persistence: {
    path: 'packages/adapters-persistence/package.json',
    name: '@org/adapters-persistence',
    exports: { '.': entry('index') },
    dependencies: { ...inner, pg: '8.0.0', typeorm: '1.0.0' },
    ...shape,
  },
  http: {
    path: 'packages/adapters-http/package.json',
    name: '@org/adapters-http',
    exports: { '.': entry('index') },
    dependencies: { ...inner, express: '5.0.0' },
    ...shape,
  },
  service: {
    path: 'examples/service/package.json',
    name: '@org/example-service',
    private: true,
    dependencies: { ...inner, '@org/adapters-http': '1.0.0', '@org/adapters-persistence': '1.0.0', inversify: '8.0.0' },
    type: 'module',
  },
} satisfies Record<string, Manifest>;

const licences = [
  '.',
  'packages/domain',
  'packages/application',
  'packages/adapters-persistence',
  'packages/adapters-http',
].map(folder => ({ path: folder === '.' ? 'LICENSE' : `${folder}/LICENSE`, text: 'MIT' }));

const domain = 'packages/domain/src/coupon/price.ts';
const useCase = 'packages/application/src/use-cases/issue.ts';
const postgres = 'packages/adapters-persistence/src/postgres/table.ts';
const route = 'packages/adapters-http/src/inbound/route.ts';
const main = 'examples/service/src/main.ts';

const breachesWith = (file: SourceFile): string[] => [
  ...new Set(
    breachesOf([...licences.filter(({ path }) => path !== file.path), file], Object.values(manifests)).map(b => b.rule),
  ),
];
const breachesWithManifest = (name: keyof typeof manifests, change: Partial<Manifest>): string[] => [
  ...new Set(
    breachesOf(licences, Object.values({ ...manifests, [name]: { ...manifests[name], ...change } })).map(b => b.rule),
  ),
];

const many = (lines: number): string => 'const a = 1;\n'.repeat(lines);
const asAny = ['as', 'any'].join(' ');
const ignore = ['@ts', 'ignore'].join('-');
const skipped = ['it', 'skip'].join('.');

const planted: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['layers-point-inwards', domain, "import express from 'express';"],
  ['layers-point-inwards', domain, "import { randomUUID } from 'node:crypto';"],
  ['layers-point-inwards', domain, "import { createHash } from 'crypto';"],
  ['layers-point-inwards', domain, "import '@org/application';"],
  ['layers-point-inwards', domain, "export { run } from '@org/application';\nexport const a = 1;"],
  ['layers-point-inwards', domain, "type Run = import('@org/application').Run;"],
  ['layers-point-inwards', domain, 'const it = await import(`node:fs`);'],
  ['layers-point-inwards', domain, "const it = await import('node:' + name);"],
  ['layers-point-inwards', domain, "const fs = require('fs');"],
  ['layers-point-inwards', domain, 'import {\n  a,\n  type B, // why\n} from "pg";'],
  ['layers-point-inwards', 'packages/domain/src/coupon/price.test.ts', "import '@org/application';"],
  ['layers-point-inwards', useCase, "import { Pool } from 'pg';"],
  ['layers-point-inwards', useCase, "import timers from 'node:timers/promises';"],
  ['layers-point-inwards', 'packages/application/src/contracts/a.ts', "import { readFile } from 'node:fs/promises';"],
  ['layers-point-inwards', useCase, "import { Table } from '@org/adapters-persistence';"],
  ['layers-point-inwards', route, "import { Table } from '@org/adapters-persistence';"],
  ['layers-point-inwards', 'packages/adapters-http/src/a.contract.test.ts', "import '@org/adapters-persistence';"],
  ['stay-in-your-package', route, "import { x } from '../../../domain/src/money.js';"],
  ['stay-in-your-package', main, "export * from '../../../packages/domain/src/money.js';\nexport const a = 1;"],
  ['import-what-you-declare', route, "import pg from 'pg';"],
  ['import-what-you-declare', main, "import type { Pool } from 'pg';"],
  ['entry-points-only', main, "import { x } from '@org/domain/dist/money.js';"],
  ['entry-points-only', postgres, "import { x } from '@org/application/use-cases';"],
  ['inversify-in-the-container-only', main, "import { Container } from 'inversify';"],
  ['no-clock-in-the-core', domain, 'const now = Date.now();'],
  ['no-clock-in-the-core', useCase, 'const now = new Date();'],
  ['no-clock-in-the-core', useCase, 'const now = new Date( /* now */ );'],
  ['no-clock-in-the-core', domain, 'const now = +new Date;'],
  ['no-clock-in-the-core', domain, 'const text = Date();'],
  ['no-clock-in-the-core', domain, 'const text = `made at ${Date.now()}`;'],
  ['no-clock-in-the-core', domain, 'const text = `${all.map(x => ({ y: `${x} at ${Date.now()}` }))} then`;'],
  ['no-clock-in-the-core', useCase, 'const now = performance.now();'],
  ['no-clock-in-the-core', domain, 'const today = formatter.format();'],
  ['no-clock-in-the-core', 'packages/application/src/coalesce.ts', 'const now = Date.now();'],
  ['no-host-settings-in-the-core', domain, 'const hour = new Date(at).getHours();'],
  ['no-host-settings-in-the-core', domain, "lines.sort((a, b) => a.id.localeCompare(b.id, 'en'));"],
  ['no-host-settings-in-the-core', domain, 'const text = amount.toLocaleString();'],
  ['no-host-settings-in-the-core', domain, 'const formatter = new Intl.NumberFormat();'],
  ['no-randomness-in-the-core', domain, 'const pick = Math.random();'],
  ['no-randomness-in-the-core', useCase, 'const id = crypto.randomUUID();'],
  ['no-timers-in-the-core', useCase, 'await new Promise(done => setTimeout(done, 10));'],
  ['no-timers-in-the-core', useCase, 'setInterval(tick, 10);'],
  ['no-timers-in-the-core', 'packages/application/src/ports/lock.ts', 'queueMicrotask(tick);'],
  ['no-host-in-the-core', domain, "if (process.env['DEBUG']) return;"],
  ['no-host-in-the-core', useCase, "console.log('issued');"],
  ['no-host-in-the-core', domain, "const clock = globalThis['Date'];"],
  ['guarded-writes-only', postgres, 'await manager.save(entity);'],
  ['guarded-writes-only', postgres, 'await this.entityManager.update(Coupon, id, row);'],
  ['guarded-writes-only', postgres, 'await tx.save(entity);'],
  ['guarded-writes-only', postgres, 'const coupons = dataSource.getRepository(Coupon);'],
  ['guarded-writes-only', postgres, "await rows.upsert(row, ['id']);"],
  ['guarded-writes-only', postgres, "import { type Repository } from 'typeorm';"],
  ['no-escape-from-types', route, `const body = request.body ${asAny};`],
  ['no-escape-from-types', 'tests/e2e/a.test.ts', `const body = JSON.parse(text) ${asAny};`],
  ['no-disabled-tests', 'packages/domain/src/a.test.ts', `${skipped}('is never run', () => {});`],
  ['no-disabled-tests', 'tests/e2e/a.test.ts', "xdescribe('is never run', () => {});"],
  ['short-files', domain, many(251)],
  ['short-files', 'packages/domain/src/coupon/price.test.ts', many(251)],
  ['no-barrels', 'packages/domain/src/coupon/index.ts', 'export const a = 1;'],
  ['no-barrels', 'packages/domain/src/coupon/all.ts', "export * from './price.js';\nexport { a } from './a.js';\n"],
  ['no-silenced-compiler', 'tests/e2e/a.test.ts', `// ${ignore}\nconst a: number = 'a';`],
  ['no-silenced-compiler', route, "// @ts-expect-error it is fine\nconst a: number = 'a';"],
  ['no-registry-hosts', 'package-lock.json', '{ "resolved": "https://packages.example.org/a.tgz" }'],
  ['no-registry-hosts', '.npmrc', 'registry = https://packages.example.org/'],
  ['no-registry-hosts', 'docs/setup.md', 'Take it from https://registry.example.org/a.'],
  ['links-lead-somewhere', 'docs/setup.md', 'See [the other](other.md).'],
  ['links-lead-somewhere', 'docs/setup.md', '# Set up\nSee [below](#run-it) or [the packages](../packages/).'],
  ['licence-in-each', 'packages/domain/LICENSE', 'Apache'],
];

describe('a planted breach is named', () => {
  it.each(planted)('%s: %s: %j', (rule, path, text) => {
    expect(breachesWith({ path, text })).toEqual([rule]);
  });
});

const plantedManifests: readonly (readonly [string, keyof typeof manifests, Partial<Manifest>])[] = [
  ['manifests-point-inwards', 'domain', { dependencies: { ms: '2.0.0' } }],
  ['manifests-point-inwards', 'domain', { peerDependencies: { '@org/application': '1.0.0' } }],
  ['manifests-point-inwards', 'application', { dependencies: { '@org/domain': '1.0.0', pg: '8.0.0' } }],
  ['manifests-point-inwards', 'http', { dependencies: { ...inner, '@org/adapters-persistence': '1.0.0' } }],
  ['one-version-of-each', 'http', { devDependencies: { pg: '8.0.1' } }],
  ['one-version-of-each', 'http', { devDependencies: { pino: '^10.0.0' } }],
  ['packages-agree', 'http', { license: 'ISC' }],
  ['packages-agree', 'http', { files: ['dist'] }],
  ['packages-agree', 'http', { scripts: { postinstall: 'node fetch.js' } }],
  ['packages-agree', 'http', { engines: { node: '>=18' } }],
];

describe('a breach planted in a manifest is named', () => {
  it.each(plantedManifests)('%s: %s: %j', (rule, name, change) => {
    expect(breachesWithManifest(name, change)).toEqual([rule]);
  });

  it('packages-agree: a package that stays behind the release', () => {
    expect(breachesWithManifest('http', { version: '0.9.0' })).toEqual(['packages-agree']);
  });
});

const harmless: readonly (readonly [path: string, text: string])[] = [
  [domain, "import { a } from '../money.js';\nexport type { B } from './b.js';\nexport const c = 'import';"],
  [domain, "// import pg from 'pg'\n/* Date.now() */ const text = 'Date.now()';"],
  [domain, 'const text = `reads Date.now()`; const day = new Date(at).getUTCDay();'],
  [domain, 'const text = `${all.map(x => ({ y: `${x} Date.now()` }))} Math.random() \\` console.log`;'],
  [domain, 'const text = `never ends ${"${a} ".repeat(40)} Date.now()'],
  [domain, 'const quote = /["\'`]/g; const half = total / 2; const rest = "//";'],
  [domain, "const formatter = new Intl.DateTimeFormat('en-US', { timeZone }); formatter.format(at);"],
  [domain, 'interface Window { process: string }\nconst step = (window: number) => ({ process: window });'],
  ['packages/domain/src/coupon/price.test.ts', "import fc from 'fast-check';\nimport fs from 'node:fs';"],
  [useCase, "import { price } from '@org/domain';\nawait repository.save(tx, changes);"],
  ['packages/application/src/coalesce.ts', 'setTimeout(flush, 1); queueMicrotask(flush);'],
  ['packages/application/src/memory/clock.ts', 'const now = () => Date.now();'],
  ['packages/application/src/memory/index.ts', "export * from './clock.js';"],
  ['packages/application/src/contracts/a.ts', "import assert from 'node:assert/strict';"],
  [postgres, "import { DataSource, EntitySchema } from 'typeorm';\nhash.update(text); this.heads.save(tx, rows);"],
  ['packages/adapters-persistence/src/postgres/migrations/0001-coupons.ts', many(400)],
  [domain, many(250)],
  [
    'docs/setup.md',
    '# What is `a-b`?\n[it](#what-is-a-b), [out](https://a.org), [up](../LICENSE)\n```md\n[no](b.md)\n```',
  ],
  [main, "import { app } from '@org/adapters-http';\nimport { store } from '@org/adapters-persistence';"],
  ['examples/service/src/container.ts', "import { Container } from 'inversify';"],
  ['tests/e2e/a.test.ts', "import { app } from '@org/adapters-http';\n// @ts-expect-error proven\nwithIt.skip(1);"],
];

describe('what is allowed stays allowed', () => {
  it.each(harmless)('%s: %j', (path, text) => {
    expect(breachesWith({ path, text })).toEqual([]);
  });

  it('a breach tells its line, comments and templates or not', () => {
    const text = "/* one\n two */\nconst a = `\n${'x'}`;\nimport pg from 'pg';";
    const found = breachesOf([...licences, { path: domain, text }], Object.values(manifests));
    expect(found.map(({ line }) => line)).toEqual([5]);
  });

  it('every rule has a planted breach', () => {
    const named = new Set([...planted, ...plantedManifests].map(([rule]) => rule));
    expect(Object.keys(rules).filter(rule => !named.has(rule))).toEqual([]);
  });
});
