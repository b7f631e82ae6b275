import { posix } from 'node:path';
import type { Breach, Project } from './project.js';
import { lineAt } from './source.js';

const link = /\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]*))?\)/g;
const fenced = /^```[\s\S]*?^```/gm;

/** Code is no text: what looks like a link or a heading in it is none. */
const withoutCode = (text: string): string => text.replace(fenced, block => block.replace(/[^\n]/g, ' '));

/** The names that readers of Markdown give to headings. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...withoutCode(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );

/** A link of a document that leads nowhere sends its reader there. */
export function linksLeadSomewhere({ files }: Project): Breach[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const isFolder = (path: string) => files.some(file => file.path.startsWith(`${path}/`));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...withoutCode(text).matchAll(link)].flatMap(({ 0: whole, 1: target = '', 2: anchor, index }) => {
        const to = target === '' ? path : posix.join(posix.dirname(path), target).replace(/\/$/, '');
        const there = texts.get(to);
        const isThere = there === undefined ? isFolder(to) : anchor === undefined || anchorsOf(there).has(anchor);
        return isThere ? [] : [{ rule: 'links-lead-somewhere', path, line: lineAt(text, index), message: whole }];
      }),
    );
}
