import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config/config.js';
import { timetableOf } from '../config/parts.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');

describe('docs/operations.md', () => {
  it('tells of every job', () => {
    const jobs = Object.keys(timetableOf(readConfig({})));
    expect(jobs.filter(job => !page.includes(`| \`${job}\` |`))).toEqual([]);
  });
});
