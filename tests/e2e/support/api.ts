import { randomUUID } from 'node:crypto';
import { type Role, signToken } from '../../../examples/service/src/tokens.js';
import { secret } from './service-process.js';

export interface Answer {
  readonly status: number;
  /** The bytes as text. */
  readonly text: string;
  readonly headers: Headers;
  readonly body: Body;
}

/** What is read most; whether it is there is checked by the expectations, not by the compiler. */
export interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly couponId: string;
  readonly reservationId: string;
  readonly jobId: string;
  readonly code: string;
  readonly status: string;
}

export interface Caller {
  readonly sub: string;
  readonly roles: readonly Role[];
}

export const operator: Caller = { sub: 'operator-1', roles: ['operator'] };
export const aService: Caller = { sub: 'checkout', roles: ['service'] };
/** Somebody whom no other test knows. */
export const aShopper = (name = 'shopper'): Caller => ({ sub: `${name}-${randomUUID()}`, roles: ['shopper'] });

export const tokenOf = ({ sub, roles }: Caller, ttlSeconds = 3_600) =>
  signToken({ algorithm: 'HS256', secret }, { sub, roles, ttlSeconds, issuer: 'promotions', audience: 'promotions' });

export interface CallOptions {
  readonly as?: Caller;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export class Api {
  constructor(readonly url: string) {}

  async call(method: Method, path: string, { as, body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      // What the service answers, not where it leads to.
      redirect: 'manual',
      headers: {
        ...(as && { authorization: `Bearer ${tokenOf(as)}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // A stream of events has no end to wait for.
    const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (isEndless) await response.body?.cancel();
    const text = isEndless ? '' : await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, text, headers: response.headers, body: isJson ? JSON.parse(text) : {} };
  }

  /** An active policy; what the test is about is in `terms`. */
  async policy(terms: object = {}): Promise<string> {
    const body = {
      name: 'A sale',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 3000 },
      issuance: ['FIRST_COME'],
      ...terms,
    };
    const created = await this.call('POST', '/api/v3/coupon-policies', { as: operator, body });
    if (created.status !== 201) throw new Error(`no policy: ${created.text}`);
    const activated = await this.call('POST', `/api/v3/coupon-policies/${created.body.id}/activate`, { as: operator });
    if (activated.status !== 200) throw new Error(`no active policy: ${activated.text}`);
    return created.body.id;
  }

  issue(as: Caller, policyId: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('POST', '/api/v1/coupons/issue', { as, body: { policyId }, headers });
  }

  /** A coupon that this shopper has. */
  async coupon(as: Caller, policyId: string): Promise<string> {
    const issued = await this.issue(as, policyId);
    if (issued.status !== 201) throw new Error(`no coupon: ${issued.text}`);
    return issued.body.couponId;
  }

  reserve(as: Caller, couponId: string, more: object = {}): Promise<Answer> {
    const orderAmount = { amount: 20_000, currency: 'KRW' };
    const body = {
      reservationId: randomUUID(),
      couponId,
      orderNumber: 'order-1',
      orderAmount,
      ttlSeconds: 60,
      ...more,
    };
    return this.call('POST', '/api/v1/coupons/reserve', { as, body });
  }
}
