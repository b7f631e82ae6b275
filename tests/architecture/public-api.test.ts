import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectOf, readProject } from './project.js';
import { publicApi } from './public-api.js';

const file = join(import.meta.dirname, 'public-api.json');

describe('the public API of the packages', () => {
  it('is what public-api.json says (`npm run public-api` writes it anew; a lost name is a breaking change)', () => {
    const now = publicApi(readProject());
    if (process.env.UPDATE_PUBLIC_API) writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
    expect(now).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});

describe('reading exported names', () => {
  const manifest = {
    path: 'packages/domain/package.json',
    name: '@org/domain',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  };
  const namesOf = (index: string, money = '') => {
    const files = [
      { path: 'packages/domain/src/index.ts', text: index },
      { path: 'packages/domain/src/money.ts', text: money },
    ];
    return publicApi(projectOf(files, [manifest]))['@org/domain'];
  };

  it.each([
    ['export const a = 1;', ['a'], []],
    ['export async function a() {}\nexport function* b() {}', ['a', 'b'], []],
    ['export abstract class A extends B {}\nexport interface C<D> {}', ['A'], ['C']],
    ['export type A = 1;\nexport const A = 1;', ['A'], []],
    ['type A = 1;\nconst b = 1;\nexport { type A, b as c };', ['c'], ['A']],
    ["export type { A, B as C } from './money.js';", [], ['A', 'C']],
    ["export * as money from './money.js';", ['money'], []],
    ['// export const a = 1;\nconst text = "export const b = 1;";', [], []],
  ])('%j', (text, values, types) => {
    expect(namesOf(text)).toEqual({ values, types });
  });

  it('follows a star to the file behind it', () => {
    expect(namesOf("export * from './money.js';", 'export const sum = 1;\nexport type Money = 1;')).toEqual({
      values: ['sum'],
      types: ['Money'],
    });
  });

  it('refuses an entry point that leads nowhere', () => {
    expect(() => namesOf("export * from './gone.js';")).toThrow('packages/domain/src/gone.ts is exported');
  });
});
