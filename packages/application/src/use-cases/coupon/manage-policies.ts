import {
  couponPolicy,
  definePolicy,
  editViolations,
  localDay,
  type Policy,
  type PolicyCommand,
  type PolicyDraft,
  type PolicyTerms,
  refusal,
  type Violation,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { policyEvents } from '../../events.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { PolicyView } from '../../ports/coupon-queries.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';

export type PolicyInput = { readonly origin: Origin } & (
  | { readonly change: 'Create'; readonly draft: PolicyDraft }
  | {
      readonly change: 'Edit';
      readonly policyId: string;
      readonly draft: PolicyDraft;
      /** The revision that the editor saw (If-Match); null = whatever it is now. */
      readonly expectedRevision: number | null;
    }
  | { readonly change: 'Activate' | 'Pause' | 'End'; readonly policyId: string }
);

type Stores = Pick<Adapters, 'clock' | 'ids' | 'policies' | 'campaigns' | 'codes' | 'events'>;

const invalid = (violations: readonly Violation[]) => refused(refusal('POLICY_INVALID', { violations }));

/** Makes policies and moves them through their life. An edit makes the next version; what is issued keeps its own. */
export const managePolicies =
  (stores: Stores): UseCase<PolicyInput, Outcome<PolicyView>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<PolicyView>[] = [];
    for (const input of inputs) outcomes.push(await manageOne(stores, tx, input));
    return outcomes;
  };

async function manageOne(stores: Stores, tx: Transaction, input: PolicyInput): Promise<Outcome<PolicyView>> {
  const at = await stores.clock.now(tx);
  if (input.change === 'Create') {
    const terms = definePolicy(input.draft);
    if (!terms.ok) return invalid(terms.violations);
    const command: PolicyCommand = { type: 'CreatePolicy', terms: terms.value, at };
    return apply(stores, tx, stores.ids.next(), { version: 0, state: couponPolicy.initial }, command, input.origin);
  }
  const { policyId, origin } = input;
  const stored = (await stores.policies.load(tx, [policyId], { lock: true })).get(policyId);
  if (!stored || stored.state.status === 'NONE') return refused(refusal('POLICY_NOT_FOUND', { policyId }));
  if (input.change !== 'Edit')
    return apply(stores, tx, policyId, stored, { type: `${input.change}Policy`, at }, origin);
  if (input.expectedRevision !== null && input.expectedRevision !== stored.version)
    return refused(refusal('REVISION_CONFLICT', { expected: input.expectedRevision, actual: stored.version }));
  const terms = definePolicy(input.draft);
  if (!terms.ok) return invalid(terms.violations);
  const violations = stored.state.status === 'DRAFT' ? [] : editViolations(stored.state.terms, terms.value);
  if (violations.length > 0) return invalid(violations);
  return apply(stores, tx, policyId, stored, { type: 'EditPolicy', terms: terms.value, at }, origin);
}

async function apply(
  stores: Stores,
  tx: Transaction,
  policyId: string,
  { version, state }: { readonly version: number; readonly state: Policy },
  command: PolicyCommand,
  origin: Origin,
): Promise<Outcome<PolicyView>> {
  const decision = couponPolicy.decide(state, command);
  if (!decision.accepted) return refused(decision.refusal);
  const next = decision.events.reduce(couponPolicy.evolve, state);
  if (next.status === 'NONE') throw new Error(`policy ${policyId} has no state`);
  const revision = version + decision.events.length;
  const no = await store(stores, tx, policyId, { expectedVersion: version, version: revision, state: next }, command);
  if (no) return no;
  await stores.events.append(
    tx,
    policyEvents({ id: policyId, expectedVersion: version, events: decision.events, origin }),
  );
  const { status, version: number, terms, createdAt } = next;
  return done({ policyId, version: number, revision, status, terms, createdAt });
}

type Next = {
  readonly expectedVersion: number;
  readonly version: number;
  readonly state: Exclude<Policy, { status: 'NONE' }>;
};

async function store(stores: Stores, tx: Transaction, policyId: string, next: Next, command: PolicyCommand) {
  const { terms } = next.state;
  if ('terms' in command && terms.code !== null) {
    const owner = (await stores.policies.idsByCode(tx, [terms.code])).get(terms.code);
    const isUnique = (await stores.codes.find(tx, [terms.code])).size > 0;
    if (isUnique || (owner && owner !== policyId)) return refused(refusal('POLICY_CODE_TAKEN', { code: terms.code }));
  }
  const no = command.type === 'EditPolicy' ? await limitRefusal(stores, tx, policyId, command) : null;
  if (no) return refused(no);
  // Whoever is at it issues by the policy of before, and has committed when this is answered.
  if (!('terms' in command)) await stores.campaigns.lock(tx, [policyId]);
  const written = await stores.policies.save(tx, [{ id: policyId, ...next }]);
  if (!written.has(policyId)) throw new ConflictError(`policy ${policyId} was written by somebody else meanwhile`);
  if (command.type === 'CreatePolicy') await stores.campaigns.open(tx, policyId, terms.limits);
  if (command.type === 'EditPolicy') await stores.campaigns.limit(tx, policyId, terms.limits);
  return null;
}

/** No limit may fall below what is issued or taken already. */
async function limitRefusal(
  { campaigns }: Stores,
  tx: Transaction,
  policyId: string,
  { terms, at }: { readonly terms: PolicyTerms; readonly at: number },
) {
  const campaign = (await campaigns.lock(tx, [policyId])).get(policyId);
  if (!campaign) throw new Error(`policy ${policyId} has no campaign`);
  const day = localDay(at, terms.timeZone);
  const today = campaign.day === day ? campaign : { ...campaign, day, issuedToday: 0 };
  if (today !== campaign) await campaigns.save(tx, [today]);
  const used = { total: today.issued, perDay: today.issuedToday, budget: today.budgetTaken };
  for (const name of ['total', 'perDay', 'budget'] as const) {
    const limit = terms.limits[name];
    if (limit !== null && limit < used[name])
      return refusal('LIMIT_BELOW_USE', { field: `limits.${name}`, value: limit, used: used[name] });
  }
  return null;
}
