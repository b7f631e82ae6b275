import { InfrastructureError } from './errors.js';

/** What a gate has to know of a campaign, as the store has it. */
export interface GateTerms {
  /** Of the policy: whoever knows of another one is let in by the store alone. */
  readonly revision: number;
  readonly total: number;
  /** Null = as many as one likes. */
  readonly perUser: number | null;
  /** Coupons that were issued so far. */
  readonly issued: number;
  /** How many of them each user has. */
  readonly holders: ReadonlyMap<string, number>;
}

export interface GateWish {
  /** Unique; the same one again gets the same place. */
  readonly requestId: string;
  readonly userId: string;
}

/**
 * - `ADMITTED`: a slot is taken for the request until it is settled; `place` is the sequence that it will probably get.
 * - `ALREADY`, `SOLD_OUT`: for certain, of coupons that are issued.
 * - `UNDECIDED`: it hangs on admitted requests that may still fail: ask the store.
 * - `UNKNOWN`: there is no gate for this revision of the campaign.
 */
export type Admission =
  | { readonly kind: 'ADMITTED'; readonly place: number }
  | { readonly kind: 'ALREADY' | 'SOLD_OUT' | 'UNDECIDED' | 'UNKNOWN' };

/** What became of admitted requests. */
export interface SettledSlots {
  readonly issued: readonly string[];
  /** Their slots are free again. */
  readonly givenBack: readonly string[];
}

export interface GateState {
  readonly revision: number;
  readonly total: number;
  readonly issued: number;
  /** Slots that are taken and not settled. */
  readonly pending: number;
  /** Those among them that are older than was asked for: whoever took them has probably died. */
  readonly stale: number;
}

/**
 * Stands before the store and turns away those for whom nothing is left. It never gives anything: every admitted
 * request is decided again by the store, so that losing a gate loses nothing and a gate that admits too many costs time.
 * It refuses only what the store would refuse.
 */
export interface QuotaGate {
  /**
   * Opens the gate of a campaign anew; what was pending is forgotten.
   * @returns false when somebody else is at it
   */
  open(campaign: string, terms: GateTerms): Promise<boolean>;
  /** One answer per wish, in their order. @throws GateUnavailableError */
  admit(campaign: string, revision: number, wishes: readonly GateWish[]): Promise<readonly Admission[]>;
  /** Requests that have no slot are passed over. @throws GateUnavailableError */
  settle(campaign: string, settlement: SettledSlots): Promise<void>;
  /** Null = there is no gate. @throws GateUnavailableError */
  state(campaign: string, staleAfterMs: number): Promise<GateState | null>;
  /** Takes the gate away: the store decides alone. @throws GateUnavailableError */
  close(campaign: string): Promise<void>;
}

/** The gate can't be reached: the store decides alone. */
export class GateUnavailableError extends InfrastructureError {
  readonly code = 'GATE_UNAVAILABLE';
}
