import { writeFile } from 'node:fs/promises';
import { eventsPage } from '../events-page.js';

await writeFile('docs/events.md', eventsPage());
