import { type CodeSpec, capacityShort, codeAt, codeSpace, normaliseCode, permute, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { CodeJob, CodeSpaceState, NewCode } from '../../ports/code-repository.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';

export interface GenerateCodesInput {
  readonly policyId: string;
  readonly count: number;
  readonly spec: CodeSpec;
}

type Stores = Pick<Adapters, 'unitOfWork' | 'ids' | 'policies' | 'codes' | 'codeSecrets'>;

/** Starts jobs that make unique codes, after checking that the space can hold them. `advanceCodeJob` does the work. */
export const startCodeJobs =
  (stores: Stores): UseCase<GenerateCodesInput, Outcome<CodeJob>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<CodeJob>[] = [];
    for (const { policyId, count, spec } of inputs) {
      const policy = (await stores.policies.load(tx, [policyId])).get(policyId)?.state;
      const space = codeSpace(spec);
      if (!policy || policy.status === 'NONE') outcomes.push(refused(refusal('POLICY_NOT_FOUND', { policyId })));
      else if (!policy.terms.issuance.includes('CODE'))
        outcomes.push(refused(refusal('POLICY_WITHOUT_CODES', { policyId, issuance: policy.terms.issuance })));
      else if (!space.ok) outcomes.push(refused(refusal('CODE_SPACE_INVALID', { violations: space.violations })));
      else {
        const { spaceId, nextIndex } = await stores.codes.lockSpace(tx, space.value, stores.codeSecrets.newKey());
        const used = nextIndex + (await stores.codes.pendingIn(tx, spaceId));
        const short = capacityShort(space.value, Number(used), count);
        if (short) {
          outcomes.push(refused(short));
          continue;
        }
        const job: CodeJob = { jobId: stores.ids.next(), policyId, spaceId, count, created: 0, status: 'RUNNING' };
        await stores.codes.startJob(tx, job);
        outcomes.push(done(job));
      }
    }
    return outcomes;
  };

/**
 * Makes the next codes of a job, in one transaction with the count: killed at any point, it goes on without a
 * duplicate or a gap. Answers the job, or null when it doesn't exist or another process is at it.
 */
export const advanceCodeJob =
  (stores: Stores) =>
  (jobId: string, batchSize = 10_000): Promise<CodeJob | null> =>
    stores.unitOfWork.run(async tx => {
      const locked = await stores.codes.lockJob(tx, jobId);
      if (!locked) return null;
      const { job, space } = locked;
      if (job.status !== 'RUNNING') return job;
      const { codes, nextIndex } = nextCodes(stores, space, Math.min(batchSize, job.count - job.created));
      const first = (await stores.codes.countOf(tx, job.policyId)) + 1;
      const free = await notShared(stores, tx, codes);
      const created = job.created + (await stores.codes.add(tx, job.policyId, first, free));
      // A space that overlaps with another one can run out although its capacity was checked.
      const status = created === job.count ? 'DONE' : codes.length === 0 ? 'FAILED' : 'RUNNING';
      const next: CodeJob = { ...job, created, status };
      await stores.codes.advance(tx, next, nextIndex);
      return next;
    });

/** Those that no policy shares among its users: a unique code of the same text would take its place. */
async function notShared({ policies }: Stores, tx: Transaction, codes: readonly NewCode[]) {
  if (codes.length === 0) return codes;
  const shared = await policies.idsByCode(
    tx,
    codes.map(({ code }) => code),
  );
  return codes.filter(({ code }) => !shared.has(code));
}

function nextCodes({ codeSecrets }: Stores, { space, key, nextIndex }: CodeSpaceState, count: number) {
  const prf = codeSecrets.prf(key);
  const end = nextIndex + BigInt(count);
  const last = end < space.capacity ? end : space.capacity;
  const codes = [];
  for (let index = nextIndex; index < last; index++) {
    const display = codeAt(space, permute(space.capacity, prf, index));
    codes.push({ code: normaliseCode(display), display });
  }
  return { codes, nextIndex: last };
}
