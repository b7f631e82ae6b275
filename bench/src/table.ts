export type Cell = string | number;

/** A figure as it is printed: a title, what was measured, and the limit beside it. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Conditions and verdicts, a line each. */
  readonly notes?: readonly string[];
}

const shown = (cell: Cell) =>
  typeof cell === 'string'
    ? cell
    : cell >= 100
      ? Math.round(cell).toLocaleString('en-US')
      : Number(cell.toPrecision(3)).toString();

/** Markdown, with columns that line up in a terminal as well. */
export function render({ title, columns, rows, notes = [] }: Table): string {
  const cells = [columns, ...rows.map(row => row.map(shown))];
  const widths = columns.map((_, i) => Math.max(...cells.map(row => (row[i] ?? '').length)));
  const [head = [], ...body] = cells;
  const isText = columns.map((_, i) => i === 0 || body.some(row => /[a-z]{4}/i.test(row[i] ?? '')));
  const pad = (cell: string, i: number) => (isText[i] ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0));
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (isText[i] ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [`### ${title}`, '', line(head), rule, ...body.map(line), '', ...notes.map(note => `- ${note}`), ''].join(
    '\n',
  );
}
