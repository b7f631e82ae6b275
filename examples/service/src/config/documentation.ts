import type { Setting } from './setting.js';
import { settings } from './settings.js';

const shown = (fallback: string | null) => (fallback ? `\`${fallback}\`` : '–');

/** docs/configuration.md, made of the table that the program reads. */
export function configurationPage(): string {
  const rows = Object.values<Setting<unknown>>(settings).map(
    ({ variable, fallback, about }) => `| \`${variable}\` | ${shown(fallback)} | ${about} |`,
  );
  return `# Configuration

The service is configured by its environment, which is checked before anything starts: a malformed value, or a slip in
the name of a variable, ends the start with exit code 2 and a line that names it. An empty value counts as not set.
This page is generated: \`npm run docs:config\`.

| variable | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}
