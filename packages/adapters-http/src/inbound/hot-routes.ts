import type { IncomingMessage } from 'node:http';
import { byPath } from './by-path.js';
import type { Route } from './route.js';
import type { Params } from './serve.js';

/** The route of a request, found without the router. */
export interface Found {
  readonly route: Route;
  readonly params: Params;
}

interface Pattern {
  readonly form: RegExp;
  readonly names: readonly string[];
  readonly hot: ReadonlyMap<string, Route>;
}

const noParams: Params = {};
/** What is the same before and after decoding; whatever else is in a path is left to the router. */
const PLAIN = '([A-Za-z0-9._~:-]+)';
const segments = (path: string) => path.split('/').length;
const parameter = /\{(\w+)\}/g;

function patternOf([path, group]: readonly [string, readonly Route[]]): Pattern {
  const literal = path.replace(/[.]/g, '\\.');
  return {
    form: new RegExp(`^${literal.replace(parameter, PLAIN)}$`),
    names: [...path.matchAll(parameter)].map(([, name = '']) => name),
    hot: new Map(group.filter(({ hot }) => hot).map(route => [route.method, route])),
  };
}

/**
 * Finds the hot endpoints, spelled as everybody spells them. The order is that of the router, and whatever is spelled
 * otherwise, has a query, or goes to another endpoint is the router's: null.
 */
export function hotRoutes(routes: readonly Route[]): (request: IncomingMessage) => Found | null {
  const patterns = new Map<number, Pattern[]>();
  const fixed = new Map<string, Pattern>();
  for (const group of byPath(routes)) {
    const [path] = group;
    const pattern = patternOf(group);
    if (pattern.names.length === 0) fixed.set(path, pattern);
    else patterns.set(segments(path), [...(patterns.get(segments(path)) ?? []), pattern]);
  }

  function inPatterns(method: string, url: string): Found | null {
    for (const { form, names, hot } of patterns.get(segments(url)) ?? []) {
      const values = form.exec(url);
      if (!values) continue;
      const route = hot.get(method);
      return route ? { route, params: Object.fromEntries(names.map((name, i) => [name, values[i + 1] ?? ''])) } : null;
    }
    return null;
  }

  return ({ method = '', url = '' }) => {
    const pattern = fixed.get(url);
    if (!pattern) return inPatterns(method, url);
    const route = pattern.hot.get(method);
    return route ? { route, params: noParams } : null;
  };
}
