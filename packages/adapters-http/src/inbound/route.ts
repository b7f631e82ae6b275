import type { Caller, Role } from './auth/auth.js';
import type { Call } from './call.js';
import type { Parameters, Query } from './dto/query.js';
import type { Problem } from './problem.js';
import type { Reply } from './reply.js';
import type { Shape } from './views/shapes.js';

/** What a handler is told: everything is read and checked. */
export interface Ask<Dto = object> {
  readonly call: Call;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Dto;
  /** The bytes of the body. */
  readonly raw: Buffer;
  /** Decoded parameters in the pattern of the route: what the request is about, whatever the spelling of the URL. */
  readonly path: string;
}

/** JSON has a shape and an example, anything else the type of what it is. Neither: there is no body. */
export type Answer = { readonly description: string } & (
  | { readonly shape: Shape; readonly example: unknown; readonly type?: never }
  | { readonly type?: string; readonly example?: string; readonly shape?: never }
);

/** One endpoint: the router, the document and the tests are made from this. */
export interface Route<Dto = object> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As OpenAPI writes it: `/api/v1/coupons/{couponId}`. */
  readonly path: string;
  readonly name: string;
  readonly area: string;
  readonly summary: string;
  /** Who may; `ANYBODY` needs no token. */
  readonly roles: readonly Role[] | 'ANYBODY';
  /** Whether sales call it so often that it is found without the router. */
  readonly hot?: boolean;
  /** Whether requests without a token count for the limit per address, as all others do. */
  readonly limited?: boolean;
  /** The code of the 404 when a parameter of the path can't be an id at all; null = it is that of something new: 400. */
  readonly params?: Readonly<Record<string, { readonly form: 'UUID' | 'ID'; readonly unknown: string | null }>>;
  readonly query?: Parameters;
  /** Whether `?ticket=` stands in for a token. */
  readonly ticketed?: boolean;
  /** What a good answer becomes: a connection that stays. */
  readonly connects?: 'SSE' | 'WEB_SOCKET';
  readonly body?: {
    readonly of: new () => Dto;
    /** Examples that the tests send. */
    readonly examples: readonly object[];
    readonly large?: boolean;
    /** Whether no body at all is the same as an empty object. */
    readonly optional?: boolean;
  };
  /** Whether the answer is kept under an Idempotency-Key. */
  readonly keyed?: boolean;
  /** Whether If-Match is looked at. */
  readonly conditional?: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes that this endpoint refuses with, beside those that every endpoint has. */
  readonly refusals?: readonly string[];
  handle(ask: Ask<Dto>): Promise<Reply | Problem> | Reply | Problem;
}

/** A route in the table, whatever its body. */
export const route = <Dto extends object>(declared: Route<Dto>): Route => declared as unknown as Route;
