import { writeFile } from 'node:fs/promises';
import { configurationPage } from '../config/documentation.js';

await writeFile('docs/configuration.md', configurationPage());
