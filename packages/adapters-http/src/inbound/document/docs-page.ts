import { createHash } from 'node:crypto';
import { answerCodes } from '../answer-codes.js';
import type { Reply } from '../reply.js';
import type { Route } from '../route.js';
import { refusalsOf } from './openapi.js';

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; }
pre { background: var(--soft); border-radius: .5rem; padding: .75rem; overflow-x: auto; font-size: .85rem; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
:target { outline: 2px solid; }
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const html = (text: string) => text.replace(/[&<>"']/g, character => entities[character] ?? character);
const pretty = (value: unknown) => html(typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** A line for a shell, with `$TOKEN` and `$HOST` to be set. */
export function curlOf({ method, path, roles, body }: Route): string {
  const parts = [
    'curl -i',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    `"$HOST${path.replace(/\{(\w+)\}/g, '$$$1')}"`,
  ];
  if (roles !== 'ANYBODY') parts.push('-H "Authorization: Bearer $TOKEN"');
  if (body) {
    const example = JSON.stringify(body.examples[0]).replaceAll("'", "'\\''");
    parts.push("-H 'Content-Type: application/json'", `-d '${example}'`);
  }
  return parts.join(' \\\n  ');
}

const codeLinks = (route: Route) =>
  [...new Set(refusalsOf(route))].map(code => `<a href="#${code}"><code>${code}</code></a>`).join(', ');

function section(route: Route): string {
  const { method, path, name, summary, roles, body, answers } = route;
  const requests = (body?.examples ?? []).map(example => `<pre>${pretty(example)}</pre>`).join('');
  const replies = Object.entries(answers).map(
    ([status, { description, example }]) =>
      `<h4>${status}: ${html(description)}</h4>${example === undefined ? '' : `<pre>${pretty(example)}</pre>`}`,
  );
  const refusals = codeLinks(route);
  return `<details id="${name}"><summary><strong>${method}</strong> <code>${html(path)}</code> ${html(summary)}</summary>
<p>${roles === 'ANYBODY' ? 'No token needed.' : `Roles: ${roles.join(', ')}.`}</p>
<pre>${html(curlOf(route))}</pre>
${requests === '' ? '' : `<h4>Request</h4>${requests}`}
${replies.join('\n')}
${refusals === '' ? '' : `<h4>Refusals</h4><p>${refusals}</p>`}
</details>`;
}

const documentOfEvents = (routes: readonly Route[]): string =>
  routes.some(({ path }) => path === '/asyncapi.json')
    ? '\n<p>What happens here is told by events: an <a href="/asyncapi.json">AsyncAPI document</a>.</p>'
    : '';

function page(routes: readonly Route[]): string {
  const areas = [...new Set(routes.map(({ area }) => area))];
  const idOf = (area: string) => area.toLowerCase().replaceAll(' ', '-');
  const sections = areas.map(area => {
    const own = routes.filter(route => route.area === area).map(section);
    return `<h2 id="${idOf(area)}">${area}</h2>\n${own.join('\n')}`;
  });
  const codes = [...answerCodes].map(
    ([code, { status, meaning }]) =>
      `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${html(meaning)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Commerce promotions: API</title><style>${style}</style></head>
<body><h1>Commerce promotions</h1>
<p>The same as an <a href="/openapi.json">OpenAPI document</a>. The lines for a shell want
<code>HOST</code>, the address of this page up to <code>/docs</code>, and <code>TOKEN</code>, a token with one of the roles.</p>${documentOfEvents(routes)}
<nav>${areas.map(area => `<a href="#${idOf(area)}">${area}</a>`).join('')}<a href="#codes">Codes</a></nav>
${sections.join('\n')}
<h2 id="codes">Codes</h2>
<table><thead><tr><th>status</th><th>code</th><th>meaning</th></tr></thead><tbody>${codes.join('\n')}</tbody></table>
</body></html>
`;
}

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
const csp = {
  'default-src': ["'none'"],
  'style-src': [styleHash],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The page is plain HTML without a script: it works offline, and its policy lets nothing in. */
export const docsPage = (routes: readonly Route[]): Reply => ({
  status: 200,
  headers: [],
  type: 'text/html; charset=utf-8',
  body: page(routes),
  csp,
});
