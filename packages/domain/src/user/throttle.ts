import { accept, type Decider, refuse, type Transitions } from '../decider.js';
import { type Refusal, refusal } from '../refusal.js';
import type { Instant } from '../time.js';

/** Attempts at one thing from one place: what is wrong too often has to wait. */
export type Throttle =
  | { readonly status: 'CLEAR' }
  /** `since` is the first of these attempts. */
  | { readonly status: 'COUNTING'; readonly attempts: number; readonly since: Instant }
  /** `until` is exclusive. */
  | { readonly status: 'LOCKED'; readonly until: Instant };

export interface ThrottleLimits {
  /** The attempt of this number is the last one before the lock. */
  readonly attempts: number;
  /** How long attempts are remembered. */
  readonly windowMs: number;
  readonly lockMs: number;
}

export type ThrottleCommand =
  /** Counted before anybody knows how it ends, so that a thousand at a time are counted too. */
  | { readonly type: 'Attempt'; readonly limits: ThrottleLimits; readonly at: Instant }
  /** It went well: what was counted before is forgotten. */
  | { readonly type: 'Clear' };

export type ThrottleEvent =
  | { readonly type: 'AttemptCounted'; readonly attempts: number; readonly since: Instant }
  | { readonly type: 'Locked'; readonly until: Instant }
  | { readonly type: 'Cleared' };

export type ThrottleRefusal = Refusal<'TOO_MANY_ATTEMPTS'>;

/** Which events may follow each status, and where they lead. */
export const throttleTransitions = {
  CLEAR: { AttemptCounted: 'COUNTING' },
  COUNTING: { AttemptCounted: 'COUNTING', Locked: 'LOCKED', Cleared: 'CLEAR' },
  LOCKED: { AttemptCounted: 'COUNTING', Cleared: 'CLEAR' },
} as const satisfies Transitions<Throttle['status'], ThrottleEvent['type']>;

/** Why nothing may be tried now; null = it may. */
export function throttleRefusal(state: Throttle, at: Instant): ThrottleRefusal | null {
  if (state.status !== 'LOCKED' || at >= state.until) return null;
  const retryAfterSeconds = Math.ceil((state.until - at) / 1000);
  return refusal('TOO_MANY_ATTEMPTS', { retryAt: state.until, retryAfterSeconds });
}

/** The rules of lock-out (rule 19): so many attempts within a window, then a lock by the time of the store. */
export const throttle: Decider<Throttle, ThrottleCommand, ThrottleEvent, ThrottleRefusal> = {
  initial: { status: 'CLEAR' },
  decide(state, command) {
    if (command.type === 'Clear') return state.status === 'CLEAR' ? accept() : accept({ type: 'Cleared' });
    const { limits, at } = command;
    const no = throttleRefusal(state, at);
    if (no) return refuse(no);
    const goesOn = state.status === 'COUNTING' && at < state.since + limits.windowMs;
    const attempts = goesOn ? state.attempts + 1 : 1;
    const counted: ThrottleEvent = { type: 'AttemptCounted', attempts, since: goesOn ? state.since : at };
    return attempts < limits.attempts
      ? accept(counted)
      : accept<ThrottleEvent>(counted, { type: 'Locked', until: at + limits.lockMs });
  },
  evolve(_, event) {
    switch (event.type) {
      case 'AttemptCounted':
        return { status: 'COUNTING', attempts: event.attempts, since: event.since };
      case 'Locked':
        return { status: 'LOCKED', until: event.until };
      case 'Cleared':
        return { status: 'CLEAR' };
    }
  },
};
