import { couponPolicy, type Policy, type PolicyCommand, policyTransitions } from './coupon-policy.js';
import type { PolicyTerms } from './policy.js';

const terms = { name: 'Friday' } as PolicyTerms;
const edited = { name: 'Saturday' } as PolicyTerms;
const create: PolicyCommand = { type: 'CreatePolicy', terms, at: 1 };
const edit: PolicyCommand = { type: 'EditPolicy', terms: edited, at: 2 };
const activate: PolicyCommand = { type: 'ActivatePolicy', at: 3 };
const pause: PolicyCommand = { type: 'PausePolicy', at: 4 };
const end: PolicyCommand = { type: 'EndPolicy', at: 5 };

const given = (...commands: PolicyCommand[]): Policy =>
  commands.reduce<Policy>((policy, command) => {
    const decision = couponPolicy.decide(policy, command);
    if (!decision.accepted) throw new Error(decision.refusal.code);
    return decision.events.reduce(couponPolicy.evolve, policy);
  }, couponPolicy.initial);

const codeOf = (policy: Policy, command: PolicyCommand) => {
  const decision = couponPolicy.decide(policy, command);
  return decision.accepted ? null : decision.refusal.code;
};

describe('a policy', () => {
  it('goes from draft to active, to paused and back, and ends', () =>
    expect(
      [
        [create],
        [create, activate],
        [create, activate, pause],
        [create, activate, pause, activate],
        [create, activate, end],
      ].map(commands => given(...commands).status),
    ).toEqual(['DRAFT', 'ACTIVE', 'PAUSED', 'ACTIVE', 'ENDED']));

  it('gets the next version by an edit, also while it is active', () =>
    expect(given(create, activate, edit, edit)).toMatchObject({ status: 'ACTIVE', version: 3, terms: edited }));

  it.each<[string, Policy, PolicyCommand, string]>([
    ['a second creation', given(create), create, 'POLICY_STATUS_CONFLICT'],
    ['a pause of a draft', given(create), pause, 'POLICY_STATUS_CONFLICT'],
    ['an activation of an active one', given(create, activate), activate, 'POLICY_STATUS_CONFLICT'],
    ['an edit after the end', given(create, end), edit, 'POLICY_STATUS_CONFLICT'],
    ['an activation after the end', given(create, end), activate, 'POLICY_STATUS_CONFLICT'],
    ['an edit of what was never made', given(), edit, 'POLICY_NOT_FOUND'],
  ])('refuses %s', (_, policy, command, code) => expect(codeOf(policy, command)).toBe(code));

  it('can reach every status, and only ENDED is final', () => {
    const reached = new Set(['NONE', ...Object.values(policyTransitions).flatMap(row => Object.values(row))]);
    expect([...reached].sort()).toEqual(Object.keys(policyTransitions).sort());
    const final = Object.entries(policyTransitions).filter(([, row]) => Object.keys(row).length === 0);
    expect(final.map(([status]) => status)).toEqual(['ENDED']);
  });
});
