import { type Refusal, refusal } from '../../refusal.js';
import { normaliseCode } from '../code.js';
import { take } from './attempt.js';
import { QuoteBudgets } from './budgets.js';
import type { Figures, Plan } from './calculation.js';
import { byText, type Ledger } from './ledger.js';
import type { QuotedCoupon } from './quote.js';

export interface Applied {
  readonly coupon: QuotedCoupon;
  readonly plan: Plan;
  readonly figures: Figures;
}

export interface Refused {
  readonly coupon: QuotedCoupon;
  readonly refusal: Refusal;
}

/** What became of every coupon: `applied` in the order of taking, `refused` in the order of turns. */
export interface Stacked {
  readonly applied: readonly Applied[];
  readonly refused: readonly Refused[];
}

const stackingOf = ({ policy }: QuotedCoupon) => policy.terms.stacking;

/** Whose turn comes first (pricing rule 11). The later keys only keep the order that callers sent out of it. */
const byTurn = (a: QuotedCoupon, b: QuotedCoupon) =>
  stackingOf(b).priority - stackingOf(a).priority ||
  byText(a.policy.policyId, b.policy.policyId) ||
  a.policy.version - b.policy.version ||
  Number(a.couponId === null) - Number(b.couponId === null) ||
  byText(a.couponId ?? '', b.couponId ?? '') ||
  byText(a.code ?? '', b.code ?? '') ||
  Number(b.unusable !== undefined) - Number(a.unusable !== undefined) ||
  byText(a.unusable?.code ?? '', b.unusable?.code ?? '');

/** The same coupon twice counts once: the same id, or the same code of a policy where the id is not known. */
export function inTurn(coupons: readonly QuotedCoupon[]): QuotedCoupon[] {
  const ids = new Set<string>();
  const codes = new Set<string>();
  return [...coupons].sort(byTurn).filter(({ couponId, code, policy }) => {
    const key = `${policy.policyId} ${code === null ? '' : normaliseCode(code)}`;
    // Coupons with an id stand first among equals, so a code meets the coupon that it is.
    const known = couponId === null ? codes.has(key) : ids.has(couponId);
    if (couponId !== null) ids.add(couponId);
    codes.add(key);
    return !known;
  });
}

const winner = ({ coupon }: Applied) => ({ policyId: coupon.policy.policyId, couponId: coupon.couponId });

/** The first exclusive coupon that applies stands alone (pricing rule 12). */
function alone(coupons: readonly QuotedCoupon[], ledger: Ledger): Applied | null {
  const budgets = new QuoteBudgets(coupons);
  for (const coupon of coupons) {
    if (stackingOf(coupon).mode !== 'EXCLUSIVE') continue;
    const tried = budgets.attempt(coupon, ledger);
    if ('plan' in tried) return { coupon, ...tried };
  }
  return null;
}

/** One after the other, at most one per group (pricing rule 13). */
class Turns {
  readonly applied: Applied[] = [];
  readonly refusals = new Map<QuotedCoupon, Refusal>();
  private readonly groups = new Map<string, Applied>();
  private readonly budgets: QuoteBudgets;

  constructor(
    private readonly coupons: readonly QuotedCoupon[],
    private readonly ledger: Ledger,
  ) {
    this.budgets = new QuoteBudgets(coupons);
  }

  run(): void {
    for (const coupon of this.coupons) {
      const { group } = stackingOf(coupon);
      if (group === null) this.choose([coupon]);
      else this.inGroup(coupon, group);
    }
  }

  /** Rivals of one priority wait for the turn of the one that gives most; at the last turn the best one is taken. */
  private inGroup(coupon: QuotedCoupon, group: string): void {
    const taken = this.groups.get(group);
    if (taken) {
      this.refuseTaken(coupon, group, taken);
      return;
    }
    const { priority } = stackingOf(coupon);
    const rivals = this.coupons.filter(
      other => stackingOf(other).group === group && stackingOf(other).priority === priority,
    );
    const best = rivals.length === 1 ? coupon : this.best(rivals);
    if (best !== coupon && coupon !== rivals.at(-1)) return;
    const won = this.choose(best ? [best] : rivals);
    if (!won) return;
    this.groups.set(group, won);
    // Those whose turn was before have waited in vain; those after find the group taken.
    for (const rival of rivals.slice(0, rivals.indexOf(coupon) + 1)) {
      if (rival !== won.coupon) this.refuseTaken(rival, group, won);
    }
  }

  /** Takes the first that applies; the refusals of those before it are kept. */
  private choose(coupons: readonly QuotedCoupon[]): Applied | null {
    for (const coupon of coupons) {
      const tried = this.budgets.attempt(coupon, this.ledger);
      if ('no' in tried) {
        this.refusals.set(coupon, tried.no);
        continue;
      }
      take(tried.plan, tried.figures, this.ledger);
      this.budgets.take(coupon, tried.figures.amount);
      const applied = { coupon, ...tried };
      this.applied.push(applied);
      return applied;
    }
    return null;
  }

  private best(rivals: readonly QuotedCoupon[]): QuotedCoupon | null {
    let best: QuotedCoupon | null = null;
    let most = 0;
    for (const rival of rivals) {
      const tried = this.budgets.attempt(rival, this.ledger);
      if ('no' in tried || tried.figures.amount <= most) continue;
      most = tried.figures.amount;
      best = rival;
    }
    return best;
  }

  private refuseTaken(coupon: QuotedCoupon, group: string, taken: Applied): void {
    this.refusals.set(coupon, refusal('GROUP_TAKEN', { group, ...winner(taken) }));
  }
}

/** Takes every coupon off the ledger that can be, by priority (pricing rules 10 to 13, 15 and 16). */
export function stack(coupons: readonly QuotedCoupon[], ledger: Ledger): Stacked {
  const turns = inTurn(coupons);
  const usable = turns.filter(({ unusable }) => unusable === undefined);
  const exclusive = alone(usable, ledger);
  const run = new Turns(usable, ledger);
  if (exclusive) {
    take(exclusive.plan, exclusive.figures, ledger);
    run.applied.push(exclusive);
    for (const coupon of usable) {
      if (coupon !== exclusive.coupon) run.refusals.set(coupon, refusal('EXCLUSIVE_COUPON_APPLIED', winner(exclusive)));
    }
  } else run.run();
  const refused = turns.flatMap((coupon): Refused[] => {
    const no = coupon.unusable ?? run.refusals.get(coupon);
    return no ? [{ coupon, refusal: no }] : [];
  });
  return { applied: run.applied, refused };
}
