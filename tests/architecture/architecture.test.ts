import { readProject } from './project.js';
import { rules, sentence } from './rules.js';

const project = readProject();

describe('the repository', () => {
  it('is read whole', () => {
    const paths = new Set(project.files.map(({ path }) => path));
    expect([...paths]).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc', 'LICENSE']));
    expect(project.manifests.filter(({ path }) => path.startsWith('packages/'))).toHaveLength(5);
    expect(project.units.some(({ home }) => home === 'packages/domain')).toBe(true);
  });

  it.each(Object.entries(rules))('keeps the rule %s', (_name, rule) => {
    expect(rule(project).map(sentence)).toEqual([]);
  });
});
