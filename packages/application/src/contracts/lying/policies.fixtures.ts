import { emptyCampaign, type Policy, type PolicyId } from '@org/domain';
import { noLimits } from '../samples.js';
import { counter, liesAbout, lying } from './lie.fixtures.js';

/** The policy with its shared code changed, so that the honest store sees no clash. */
const recoded = (policy: Policy, code: (code: string) => string): Policy =>
  policy.status === 'NONE' || policy.terms.code === null
    ? policy
    : { ...policy, terms: { ...policy.terms, code: code(policy.terms.code) } };

export const liesAboutPolicies = [
  ...liesAbout('PolicyRepository', {
    'lets two policies share a code': {
      tell: ({ policies }) => {
        const next = counter();
        const owners = new Map<string, string>();
        return {
          policies: lying(policies, {
            save(tx, changes) {
              for (const { id, state } of changes) recoded(state, code => owners.set(code, id) && code);
              const hidden = changes.map(change => ({
                ...change,
                state: recoded(change.state, code => code + next()),
              }));
              return policies.save(tx, hidden);
            },
            idsByCode: async (_, codes) =>
              new Map(codes.flatMap(code => (owners.has(code) ? [[code, owners.get(code) ?? ''] as const] : []))),
          }),
        };
      },
      caughtBy: [
        'refuses a shared code that another policy has, and writes nothing of that transaction',
        'refuses an edit to a shared code that another policy has',
        'gives a shared code to one of twenty that claim it at the same time',
      ],
    },
    'never gives a code free': {
      tell: ({ policies }) => {
        const taken = new Map<string, string>();
        return {
          policies: lying(policies, {
            async save(tx, changes) {
              for (const { id, state } of changes)
                recoded(state, code => {
                  if ((taken.get(code) ?? id) !== id) throw new Error('duplicate key');
                  taken.set(code, id);
                  return code;
                });
              return policies.save(tx, changes);
            },
          }),
        };
      },
      caughtBy: ['frees a code that its policy gave up', 'frees a code that was claimed in a transaction that failed'],
    },
    'overwrites the terms with the newest': {
      tell: ({ policies }) => ({
        policies: lying(policies, {
          versions: async (tx, refs) => {
            const loaded = await policies.load(
              tx,
              refs.map(({ policyId }) => policyId),
            );
            return refs.map(({ policyId, version }) => {
              const state = loaded.get(policyId)?.state;
              if (!state || state.status === 'NONE' || state.version < version) throw new Error('no such version');
              return { policyId: policyId as PolicyId, version, terms: state.terms };
            });
          },
        }),
      }),
      caughtBy: ['keeps every version of the terms after edits'],
    },
    'answers versions in the order of its index': {
      tell: ({ policies }) => ({
        policies: lying(policies, {
          versions: (tx, refs) =>
            policies.versions(
              tx,
              [...refs].sort((a, b) => (a.policyId + a.version < b.policyId + b.version ? -1 : 1)),
            ),
        }),
      }),
      caughtBy: ['answers versions in the order of the question, each as often as it is asked for'],
    },
    'leaves out versions that were never stored': {
      tell: ({ policies }) => ({
        policies: lying(policies, { versions: (tx, refs) => policies.versions(tx, refs).catch(() => []) }),
      }),
      caughtBy: ['throws for a version that was never stored'],
    },
    'rounds money to a float of 32 bits': {
      tell: ({ policies }) => ({
        policies: lying(policies, {
          versions: async (tx, refs) =>
            JSON.parse(
              JSON.stringify(await policies.versions(tx, refs), (_, value: unknown) =>
                typeof value === 'number' ? Math.fround(value) : value,
              ),
            ),
        }),
      }),
      caughtBy: ['keeps every field of the terms'],
    },
  }),
  ...liesAbout('CampaignRepository', {
    'issues twice: forgets to lock': {
      tell: ({ campaigns, unitOfWork }) => ({
        campaigns: lying(campaigns, {
          lock: (_, ids) => unitOfWork.run(own => campaigns.lock(own, ids)),
          save: async (tx, changed) => {
            await campaigns.lock(
              tx,
              changed.map(({ policyId }) => policyId),
            );
            return campaigns.save(tx, changed);
          },
        }),
      }),
      caughtBy: [
        'counts exactly when twenty issue from one campaign at the same time',
        'keeps a second lock waiting although the first has written nothing yet',
      ],
    },
    'upholds no limit': {
      tell: ({ campaigns }) => ({
        campaigns: lying(campaigns, { open: (tx, id, { budget }) => campaigns.open(tx, id, { ...noLimits, budget }) }),
      }),
      caughtBy: ['upholds the limits itself: the figure at its limit is written, one more throws'],
    },
    'forgets a new limit': {
      tell: ({ campaigns }) => ({ campaigns: lying(campaigns, { limit: async () => undefined }) }),
      caughtBy: [
        'upholds new limits from then on, and tells the new budget',
        'refuses a limit below the figures of now, and keeps the old one',
      ],
    },
    'invents campaigns that nobody opened': {
      tell: ({ campaigns }) => ({
        campaigns: lying(campaigns, {
          lock: async (tx, ids) => {
            const found = await campaigns.lock(tx, ids);
            return new Map(ids.map(id => [id, found.get(id) ?? emptyCampaign(id as PolicyId, noLimits)]));
          },
        }),
      }),
      caughtBy: ['leaves out what does not exist and answers each policy once, whatever the order'],
    },
    'writes figures outside of the transaction': {
      tell: ({ campaigns, unitOfWork }) => {
        const free = lying(campaigns, { lock: (_, ids) => unitOfWork.run(own => campaigns.lock(own, ids)) });
        return {
          campaigns: lying(free, {
            save: (_, changed) =>
              unitOfWork.run(async own => {
                await campaigns.lock(
                  own,
                  changed.map(({ policyId }) => policyId),
                );
                await campaigns.save(own, changed);
              }),
          }),
        };
      },
      caughtBy: ['shows nobody figures that may still be taken back'],
    },
    'looks outside of the transaction': {
      tell: ({ campaigns, unitOfWork }) => ({
        campaigns: lying(campaigns, { load: (_, ids) => unitOfWork.run(own => campaigns.load(own, ids)) }),
      }),
      caughtBy: ['tells the figures without waiting for who holds the lock, and only what is committed'],
    },
    'counts money in 32 bits': {
      tell: ({ campaigns }) => ({
        campaigns: lying(campaigns, {
          save: (tx, changed) =>
            campaigns.save(
              tx,
              changed.map(each => ({ ...each, budgetTaken: each.budgetTaken | 0 })),
            ),
        }),
      }),
      caughtBy: ['reads back every figure as it was written, money up to the largest safe integer'],
    },
  }),
];
