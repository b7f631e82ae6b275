import { type IssueRefusal, type IssueWay, issueClosed, refusal } from '@org/domain';
import type { Adapters } from './adapters.js';
import { coalesce } from './coalesce.js';
import { type Outcome, refused } from './outcome.js';
import type { PolicyView } from './ports/coupon-queries.js';
import type { Admission, GateWish } from './ports/quota-gate.js';
import type { Answered, Item } from './use-case.js';
import type { IssueInput, ObtainedCoupon } from './use-cases/coupon/issue-coupons.js';

interface Known {
  readonly revision: number;
  readonly total: number;
  readonly perUser: number | null;
  readonly ways: readonly IssueWay[];
  readonly checkedAt: number;
}

export interface GateKeeperOptions {
  /** How long what was seen of a campaign is believed without looking again, ms. Default 1,000. */
  readonly recheckAfterMs?: number;
  /** A request that was admitted this long ago and not settled has died: its slot is given back, ms. Default 10,000. */
  readonly staleAfterMs?: number;
  /** Campaigns with more holders than this have no gate. Default 200,000. */
  readonly maxHolders?: number;
}

type Issued = Answered<Outcome<ObtainedCoupon>>;
type Issue = (item: Item<IssueInput, Outcome<ObtainedCoupon>>) => Promise<Issued>;
type Stores = Pick<Adapters, 'quotaGate' | 'queries' | 'stopwatch' | 'ids'>;

interface Visit extends GateWish {
  readonly policyId: string;
  readonly revision: number;
}

interface Departure {
  readonly policyId: string;
  readonly requestId: string;
  readonly isIssued: boolean;
}

/**
 * Stands at the gates of the campaigns: whoever is admitted goes on to the store, which decides; whoever certainly gets
 * nothing is told so. Wherever the gate can't tell, or isn't there, the store is asked: it is the truth, and a gate
 * that was lost or is wrong is opened anew from it.
 */
export class GateKeeper {
  private readonly known = new Map<string, Known>();
  private readonly looks = new Map<string, symbol>();
  private readonly options: Required<GateKeeperOptions>;
  private readonly enter: (visit: Visit) => Promise<Admission>;
  private readonly leave: (departure: Departure) => Promise<void>;

  constructor(
    private readonly stores: Stores,
    private readonly issue: Issue,
    { recheckAfterMs = 1_000, staleAfterMs = 10_000, maxHolders = 200_000 }: GateKeeperOptions = {},
  ) {
    this.options = { recheckAfterMs, staleAfterMs, maxHolders };
    const { quotaGate } = stores;
    this.enter = coalesce(
      visits => quotaGate.admit(visits[0]?.policyId as string, visits[0]?.revision as number, visits),
      { concurrency: 4, lane: ({ policyId, revision }) => `${policyId} ${revision}` },
    );
    this.leave = coalesce(
      async departures => {
        const ids = (isIssued: boolean) =>
          departures.flatMap(each => (each.isIssued === isIssued ? [each.requestId] : []));
        await quotaGate.settle(departures[0]?.policyId as string, { issued: ids(true), givenBack: ids(false) });
        return departures.map(() => undefined);
      },
      { lane: ({ policyId }) => policyId },
    );
  }

  /** The answer to one wish. What is to be repeated byte for byte under its key is always asked of the store. */
  async pass(item: Item<IssueInput, Outcome<ObtainedCoupon>>): Promise<Issued> {
    const { policyId, userId } = item.input;
    const known = this.gateFor(item);
    if (!known) return this.issue(item);
    const requestId = this.stores.ids.next();
    const admission = await this.admission({ policyId, userId, requestId, revision: known.revision });
    if (admission.kind === 'ADMITTED') return this.admitted(item, requestId);
    const no = refusalOf(admission, known);
    return no ? { kind: 'DONE', result: refused(no) } : this.issue(item);
  }

  /** Takes the gate of a policy away that was changed here: the next one is made of what it is now. */
  async forget(policyId: string): Promise<void> {
    this.known.delete(policyId);
    this.looks.delete(policyId);
    // A gate of an earlier revision is found out by everybody who looks.
    await this.stores.quotaGate.close(policyId).catch(() => undefined);
  }

  private gateFor({ input, once }: Item<IssueInput, Outcome<ObtainedCoupon>>): Known | null {
    if (once || input.cause !== null) return null;
    const known = this.known.get(input.policyId);
    const age = known ? this.stores.stopwatch.elapsed() - known.checkedAt : Number.POSITIVE_INFINITY;
    if (age > this.options.recheckAfterMs) void this.look(input.policyId);
    if (!known || age > 2 * this.options.recheckAfterMs) return null;
    return known.ways.includes(input.way) ? known : null;
  }

  private async admission(visit: Visit): Promise<Admission> {
    try {
      const admission = await this.enter(visit);
      if (admission.kind === 'UNKNOWN') void this.look(visit.policyId);
      return admission;
    } catch {
      // It may have been admitted; then its slot is found to be stale.
      return { kind: 'UNKNOWN' };
    }
  }

  private async admitted(item: Item<IssueInput, Outcome<ObtainedCoupon>>, requestId: string): Promise<Issued> {
    const { policyId } = item.input;
    let isIssued = false;
    try {
      const answered = await this.issue(item);
      isIssued = answered.kind === 'DONE' && answered.result.accepted;
      return answered;
    } finally {
      // Nobody waits for it; what can't be told gets stale. A slot too many costs a question to the store.
      this.leave({ policyId, requestId, isIssued }).catch(() => undefined);
      if (!isIssued) void this.look(policyId);
    }
  }

  /** Looks at the campaign and at its gate, and opens one where none is or where it is wrong. Never throws. */
  private async look(policyId: string): Promise<void> {
    if (this.looks.has(policyId)) return;
    const look = Symbol(policyId);
    this.looks.set(policyId, look);
    const found = await this.find(policyId).catch(() => this.without());
    if (this.looks.get(policyId) !== look) return;
    this.looks.delete(policyId);
    if (found) this.known.set(policyId, found);
    else this.known.delete(policyId);
  }

  private async find(policyId: string): Promise<Known | null> {
    const { queries, quotaGate, stopwatch } = this.stores;
    const checkedAt = stopwatch.elapsed();
    // The gate first: what it has counted by then, the store has, too.
    const state = await quotaGate.state(policyId, this.options.staleAfterMs);
    const [policy, issued, at] = await Promise.all([queries.policy(policyId), queries.issued(policyId), queries.now()]);
    if (!policy) return null;
    const { total, perUser } = policy.terms.limits;
    if (total === null) return this.without();
    const { revision } = policy;
    const ways = policy.terms.issuance.filter(way => issueClosed({ ...policy, at }, way) === null);
    const isRight =
      state?.revision === revision &&
      state.issued <= issued &&
      state.stale === 0 &&
      (issued < total || state.issued >= total);
    if (!isRight && ways.length > 0 && !(await this.open(policy, total, issued))) return this.without();
    return { revision, total, perUser, ways, checkedAt };
  }

  /** For a while the campaign has no gate, and nobody looks for one. */
  private readonly without = (): Known => ({
    ...{ revision: 0, total: 0, perUser: null, ways: [] },
    checkedAt: this.stores.stopwatch.elapsed(),
  });

  private async open({ policyId, revision, terms }: PolicyView, total: number, issued: number): Promise<boolean> {
    const holders = await this.stores.queries.holders(policyId, this.options.maxHolders);
    if (!holders) return false;
    const { perUser } = terms.limits;
    return this.stores.quotaGate.open(policyId, { revision, total, perUser, issued, holders });
  }
}

function refusalOf({ kind }: Admission, { perUser, total }: Known): IssueRefusal | null {
  if (kind === 'ALREADY') return refusal('COUPON_ALREADY_ISSUED', { perUser: perUser as number });
  return kind === 'SOLD_OUT' ? refusal('COUPON_SOLD_OUT', { total }) : null;
}
