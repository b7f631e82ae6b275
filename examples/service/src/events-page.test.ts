import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDescriptions } from '@org/application';
import { eventsPage } from './events-page.js';

describe('docs/events.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/events.md'), 'utf8');

  it('is what `npm run docs:events` makes now', () => expect(page).toBe(eventsPage()));

  it('has a section with an example for every type', () => {
    for (const type of Object.keys(eventDescriptions))
      expect(page).toMatch(new RegExp(`\\n### ${type}\\n\\n[^\\n]+\\n\\n\\| field [^]+?\\n\`\`\`json\\n\\{`));
  });
});
