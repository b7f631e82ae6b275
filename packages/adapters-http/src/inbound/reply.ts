import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  /** Pairs, name then value. */
  readonly headers: readonly string[];
  readonly type: string;
  /** A function takes the connection over once the head is sent (of a 101 it sends that itself), for as long as it likes. */
  readonly body: string | Readable | ((response: ServerResponse) => void);
  /** What a page may load, by directive; absent = nothing. */
  readonly csp?: Readonly<Record<string, readonly string[]>>;
}

export const JSON_TYPE = 'application/json; charset=utf-8';
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Done, and there is nothing to tell. */
export const noContent: Reply = { status: 204, headers: [], type: '', body: '' };

export const json = (status: number, value: unknown, headers: readonly string[] = []): Reply => ({
  status,
  headers,
  type: JSON_TYPE,
  body: JSON.stringify(value),
});
