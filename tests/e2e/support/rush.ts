import { load, postRequest } from '../../../examples/service/src/demo/http-load.js';
import { tokenOf } from './api.js';

export interface Rush {
  readonly port: number;
  readonly policyId: string;
  /** Users in the order in which they ask; a user may come more than once. */
  readonly users: readonly string[];
  readonly connections?: number;
  /** Default: the endpoint whose strategy is configured. */
  readonly path?: string;
  readonly onAnswer?: (index: number, status: number, body: string) => void;
}

/** First come, first served, by the strategy that is configured. */
const ISSUE = '/api/v1/coupons/issue';
/** The same under a lock. */
export const UNDER_LOCK = '/api/v2/coupons';

/** Everybody asks for a coupon of one policy, over real sockets. Answers the coupons that clients were told about. */
export async function rush({ port, policyId, users, connections = 64, path = ISSUE, onAnswer }: Rush) {
  const body = JSON.stringify({ policyId });
  const requests = users.map(sub => postRequest('localhost', path, tokenOf({ sub, roles: ['shopper'] }), body));
  const told = new Map<string, { readonly couponId: string; readonly sequence: number; readonly userId: string }>();
  const codes = new Map<string, number>();
  const { statuses } = await load({
    host: '127.0.0.1',
    port,
    connections,
    requests: requests.length,
    request: index => requests[index] as Buffer,
    onAnswer(index, status, text) {
      if (status === 201) {
        const coupon = JSON.parse(text);
        told.set(coupon.couponId, coupon);
      }
      const code = status === 201 ? 'ISSUED' : (/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? `status ${status}`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      onAnswer?.(index, status, text);
    },
  });
  return { told, codes, statuses };
}

export const usersOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);
