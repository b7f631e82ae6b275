import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, textOf } from './files.js';

const dockerfile = textOf('Dockerfile');
const manifest = JSON.parse(textOf('package.json')) as {
  readonly version: string;
  readonly workspaces: readonly string[];
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

describe('the image', () => {
  it('is made with the manifest of every workspace: without one the lock file does not fit', () => {
    const missing = manifest.workspaces.filter(
      folder => !dockerfile.includes(`COPY ${folder}/package.json ${folder}/\n`),
    );
    expect(missing).toEqual([]);
  });

  it('runs what `npm start` runs, without npm in between', () => {
    const [, arguments_ = ''] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
    expect((JSON.parse(arguments_) as string[]).join(' ')).toBe(manifest.scripts.start);
  });

  it('is nobody special, and says of which version it is', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile).toContain(`ARG VERSION=${manifest.version}\n`);
    expect(textOf('compose.yaml')).toContain(`:-promotions-service:${manifest.version}}`);
    expect(textOf('deploy/kubernetes/production/kustomization.yaml')).toContain(`newTag: ${manifest.version}\n`);
  });

  it('begins with a Node that the packages take', () => {
    const major = Number(/^ARG NODE_IMAGE=node:(\d+)-slim$/m.exec(dockerfile)?.[1]);
    expect(manifest.engines.node).toBe('>=20.19');
    expect(major).toBeGreaterThanOrEqual(20);
  });

  it('gets nothing but what is named', () => {
    const [first, ...named] = textOf('.dockerignore')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const let_in = named.filter(line => line.startsWith('!')).map(line => line.slice(1));
    for (const path of let_in) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    expect(named).toEqual(expect.arrayContaining(['**/.env*', '**/.data', '**/node_modules']));
  });
});
