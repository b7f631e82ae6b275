import { createHash } from 'node:crypto';
import type { Door, Outcome } from '@org/application';
import { fieldError, Problem, problemBody, refusedWith } from './problem.js';
import { PROBLEM_TYPE, type Reply } from './reply.js';
import type { Ask } from './route.js';

/** Visible ASCII, bare or as a string of RFC 8941 (`"key"`). */
const bare = /^[\x21-\x7e]{1,255}$/;
const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;

/** The key of the request: null = it has none. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null | Problem {
  if (header === undefined) return null;
  const text = Array.isArray(header) ? header.join(', ') : header;
  const inside = quoted.exec(text)?.[1];
  if (inside !== undefined) return inside;
  if (bare.test(text) && !text.startsWith('"')) return text;
  const error = { field: 'Idempotency-Key', value: text, message: 'must be 1 to 255 visible characters of ASCII' };
  return new Problem('MALFORMED_REQUEST', { errors: [fieldError(error)] });
}

interface Kept {
  readonly status: number;
  readonly headers: readonly string[];
  readonly type: string;
  readonly body: string;
}

/** Successes and refusals of the business; what may turn out otherwise next time leaves the key free. */
const isKept = (status: number) => (status >= 200 && status < 300) || status === 409;

/** Marks an answer that was given before. */
export const REPLAYED = 'Idempotency-Replayed';

const replayed = (response: string): Reply => {
  const kept = JSON.parse(response) as Kept;
  return { ...kept, headers: [...kept.headers, REPLAYED, 'true'] };
};

const fingerprintOf = ({ call, path, raw }: Ask) =>
  createHash('sha256').update(`${call.method} ${path}\n`).update(raw).digest('hex');

/** Goes through the front door of a use case, at most once per key, and turns what came of it into the answer. */
export async function through<Input, Value>(
  ask: Ask,
  door: Door<Input, Value>,
  input: Input,
  render: (value: Value) => Reply,
): Promise<Reply | Problem> {
  const key = idempotencyKeyOf(ask.call.request.headers['idempotency-key']);
  if (key instanceof Problem) return key;
  const answerTo = (outcome: Outcome<Value>) =>
    outcome.accepted ? render(outcome.value) : refusedWith(outcome.refusal, ask.body);
  if (key === null) {
    const answered = await door({ input });
    return answered.kind === 'DONE' ? answerTo(answered.result) : new Problem('INTERNAL_ERROR');
  }
  const owner = ask.caller.sub;
  const request = { owner, key, fingerprint: fingerprintOf(ask) };
  const answer = (outcome: Outcome<Value>) => kept(answerTo(outcome), ask);
  const answered = await door({ input, once: { request, answer } });
  switch (answered.kind) {
    case 'DONE':
      return answerTo(answered.result);
    case 'REPLAY':
      return replayed(answered.response);
    case 'OTHER_REQUEST':
      return new Problem('IDEMPOTENCY_KEY_REUSED');
    case 'IN_FLIGHT':
      return new Problem('IDEMPOTENCY_KEY_IN_FLIGHT', { headers: ['Retry-After', '1'] });
  }
}

function kept(answer: Reply | Problem, { call }: Ask): string | null {
  const { status } = answer;
  if (!isKept(status)) return null;
  const stored: Kept =
    answer instanceof Problem
      ? { status, headers: answer.more.headers ?? [], type: PROBLEM_TYPE, body: problemBody(answer, call) }
      : { status, headers: answer.headers, type: answer.type, body: String(answer.body) };
  return JSON.stringify(stored);
}
