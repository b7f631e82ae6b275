import { malformed, type Problem } from './problem.js';
import type { Ask } from './route.js';

const oneTag = /^(W\/)?"([\x21\x23-\x7e]*)"$/;
/** Nothing has this revision: it makes a well-formed tag that isn't ours a conflict. */
const NEVER = -1;

/** The revision that the client saw: `"7"`; null = it doesn't care. */
export function expectedRevision({ call }: Pick<Ask, 'call'>): number | null | Problem {
  const header = call.request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return null;
  const [, weak, tag] = oneTag.exec(header.trim()) ?? [];
  if (tag === undefined)
    return malformed({ field: 'If-Match', value: header, message: 'must be one ETag, as it was answered with' });
  return weak === undefined && /^(0|[1-9]\d{0,8})$/.test(tag) ? Number(tag) : NEVER;
}
