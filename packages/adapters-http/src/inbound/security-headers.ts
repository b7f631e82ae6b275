import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** What helmet would set on every answer, worked out once: pairs, name then value. `csp` = sources by directive. */
export function securityHeaders(csp: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const headers: string[] = [];
  const recorder = {
    setHeader: (name: string, value: string | number) => headers.push(name, String(value)),
    removeHeader: () => {},
  };
  const directives = Object.fromEntries(Object.entries(csp).map(([name, sources]) => [name, [...sources]]));
  const middleware = helmet({ contentSecurityPolicy: { useDefaults: false, directives } });
  middleware({} as IncomingMessage, recorder as unknown as ServerResponse, () => {});
  return headers;
}

/** An answer of the API is data: no browser has anything to load or to frame. */
export const apiPolicy = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };
