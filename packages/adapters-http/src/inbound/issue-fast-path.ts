import type { IncomingMessage } from 'node:http';
import { isUuid } from '@org/domain';
import type { Call } from './call.js';
import type { Route } from './route.js';
import { ISSUE_PATH } from './routes/issuing.js';
import { type Gate, serve } from './serve.js';

/** Exactly `{policyId}`, a good one. Whatever else comes is looked at by the rules, which also find the words for it. */
export function isPlainIssue(body: object): boolean {
  let fields = 0;
  for (const name in body)
    if (name === 'policyId') fields += 1;
    else return false;
  const { policyId } = body as { policyId?: unknown };
  return fields === 1 && typeof policyId === 'string' && isUuid(policyId);
}

/** The hot endpoint, spelled as everybody spells it: it needs no router. */
export const isIssue = ({ method, url }: IncomingMessage): boolean => url === ISSUE_PATH && method === 'POST';

const noParams = {};

/** The same steps as for every other endpoint, without the framework around them. */
export const issueFastPath = (gate: Gate, route: Route): ((call: Call) => Promise<void>) => {
  return call => serve(gate, route, call, noParams, isPlainIssue);
};
