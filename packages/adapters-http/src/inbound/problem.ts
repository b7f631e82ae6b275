import { outward } from '@org/application';
import { parseInstant, type Refusal, type Violation } from '@org/domain';
import { answerCodes, statusOf, titleOf } from './answer-codes.js';
import {
  about,
  anything,
  type Body,
  listOf,
  matching,
  named,
  object,
  open,
  optional,
  text,
  uriReference,
  whole,
  word,
} from './views/shapes.js';

/** One field of a request that is wrong. `value` is shortened, and left out where it is a secret. */
export interface FieldError {
  readonly field: string;
  readonly value?: unknown;
  readonly message: string;
}

/** Why a request is not done. A value, not an error: refusing is what servers do in a rush. */
export class Problem {
  readonly status: number;

  constructor(
    readonly code: string,
    readonly more: {
      readonly data?: Readonly<Record<string, unknown>>;
      readonly errors?: readonly FieldError[];
      /** Pairs, name then value. */
      readonly headers?: readonly string[];
      /** What happened, if that says more than the meaning of the code. */
      readonly detail?: string;
    } = {},
  ) {
    this.status = statusOf(code);
  }
}

const LONGEST_ECHO = 100;

const shortened = (text: string) => `${text.slice(0, LONGEST_ECHO).replace(/\p{Surrogate}/gu, '')}…`;

/** A value as it is told back: short enough for a log line, whatever was sent. */
export function echo(value: unknown): unknown {
  if (typeof value === 'string') return value.length > LONGEST_ECHO ? shortened(value) : value;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const text = JSON.stringify(value);
  return text.length > LONGEST_ECHO ? shortened(text) : value;
}

/** Fields whose value is never told back, not even to who sent it: answers end up in logs and screenshots. */
const secretFields = /(?:^|\.)(?:password|currentPassword|newPassword|token|refreshToken|access_token|ticket)$/;

export const fieldError = ({ field, value, message }: Violation): FieldError =>
  secretFields.test(field) ? { field, message } : { field, value: echo(value), message };

export const malformed = (...errors: readonly Violation[]): Problem =>
  new Problem('MALFORMED_REQUEST', { errors: errors.map(fieldError) });

export const unprocessable = (...errors: readonly Violation[]): Problem =>
  new Problem('UNPROCESSABLE_REQUEST', { errors: errors.map(fieldError) });

/** RFC 9110: who is turned away with 401 is told how to come back. */
export const challenge = (more = ''): readonly string[] => ['WWW-Authenticate', `Bearer realm="promotions"${more}`];

/** Members that RFC 9457 and this API have taken; data of the same name steps aside. */
const renamed: Readonly<Record<string, string>> = {
  status: 'currentStatus',
  code: 'couponCode',
  type: 'kind',
  title: 'name',
  detail: 'reason',
  instance: 'subject',
  traceId: 'trace',
  errors: 'mistakes',
};

/** Data of a refusal for the outside: instants as RFC 3339 in UTC, long texts shortened. */
export const dataForClients = (data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : typeof value === 'string' ? echo(value) : outward(name, value),
    ]),
  );

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What a body has at `lines[0].quantity`. */
const valueAt = (body: object, field: string) =>
  field
    .split(/[.[\]]+/)
    .filter(name => name !== '')
    .reduce<unknown>((value, name) => (isObject(value) ? Reflect.get(value, name) : undefined), body);

/** The core judges instants: who sent text is told his text. */
function asSent(body: object, violation: Violation): Violation {
  const { field, value } = violation;
  const sent = typeof value === 'number' ? valueAt(body, field) : null;
  return typeof sent === 'string' && parseInstant(sent) === value ? { ...violation, value: sent } : violation;
}

const isViolations = (value: unknown): value is readonly Violation[] => Array.isArray(value);

/** A refusal of the core as the answer of the API; `body` is what was refused. */
export function refusedWith({ code, data }: Refusal, body: object = {}): Problem {
  const { violations, ...rest } = data;
  const extensions = Object.fromEntries(
    Object.entries(dataForClients(rest)).map(([name, value]) => [renamed[name] ?? name, value]),
  );
  return new Problem(code, {
    data: extensions,
    headers: [
      ...(typeof rest.retryAfterSeconds === 'number' ? ['Retry-After', String(rest.retryAfterSeconds)] : []),
      ...(statusOf(code) === 401 ? challenge() : []),
    ],
    ...(isViolations(violations) && { errors: violations.map(violation => fieldError(asSent(body, violation))) }),
  });
}

/** What every problem says of the request that met it. */
export interface Place {
  readonly path: string;
  readonly traceId: string;
}

export const problem = named(
  'Problem',
  about(
    open({
      type: uriReference,
      title: text,
      status: whole(400),
      detail: text,
      instance: uriReference,
      code: word(...answerCodes.keys()),
      traceId: matching('^[0-9a-f]{32}$'),
      errors: optional(listOf(object({ field: text, value: optional(anything), message: text }))),
    }),
    'RFC 9457. The data of a refusal stands beside these members; times are RFC 3339.',
  ),
);

/** The body of the answer. */
export function problemBody({ code, status, more }: Problem, { path, traceId }: Place): string {
  const { errors, data, detail } = more;
  const first = errors?.[0];
  const summary = first ? `${first.field === '' ? 'The body' : first.field} ${first.message}.` : undefined;
  const body: Body<typeof problem> = {
    type: `/docs#${code}`,
    title: titleOf(code),
    status,
    detail: detail ?? summary ?? answerCodes.get(code)?.meaning ?? titleOf(code),
    instance: path,
    code,
    traceId,
    ...(errors && { errors }),
    ...data,
  };
  return JSON.stringify(body);
}
