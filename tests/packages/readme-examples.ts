export interface Example {
  readonly language: 'ts' | 'js' | 'cjs';
  /** What stands after the language, for example `no-run` for a program that needs a server. */
  readonly notes: string;
  readonly code: string;
  /** The line of its first line, so that a failure can be found. */
  readonly line: number;
}

const fence = /^```(ts|js)\b[ \t]*(.*)\n([\s\S]*?)^```$/gm;

/** The programs in a Markdown text. JavaScript that calls `require` is CommonJS. */
export const examplesIn = (markdown: string): Example[] =>
  [...markdown.matchAll(fence)].map(({ 1: language, 2: notes = '', 3: code = '', index }) => ({
    language: language === 'ts' ? 'ts' : /\brequire\(/.test(code) ? 'cjs' : 'js',
    notes,
    code,
    line: markdown.slice(0, index).split('\n').length + 1,
  }));

const namedFence = /^<!-- file: (\S+) -->\n+```ts\n([\s\S]*?)^```$/gm;

/** The files of a guide: what follows `<!-- file: name.ts -->`. They import each other. */
export const filesIn = (markdown: string): { readonly name: string; readonly code: string }[] =>
  [...markdown.matchAll(namedFence)].map(({ 1: name = '', 2: code = '' }) => ({ name, code }));
