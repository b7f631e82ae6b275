import assert from 'node:assert/strict';
import type { PolicyStatus } from '@org/domain';
import type { CodeJob } from '../ports/code-repository.js';
import { contract } from './contract.js';
import type { CouponQueriesFixture as Fixture } from './coupon-queries-contract.js';
import { sameData } from './same-data.js';
import { AN_INSTANT, anOpenPolicy, aPolicy, born, terms } from './samples.js';

const statuses = ['DRAFT', 'ACTIVE', 'PAUSED', 'ENDED', 'ACTIVE', 'DRAFT', 'ACTIVE'] as const;

/** Policies of several statuses, each created a millisecond after the one before it; answers their ids in that order. */
const somePolicies = ({ unitOfWork, policies, ids }: Fixture): Promise<readonly string[]> =>
  unitOfWork.run(async tx => {
    const changes = statuses.map((status, i) => born(ids.next(), aPolicy({ status, createdAt: AN_INSTANT + i })));
    await policies.save(tx, changes);
    return changes.map(({ id }) => id);
  });

async function walkPolicies({ queries }: Fixture, status: PolicyStatus | null, limit: number) {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 100; page++) {
    const { items, nextCursor }: Awaited<ReturnType<typeof queries.policies>> = await queries.policies({
      ...{ status, limit },
      cursor,
    });
    assert.ok(items.length <= limit);
    ids.push(...items.map(({ policyId }) => policyId));
    if (nextCursor === null) return ids;
    cursor = nextCursor;
  }
  throw new Error('the pages come to no end');
}

async function walkCodes({ queries }: Fixture, policyId: string, limit: number) {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 100; page++) {
    const { items, nextCursor }: Awaited<ReturnType<typeof queries.codes>> = await queries.codes({
      ...{ policyId, limit },
      cursor,
    });
    assert.ok(items.length <= limit);
    seen.push(...items.map(({ code, status }) => `${code} ${status}`));
    if (nextCursor === null) return seen;
    cursor = nextCursor;
  }
  throw new Error('the pages come to no end');
}

const code = (n: number) => ({ code: `CODE${n}`, display: `CODE-${n}` });

export const policyQueriesContract = contract<Fixture>('CouponQueries: policies and codes', {
  async 'gets a store of its own for every case'(fixture, another) {
    await somePolicies(fixture);
    sameData(await walkPolicies(await another(), null, 50), []);
  },
  async 'answers null or nothing for what does not exist'({ queries, ids }) {
    const none = { items: [], nextCursor: null };
    sameData([await queries.policy(ids.next()), await queries.codeJob(ids.next())], [null, null]);
    sameData(await queries.codes({ policyId: ids.next(), limit: 10, cursor: null }), none);
    sameData(await queries.policies({ status: null, limit: 10, cursor: null }), none);
  },
  async 'tells a policy with the number of its terms and of its state'({ unitOfWork, policies, queries, ids }) {
    const policyId = ids.next();
    const edited = terms({ name: '금요일 러시 🎉' });
    const next = aPolicy({ status: 'PAUSED', version: 2, terms: edited, createdAt: AN_INSTANT });
    await unitOfWork.run(tx => policies.save(tx, [born(policyId, aPolicy())]));
    const change = { id: policyId, expectedVersion: 1, version: 4, state: next };
    await unitOfWork.run(tx => policies.save(tx, [change]));
    const expected = { policyId, version: 2, revision: 4, status: 'PAUSED', terms: edited, createdAt: AN_INSTANT };
    sameData(await queries.policy(policyId), expected);
    sameData(await queries.policies({ status: 'PAUSED', limit: 5, cursor: null }), {
      items: [expected],
      nextCursor: null,
    });
  },
  async 'lists policies newest first, by status, in pages of any size'(fixture) {
    const ids = await somePolicies(fixture);
    for (const limit of [1, 2, 3, 7, 50]) {
      sameData(await walkPolicies(fixture, null, limit), [...ids].reverse(), `all by ${limit}`);
      for (const status of ['DRAFT', 'ACTIVE', 'PAUSED', 'ENDED'] as const) {
        const expected = ids.filter((_, index) => statuses[index] === status).reverse();
        sameData(await walkPolicies(fixture, status, limit), expected, `${status} by ${limit}`);
      }
    }
  },
  async 'pages on from where it was while newer policies come in'(fixture) {
    const { unitOfWork, policies, queries, ids } = fixture;
    const made = await somePolicies(fixture);
    const first = await queries.policies({ status: null, limit: 3, cursor: null });
    await unitOfWork.run(tx => policies.save(tx, [born(ids.next(), aPolicy({ createdAt: AN_INSTANT + 99 }))]));
    const second = await queries.policies({ status: null, limit: 50, cursor: first.nextCursor });
    const seen = [...first.items, ...second.items].map(({ policyId }) => policyId);
    sameData(seen, [...made].reverse());
  },
  async 'lists codes as they are printed, in the order of their creation, with their state'(fixture) {
    const { unitOfWork, codes, ids } = fixture;
    const [policyId, other] = [await anOpenPolicy(fixture), await anOpenPolicy(fixture)];
    await unitOfWork.run(async tx => {
      await codes.add(tx, policyId, 1, [3, 1, 2].map(code));
      await codes.add(tx, other, 1, [9].map(code));
      await codes.add(tx, policyId, 4, [5, 4].map(code));
      await codes.redeem(tx, [{ code: 'CODE2', couponId: ids.next() }]);
    });
    const expected = [
      ...['CODE-3 AVAILABLE', 'CODE-1 AVAILABLE', 'CODE-2 REDEEMED'],
      ...['CODE-5 AVAILABLE', 'CODE-4 AVAILABLE'],
    ];
    for (const limit of [1, 2, 5, 6]) sameData(await walkCodes(fixture, policyId, limit), expected, `by ${limit}`);
  },
  async 'pages on through codes while more are made'(fixture) {
    const { unitOfWork, codes, queries } = fixture;
    const policyId = await anOpenPolicy(fixture);
    await unitOfWork.run(tx => codes.add(tx, policyId, 1, [1, 2, 3].map(code)));
    const first = await queries.codes({ policyId, limit: 2, cursor: null });
    await unitOfWork.run(tx => codes.add(tx, policyId, 4, [4, 5].map(code)));
    const second = await queries.codes({ policyId, limit: 50, cursor: first.nextCursor });
    const seen = [...first.items, ...second.items].map(item => item.code);
    sameData(seen, ['CODE-1', 'CODE-2', 'CODE-3', 'CODE-4', 'CODE-5']);
  },
  async 'tells how far a job has come'(fixture) {
    const { unitOfWork, codes, queries, ids } = fixture;
    const [policyId, jobId] = [await anOpenPolicy(fixture), ids.next()];
    const shape = { alphabet: ['2', '3'], template: [...'####'], checkDigit: false, capacity: 16n };
    await unitOfWork.run(async tx => {
      const { spaceId } = await codes.lockSpace(tx, shape, '00112233445566778899aabbccddeeff');
      const job: CodeJob = { jobId, policyId, spaceId, count: 10, created: 0, status: 'RUNNING' };
      await codes.startJob(tx, job);
    });
    sameData(await queries.codeJob(jobId), { jobId, policyId, status: 'RUNNING', created: 0, count: 10 });
    await unitOfWork.run(async tx => {
      const locked = await codes.lockJob(tx, jobId);
      if (locked) await codes.advance(tx, { ...locked.job, created: 10, status: 'DONE' }, 10n);
    });
    sameData(await queries.codeJob(jobId), { jobId, policyId, status: 'DONE', created: 10, count: 10 });
  },
});
