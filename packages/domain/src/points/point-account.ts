import type { Transitions } from '../decider.js';
import type { PointId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { PointFigures, PointTransfer } from './ledger.js';

/** A part of an earning or spending that was taken back under a key of its own. */
export interface PointReversal {
  readonly key: string;
  readonly points: number;
}

/** One earning, and where its points are now. Points are whole. */
export interface PointLot {
  readonly pointId: PointId;
  readonly status: 'EARNED' | 'CANCELLED';
  readonly points: number;
  /** Place among the earnings of the user, from 1. */
  readonly position: number;
  readonly key: string;
  /** What was asked for under the key, to tell the same again from something else. */
  readonly content: string;
  readonly orderNumber: string | null;
  readonly earnedAt: Instant;
  readonly availableAt: Instant;
  /** Null = never. */
  readonly expiresAt: Instant | null;
  readonly pending: number;
  readonly available: number;
  readonly held: number;
  readonly expired: number;
  /** Owed because the earning was taken back when its points were gone. */
  readonly debt: number;
  /** Taken back of the earning so far. */
  readonly reversed: number;
  readonly reversals: readonly PointReversal[];
}

export type PointSpendingKind = 'USE' | 'HOLD';
export type PointSpendingStatus = 'HELD' | 'POSTED' | 'VOIDED' | 'EXPIRED' | 'CANCELLED';

/** Points of some lots that were spent at once (USE), or in two phases (HOLD). */
export interface PointSpending {
  readonly pointId: PointId;
  readonly kind: PointSpendingKind;
  readonly status: PointSpendingStatus;
  readonly points: number;
  readonly key: string;
  readonly content: string;
  readonly orderNumber: string;
  /** When a hold is over unless it was posted; null for a USE. */
  readonly until: Instant | null;
  /** In the order in which lots are spent. */
  readonly parts: readonly PointPart[];
  /** What came back of it after it was spent. */
  readonly returned: number;
  readonly reversals: readonly PointReversal[];
}

export interface PointPart {
  readonly lotId: PointId;
  readonly points: number;
}

/** The book of one user, or as much of it as a decision needs: what is alive, and what the commands name. */
export interface PointAccount {
  readonly figures: PointFigures;
  /** How many earnings there were. */
  readonly earnings: number;
  readonly lots: readonly PointLot[];
  readonly spendings: readonly PointSpending[];
}

/** `ALLOWED`: an earning can be taken back when its points are gone, and later earnings pay. `REFUSED`: it can't. */
export type PointsDebt = 'ALLOWED' | 'REFUSED';

interface Keyed {
  readonly pointId: PointId;
  readonly key: string;
  readonly content: string;
  readonly points: number;
}

export type PointCommand = { readonly at: Instant } & (
  | ({
      readonly type: 'Earn';
      readonly reason: string | null;
      readonly orderNumber: string | null;
      /** Null = at once. */
      readonly availableAt: Instant | null;
      readonly expiresAt: Instant | null;
    } & Keyed)
  | ({ readonly type: 'Use'; readonly orderNumber: string } & Keyed)
  | ({ readonly type: 'Hold'; readonly orderNumber: string; readonly until: Instant } & Keyed)
  /** Null = all that is held; the rest goes back. */
  | { readonly type: 'Post'; readonly pointId: PointId; readonly points: number | null }
  | { readonly type: 'Void'; readonly pointId: PointId }
  | {
      readonly type: 'Cancel';
      readonly pointId: PointId;
      readonly reason: string | null;
      readonly debt: PointsDebt;
    }
  | { readonly type: 'Return'; readonly pointId: PointId; readonly points: number; readonly key: string }
  | {
      readonly type: 'Reverse';
      readonly pointId: PointId;
      readonly points: number;
      readonly key: string;
      readonly debt: PointsDebt;
    }
  | { readonly type: 'Settle' }
);

interface Happened {
  readonly pointId: PointId;
  readonly at: Instant;
  readonly transfers: readonly PointTransfer[];
}
type Asked = Omit<Keyed, 'pointId'>;
type Reversed = PointReversal;

export type PointEvent = Happened &
  (
    | ({
        readonly type: 'PointsEarned';
        readonly reason: string | null;
        readonly orderNumber: string | null;
        readonly availableAt: Instant;
        readonly expiresAt: Instant | null;
      } & Asked)
    | ({ readonly type: 'PointsUsed'; readonly orderNumber: string } & Asked)
    | ({ readonly type: 'PointsHeld'; readonly orderNumber: string; readonly until: Instant } & Asked)
    | { readonly type: 'HoldPosted'; readonly points: number }
    | { readonly type: 'HoldVoided' }
    | { readonly type: 'HoldExpired' }
    | { readonly type: 'PointsMatured'; readonly points: number }
    | { readonly type: 'PointsExpired'; readonly points: number }
    | { readonly type: 'UseCancelled'; readonly points: number; readonly reason: string | null }
    | { readonly type: 'EarningCancelled'; readonly points: number; readonly reason: string | null }
    | ({ readonly type: 'UseReturned' } & Reversed)
    | ({ readonly type: 'EarningReversed' } & Reversed)
  );

export type PointRefusal = Refusal<
  | 'INSUFFICIENT_POINTS'
  | 'POINTS_NEVER_USABLE'
  | 'POINT_LIMIT_REACHED'
  | 'POINT_KEY_REUSED'
  | 'POINT_NOT_FOUND'
  | 'POINT_NOT_CANCELLABLE'
  | 'POINTS_SPENT'
  | 'POINTS_NOT_RETURNABLE'
  | 'POINT_HOLD_EXPIRED'
  | 'POINT_HOLD_NOT_ACTIVE'
  | 'POINT_HOLD_EXCEEDED'
>;

/** A hold ends once; what was spent can come back once. */
export const spendingTransitions = {
  NONE: { PointsUsed: 'POSTED', PointsHeld: 'HELD' },
  HELD: { HoldPosted: 'POSTED', HoldVoided: 'VOIDED', HoldExpired: 'EXPIRED' },
  POSTED: { UseReturned: 'POSTED', UseCancelled: 'CANCELLED' },
  VOIDED: {},
  EXPIRED: {},
  CANCELLED: {},
} as const satisfies Transitions<PointSpendingStatus | 'NONE', PointEvent['type']>;

/** Points of a cancelled earning can still come back from a use, mature no more, and expire again. */
export const earningTransitions = {
  NONE: { PointsEarned: 'EARNED' },
  EARNED: {
    PointsMatured: 'EARNED',
    PointsExpired: 'EARNED',
    EarningReversed: 'EARNED',
    EarningCancelled: 'CANCELLED',
  },
  CANCELLED: { PointsExpired: 'CANCELLED' },
} as const satisfies Transitions<PointLot['status'] | 'NONE', PointEvent['type']>;
