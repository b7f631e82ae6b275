import { type CodeSpace, checkCode, type IssuedCoupon, normaliseCode, type Refusal, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { type Outcome, refused } from '../../outcome.js';
import type { StoredCode } from '../../ports/code-repository.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { issueCoupons } from './issue-coupons.js';

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

/** Turns codes into coupons: a unique code once for whoever comes first, a shared code within the limits of its policy. */
export const redeemCodes =
  (stores: Stores): UseCase<RedeemInput, Outcome<IssuedCoupon>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<IssuedCoupon>[] = [];
    for (const input of inputs) outcomes.push(await redeemOne(stores, tx, input));
    return outcomes;
  };

async function redeemOne(
  stores: Stores,
  tx: Transaction,
  { code, userId, origin }: RedeemInput,
): Promise<Outcome<IssuedCoupon>> {
  const [found] = await findCodes(stores, tx, [code], { lock: true });
  if (!found || found.kind === 'NONE') return refused(found?.refusal ?? refusal('CODE_NOT_FOUND', { code }));
  if (found.kind === 'UNIQUE' && found.stored.couponId !== null)
    return refused(refusal('CODE_ALREADY_REDEEMED', { code }));
  const unique = found.kind === 'UNIQUE' ? found.stored : null;
  const policyId = unique?.policyId ?? (found as Extract<FoundCode, { kind: 'SHARED' }>).policyId;
  const input = { policyId, userId, way: 'CODE', code: unique?.code ?? null, cause: null, origin } as const;
  const [outcome] = await issueCoupons(stores)(tx, [input]);
  if (outcome?.accepted && unique) await stores.codes.redeem(tx, [{ code: unique.code, couponId: outcome.value.id }]);
  return outcome as Outcome<IssuedCoupon>;
}
