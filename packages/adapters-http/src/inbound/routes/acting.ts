import type { Origin } from '@org/application';
import type { Caller } from '../auth/auth.js';
import type { Call } from '../call.js';
import { malformed, Problem } from '../problem.js';

export const originOf = ({ call, caller }: { readonly call: Call; readonly caller: Caller }): Origin => ({
  actor: caller.sub,
  traceparent: call.traceparent,
});

/**
 * The user that a call is for: the caller, or whom a service or operator names. A token that can't shop for itself
 * has to name somebody.
 */
export function userOf(caller: Caller, named: string | null | undefined): string | Problem {
  if (named !== undefined && named !== null) {
    if (named === caller.sub || caller.actsForOthers) return named;
    return new Problem('FORBIDDEN', { detail: 'userId names somebody else.' });
  }
  if (caller.roles.has('shopper')) return caller.sub;
  return malformed({ field: 'userId', value: null, message: 'is required of a token that is not a shopper' });
}

/** Whose coupon it must be: the caller's; a service or operator reaches anybody's, or the one of whom he names. */
export function ownerOf(caller: Caller, named: string | null | undefined): string | null | Problem {
  if (named !== undefined && named !== null) return userOf(caller, named);
  return caller.actsForOthers ? null : caller.sub;
}
