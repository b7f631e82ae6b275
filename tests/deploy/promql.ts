/** What a query looks at. */
export interface Query {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
const lists = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/**
 * The names in a query of Prometheus: enough of the language to tell metrics and labels from functions, numbers and
 * what is in quotes.
 */
export function namesIn(query: string): Query {
  const labels: string[] = [];
  const take = (text: string) => {
    labels.push(...text.split(',').map(each => /^\s*([A-Za-z_]\w*)/.exec(each)?.[1] ?? ''));
    return ' ';
  };
  const rest = query
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\{([^}]*)\}/g, (_, matchers: string) => take(matchers))
    .replace(lists, (_, names: string) => take(names));
  const found = [...rest.matchAll(/(?<![\w.])([A-Za-z_:][\w:]*)\b(?!\s*\()/g)].map(([, name = '']) => name);
  return {
    metrics: [...new Set(found.filter(name => !words.has(name.toLowerCase())))],
    labels: [...new Set(labels.filter(name => name !== ''))],
  };
}
