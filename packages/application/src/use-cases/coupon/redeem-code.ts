import { type CodeSpace, checkCode, type IssuedCoupon, normaliseCode, type Refusal, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { StoredCode } from '../../ports/code-repository.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { type IssueInput, issueCoupons } from './issue-coupons.js';

export interface RedeemInput {
  /** As the user typed it. */
  readonly code: string;
  readonly userId: string;
  readonly origin: Origin;
}

type Stores = Pick<Adapters, 'clock' | 'ids' | 'policies' | 'campaigns' | 'coupons' | 'codes' | 'events'>;

/** What a typed code stands for. */
export type FoundCode =
  | { readonly kind: 'UNIQUE'; readonly stored: StoredCode }
  | { readonly kind: 'SHARED'; readonly policyId: string; readonly code: string }
  | { readonly kind: 'NONE'; readonly refusal: Refusal };

/** Finds unique codes and codes that a policy shares among all users; in the same order. */
export async function findCodes(
  { codes, policies }: Pick<Adapters, 'codes' | 'policies'>,
  tx: Transaction,
  typed: readonly string[],
  { lock }: { readonly lock: boolean },
): Promise<FoundCode[]> {
  if (typed.length === 0) return [];
  const normal = typed.map(normaliseCode);
  const stored = await codes.find(tx, [...new Set(normal)], { lock });
  const others = normal.filter(code => !stored.has(code));
  const shared = others.length > 0 ? await policies.idsByCode(tx, others) : new Map<string, string>();
  const spaces = others.some(code => !shared.has(code)) ? await codes.spaces(tx) : [];
  return normal.map((code, i): FoundCode => {
    const unique = stored.get(code);
    if (unique) return { kind: 'UNIQUE', stored: unique };
    const policyId = shared.get(code);
    return policyId ? { kind: 'SHARED', policyId, code } : { kind: 'NONE', refusal: unknown(spaces, typed[i] ?? '') };
  });
}

/** The check digit tells a slip of the finger from a code that nobody ever had. */
function unknown(spaces: readonly CodeSpace[], typed: string): Refusal {
  const verdicts = spaces.map(space => checkCode(space, typed));
  const mistyped = verdicts.includes('MISTYPED') && !verdicts.includes('WELL_FORMED');
  return refusal(mistyped ? 'CODE_MISTYPED' : 'CODE_NOT_FOUND', { code: typed });
}

/**
 * Turns codes into coupons: a unique code once for whoever comes first, a shared code within the limits of its policy.
 * The codes are locked before the campaigns, all at once.
 */
export const redeemCodes =
  (stores: Stores): UseCase<RedeemInput, Outcome<IssuedCoupon>> =>
  async (tx, inputs) => {
    const codes = inputs.map(({ code }) => code);
    const found = await findCodes(stores, tx, codes, { lock: true });
    const wishes = inputs.map((input, i) => wishFor(input, found[i] as FoundCode));
    const wanted = wishes.flatMap(wish => (wish.accepted ? [wish.value] : []));
    const issued = wanted.length > 0 ? await issueCoupons(stores)(tx, wanted) : [];
    const redeemed = wanted.flatMap(({ code }, i) => {
      const outcome = issued[i];
      return outcome?.accepted && code !== null ? [{ code, couponId: outcome.value.id }] : [];
    });
    if (redeemed.length > 0) await stores.codes.redeem(tx, redeemed);
    const outcomes = issued.values();
    return wishes.map(wish => (wish.accepted ? (outcomes.next().value as Outcome<IssuedCoupon>) : wish));
  };

function wishFor({ code, userId, origin }: RedeemInput, found: FoundCode): Outcome<IssueInput> {
  const wish = { userId, way: 'CODE', cause: null, origin } as const;
  switch (found.kind) {
    case 'NONE':
      return refused(found.refusal);
    case 'SHARED':
      return done({ ...wish, policyId: found.policyId, code: null });
    case 'UNIQUE':
      if (found.stored.couponId !== null) return refused(refusal('CODE_ALREADY_REDEEMED', { code }));
      return done({ ...wish, policyId: found.stored.policyId, code: found.stored.code });
  }
}
