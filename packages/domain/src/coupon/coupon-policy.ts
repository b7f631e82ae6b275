import { accept, type Decider, type Decision, refuse, type Transitions } from '../decider.js';
import { type Refusal, refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { PolicyTerms } from './policy.js';

export type PolicyStatus = 'DRAFT' | 'ACTIVE' | 'PAUSED' | 'ENDED';

/** A policy in its life: `version` numbers the terms, 1, 2, …; every edit makes the next one. */
export type Policy =
  | { readonly status: 'NONE' }
  | {
      readonly status: PolicyStatus;
      readonly version: number;
      readonly terms: PolicyTerms;
      readonly createdAt: Instant;
    };

export type PolicyCommand =
  | { readonly type: 'CreatePolicy'; readonly terms: PolicyTerms; readonly at: Instant }
  | { readonly type: 'EditPolicy'; readonly terms: PolicyTerms; readonly at: Instant }
  | { readonly type: 'ActivatePolicy' | 'PausePolicy' | 'EndPolicy'; readonly at: Instant };

export type PolicyEvent =
  | { readonly type: 'PolicyCreated'; readonly terms: PolicyTerms; readonly at: Instant }
  | { readonly type: 'PolicyEdited'; readonly version: number; readonly terms: PolicyTerms; readonly at: Instant }
  | { readonly type: 'PolicyActivated' | 'PolicyPaused' | 'PolicyEnded'; readonly at: Instant };

export type PolicyRefusal = Refusal<'POLICY_STATUS_CONFLICT' | 'POLICY_NOT_FOUND'>;

/** Which events may follow each status, and where they lead. ENDED is final. */
export const policyTransitions = {
  NONE: { PolicyCreated: 'DRAFT' },
  DRAFT: { PolicyEdited: 'DRAFT', PolicyActivated: 'ACTIVE', PolicyEnded: 'ENDED' },
  ACTIVE: { PolicyEdited: 'ACTIVE', PolicyPaused: 'PAUSED', PolicyEnded: 'ENDED' },
  PAUSED: { PolicyEdited: 'PAUSED', PolicyActivated: 'ACTIVE', PolicyEnded: 'ENDED' },
  ENDED: {},
} as const satisfies Transitions<Policy['status'], PolicyEvent['type']>;

const eventOf = {
  CreatePolicy: 'PolicyCreated',
  EditPolicy: 'PolicyEdited',
  ActivatePolicy: 'PolicyActivated',
  PausePolicy: 'PolicyPaused',
  EndPolicy: 'PolicyEnded',
} as const satisfies Record<PolicyCommand['type'], PolicyEvent['type']>;

function decide(policy: Policy, command: PolicyCommand): Decision<PolicyEvent, PolicyRefusal> {
  const type = eventOf[command.type];
  if (!(type in policyTransitions[policy.status])) {
    if (policy.status === 'NONE') return refuse(refusal('POLICY_NOT_FOUND'));
    return refuse(refusal('POLICY_STATUS_CONFLICT', { status: policy.status, command: command.type }));
  }
  if (command.type === 'CreatePolicy') return accept({ type: 'PolicyCreated', terms: command.terms, at: command.at });
  if (command.type === 'EditPolicy' && policy.status !== 'NONE')
    return accept({ type: 'PolicyEdited', version: policy.version + 1, terms: command.terms, at: command.at });
  return accept({ type: type as 'PolicyActivated' | 'PolicyPaused' | 'PolicyEnded', at: command.at });
}

function evolve(policy: Policy, event: PolicyEvent): Policy {
  if (event.type === 'PolicyCreated') return { status: 'DRAFT', version: 1, terms: event.terms, createdAt: event.at };
  if (policy.status === 'NONE') return policy;
  if (event.type === 'PolicyEdited') return { ...policy, version: event.version, terms: event.terms };
  const next: Partial<Record<PolicyEvent['type'], PolicyStatus>> = policyTransitions[policy.status];
  return { ...policy, status: next[event.type] ?? policy.status };
}

/** The life of a policy: draft → active ⇄ paused → ended, and its terms by version. */
export const couponPolicy: Decider<Policy, PolicyCommand, PolicyEvent, PolicyRefusal> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};
