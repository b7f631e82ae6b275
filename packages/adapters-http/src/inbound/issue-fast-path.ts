import type { IncomingMessage } from 'node:http';
import type { Call } from './call.js';
import type { Route } from './route.js';
import { ISSUE_PATH } from './routes/issuing.js';
import { type Gate, serve } from './serve.js';

/** The hot endpoint, spelled as everybody spells it: it needs no router. */
export const isIssue = ({ method, url }: IncomingMessage): boolean => url === ISSUE_PATH && method === 'POST';

const noParams = {};

/** The same steps as for every other endpoint, without the framework around them. */
export const issueFastPath = (gate: Gate, route: Route): ((call: Call) => Promise<void>) => {
  return call => serve(gate, route, call, noParams);
};
