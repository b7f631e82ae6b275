import { InfrastructureError } from '@org/application';
import { answerCodes } from './answer-codes.js';
import type { Caller } from './auth/auth.js';
import { readBody } from './body.js';
import type { Call } from './call.js';
import { callerId, uuid } from './dto/kinds.js';
import { readQuery } from './dto/query.js';
import { NoBody, validated } from './dto/validate.js';
import { idempotencyKeyOf } from './idempotency.js';
import { malformed, Problem } from './problem.js';
import type { RateLimit } from './rate-limits.js';
import type { Responder } from './respond.js';
import type { Route } from './route.js';

/** What stands before every endpoint. */
export interface Gate {
  readonly authenticate: (header: string | undefined) => Caller | Problem;
  /** Who fetched the ticket, which is of no more use then. */
  readonly redeem: (ticket: string) => Promise<Caller | Problem>;
  readonly perUser: RateLimit | null;
  readonly perAddress: RateLimit | null;
  readonly maxBody: number;
  readonly maxLargeBody: number;
  readonly responder: Responder;
}

export type Params = Readonly<Record<string, string>>;

/** Takes a request through all that is asked of it, in this order, and answers it whatever happens. Never rejects. */
export async function serve(gate: Gate, route: Route, call: Call, params: Params): Promise<void> {
  call.route = route.path;
  try {
    const answer = await answerTo(gate, route, call, params);
    if (answer === null) gate.responder.gone(call);
    else gate.responder.send(call, answer);
  } catch (error) {
    gate.responder.send(call, failureOf(call, error));
  }
}

/** What nobody is meant to see: logged with its stack, told as little as possible. */
export function failureOf(call: Call, error: unknown): Problem {
  call.error = error;
  const code = error instanceof InfrastructureError && answerCodes.has(error.code) ? error.code : 'INTERNAL_ERROR';
  return new Problem(code, code === 'INTERNAL_ERROR' ? {} : { headers: ['Retry-After', '1'] });
}

const nobody: Caller = {
  ...{ sub: '', roles: new Set(), actsForOthers: false, seesOthers: false },
  ...{ sessionId: null, expiresAt: 0 },
};
const noQuery = { limit: 0, cursor: null, words: {} };
const noBody = { raw: Buffer.alloc(0), value: {} };

async function answerTo(gate: Gate, route: Route, call: Call, params: Params) {
  const caller =
    route.roles === 'ANYBODY' ? await stranger(gate, route, call) : await admit(gate, route, route.roles, call);
  if (caller instanceof Problem) return caller;
  const bad = badParam(route, params);
  if (bad) return bad;
  const path = route.params ? pathOf(route, params) : route.path;
  const url = call.request.url ?? '';
  const query = route.query || url.includes('?') ? readQuery(url, route.query ?? {}, path) : noQuery;
  if (query instanceof Problem) return query;
  const isRead = route.method === 'GET';
  // A key that could not be kept is wrong even where nothing is kept under it.
  const key = isRead ? null : idempotencyKeyOf(call.request.headers['idempotency-key']);
  if (key instanceof Problem) return key;
  const limit = route.body?.large ? gate.maxLargeBody : gate.maxBody;
  const body = isRead
    ? noBody
    : await readBody(call.request, limit, { mayBeAbsent: route.body?.optional ?? !route.body });
  if (body === null || body instanceof Problem) return body;
  const dto = isRead ? body.value : validated(route.body?.of ?? NoBody, body.value);
  if (dto instanceof Problem) return dto;
  return route.handle({ call, caller, params, query, body: dto, raw: body.raw, path });
}

/** Whoever comes without a token is counted by his address where it matters. */
async function stranger(gate: Gate, { limited = false }: Route, call: Call): Promise<Caller | Problem> {
  return (limited && gate.perAddress && (await gate.perAddress(call.address, call))) || nobody;
}

/** Counts the address first, then looks at the token, then counts the user: strangers can't use up anybody's share. */
async function admit(gate: Gate, route: Route, roles: readonly string[], call: Call): Promise<Caller | Problem> {
  const tooMany = gate.perAddress && (await gate.perAddress(call.address, call));
  if (tooMany) return tooMany;
  const ticket = route.ticketed ? ticketOf(call) : null;
  const caller = ticket === null ? gate.authenticate(call.request.headers.authorization) : await gate.redeem(ticket);
  if (caller instanceof Problem) return caller;
  call.caller = caller;
  const tooManyOfOne = gate.perUser && !caller.seesOthers && (await gate.perUser(caller.sub, call));
  if (tooManyOfOne) return tooManyOfOne;
  for (const role of roles) if (caller.roles.has(role as never)) return caller;
  return new Problem('FORBIDDEN', { data: { rolesAllowed: roles } });
}

/** Browsers can't send a header with everything. Who can and does is known by that. */
function ticketOf({ request: { headers, url = '' } }: Call): string | null {
  if (headers.authorization !== undefined) return null;
  return new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('ticket');
}

/** The answer to something in the path that can't be an id at all. */
function badParam(route: Route, params: Params): Problem | null {
  if (!route.params) return null;
  for (const [name, { form, unknown }] of Object.entries(route.params)) {
    const value = params[name] ?? '';
    const kind = form === 'UUID' ? uuid : callerId;
    if (!kind.isForm(value))
      return unknown === null ? malformed({ field: name, value, message: kind.form }) : new Problem(unknown);
  }
  return null;
}

const pathOf = ({ path }: Route, params: Params) => path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');

/** For what is not in the table: a path or a method of nobody. */
export async function refuse(gate: Gate, call: Call, problem: Problem): Promise<void> {
  const tooMany = gate.perAddress && (await gate.perAddress(call.address, call));
  gate.responder.send(call, tooMany || problem);
}
