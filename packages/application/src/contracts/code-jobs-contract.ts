import assert from 'node:assert/strict';
import type { CodeSpace } from '@org/domain';
import type { CodeJob } from '../ports/code-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import type { CodeRepositoryFixture as Fixture } from './code-repository-contract.js';
import { meanwhile, oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameMembers } from './same-data.js';
import { anOpenPolicy } from './samples.js';

/** Codes of six characters behind a prefix; another prefix is another space. */
const space = (prefix = 'A', capacity = 887_503_681n): CodeSpace => ({
  alphabet: [...'23456789ABCDEFGHJKMNPQRSTUVWXYZ'],
  template: [prefix, '-', ...'#######'],
  checkDigit: true,
  capacity,
});
const KEY = '00112233445566778899aabbccddeeff';
const OTHER_KEY = 'ffeeddccbbaa99887766554433221100';

const lockSpace = ({ unitOfWork, codes }: Fixture, shape = space(), key = KEY) =>
  unitOfWork.run(tx => codes.lockSpace(tx, shape, key));

/** A running job of a new policy in the space of this shape. */
async function started(fixture: Fixture, shape = space(), changed: Partial<CodeJob> = {}): Promise<CodeJob> {
  const policyId = await anOpenPolicy(fixture);
  return fixture.unitOfWork.run(async tx => {
    const { spaceId } = await fixture.codes.lockSpace(tx, shape, KEY);
    const job: CodeJob = {
      ...{ jobId: fixture.ids.next(), policyId, spaceId, count: 100, created: 0, status: 'RUNNING' },
      ...changed,
    };
    await fixture.codes.startJob(tx, job);
    return job;
  });
}

const lockJob = ({ unitOfWork, codes }: Fixture, jobId: string) => unitOfWork.run(tx => codes.lockJob(tx, jobId));

const skipsTheLocked = 'answers null for a job that another process is at, without waiting';

export const codeJobsContract = contract<Fixture>(
  'CodeRepository: spaces and jobs',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      const { jobId } = await started(fixture);
      assert.equal(await lockJob(await another(), jobId), null);
    },
    async 'begins a space at zero with the key of its first caller'(fixture) {
      const { spaceId, ...begun } = await lockSpace(fixture);
      sameData(begun, { space: space(), key: KEY, nextIndex: 0n });
      sameData(await lockSpace(fixture, space(), OTHER_KEY), { spaceId, ...begun });
    },
    async 'knows a shape again whatever the order of its fields, and tells other shapes apart'(fixture) {
      const { spaceId } = await lockSpace(fixture);
      const { alphabet, template, checkDigit, capacity } = space();
      assert.equal((await lockSpace(fixture, { capacity, checkDigit, template, alphabet })).spaceId, spaceId);
      const others = [space('B'), { ...space(), checkDigit: false }, { ...space(), alphabet: ['A', 'B'] }];
      const ids = await Promise.all(others.map(async other => (await lockSpace(fixture, other)).spaceId));
      assert.equal(new Set([spaceId, ...ids]).size, 4);
    },
    async 'begins a space once when twenty begin it at the same time'(fixture) {
      const keys = Array.from({ length: 20 }, (_, index) => index.toString(16).padStart(32, '0'));
      const states = await twenty(index => lockSpace(fixture, space(), keys[index]));
      assert.equal(new Set(states.map(({ spaceId, key }) => `${spaceId} ${key}`)).size, 1);
    },
    async 'keeps capacities and indexes beyond the numbers of a double'(fixture) {
      const [huge, beyond] = [31n ** 60n, 2n ** 70n + 1n];
      const job = await started(fixture, space('H', huge));
      await fixture.unitOfWork.run(async tx => {
        await fixture.codes.lockJob(tx, job.jobId);
        await fixture.codes.advance(tx, job, beyond);
      });
      const state = await lockSpace(fixture, space('H', huge));
      sameData([state.space.capacity, state.nextIndex], [huge, beyond]);
    },
    async 'answers all spaces'(fixture) {
      const spaces = () => fixture.unitOfWork.run(tx => fixture.codes.spaces(tx));
      const prefixes = async () => (await spaces()).map(({ template }) => template[0] ?? '');
      sameData(await spaces(), []);
      await started(fixture, space('A'));
      await started(fixture, space('B'));
      await started(fixture, space('A'));
      sameMembers(await prefixes(), ['A', 'B']);
      sameData(
        (await spaces()).find(({ template }) => template[0] === 'B'),
        space('B'),
      );
    },
    async 'locks a job together with its space'(fixture) {
      const job = await started(fixture);
      const state = await lockSpace(fixture);
      sameData(await lockJob(fixture, job.jobId), { job, space: state });
      assert.equal(await lockJob(fixture, fixture.ids.next()), null);
    },
    async 'goes on where the last advance came to'(fixture) {
      const { unitOfWork, codes } = fixture;
      const job = await started(fixture);
      for (const [created, status] of [
        [40, 'RUNNING'],
        [100, 'DONE'],
      ] as const) {
        await unitOfWork.run(async tx => {
          const locked = await codes.lockJob(tx, job.jobId);
          assert.ok(locked);
          await codes.advance(tx, { ...locked.job, created, status }, BigInt(created + 7));
        });
        const again = await lockJob(fixture, job.jobId);
        sameData([again?.job, again?.space.nextIndex], [{ ...job, created, status }, BigInt(created + 7)]);
      }
    },
    async 'shares the index of a space among the jobs of its shape'(fixture) {
      const [first, second] = [await started(fixture), await started(fixture)];
      await fixture.unitOfWork.run(async tx => {
        await fixture.codes.lockJob(tx, first.jobId);
        await fixture.codes.advance(tx, { ...first, created: 10 }, 10n);
      });
      const locked = await lockJob(fixture, second.jobId);
      sameData([locked?.space.nextIndex, locked?.job.created], [10n, 0]);
    },
    async 'gives no index out twice when twenty advance jobs of one space'(fixture) {
      const { unitOfWork, codes } = fixture;
      const jobs = await Promise.all(Array.from({ length: 20 }, () => started(fixture)));
      const indexes = await twenty(index =>
        unitOfWork.run(async tx => {
          const locked = await codes.lockJob(tx, jobs[index]?.jobId ?? '');
          assert.ok(locked);
          await codes.advance(tx, { ...locked.job, created: 1 }, locked.space.nextIndex + 1n);
          return Number(locked.space.nextIndex);
        }),
      );
      sameData(
        [...indexes].sort((a, b) => a - b),
        indexes.map((_, index) => index),
      );
      assert.equal((await lockSpace(fixture)).nextIndex, 20n);
    },
    async 'sums what the running jobs of a space still have to make'(fixture) {
      const pending = (spaceId: string) => fixture.unitOfWork.run(tx => fixture.codes.pendingIn(tx, spaceId));
      const { spaceId } = await started(fixture, space(), { count: 100, created: 30 });
      await started(fixture, space(), { count: 2_000_000_000 });
      await started(fixture, space(), { count: 2_000_000_000 });
      await started(fixture, space(), { count: 50, created: 50, status: 'DONE' });
      await started(fixture, space(), { count: 50, created: 10, status: 'FAILED' });
      await started(fixture, space('B'), { count: 7 });
      sameData([await pending(spaceId), await pending(fixture.ids.next())], [4_000_000_070n, 0n]);
    },
    async 'names the running jobs as unfinished'(fixture) {
      const running = [await started(fixture), await started(fixture, space('B'))];
      await started(fixture, space(), { status: 'DONE', created: 100 });
      await started(fixture, space(), { status: 'FAILED' });
      const unfinished = await fixture.unitOfWork.run(tx => fixture.codes.unfinishedJobs(tx));
      sameMembers(
        unfinished,
        running.map(({ jobId }) => jobId),
      );
    },
    async 'keeps a second lock on a space waiting until the first transaction ends'(fixture) {
      const { unitOfWork, codes } = fixture;
      const job = await started(fixture);
      let seen: bigint | undefined;
      const order = await oneAfterTheOther(
        unitOfWork,
        async (tx: Transaction) => {
          await codes.lockJob(tx, job.jobId);
          await codes.advance(tx, job, 5n);
        },
        async tx => {
          seen = (await codes.lockSpace(tx, space(), OTHER_KEY)).nextIndex;
        },
      );
      sameData([order, seen], [['first', 'second'], 5n]);
    },
    async [skipsTheLocked](fixture) {
      const { unitOfWork, codes } = fixture;
      const { jobId } = await started(fixture);
      const seen = await meanwhile(
        unitOfWork,
        tx => codes.lockJob(tx, jobId),
        tx => codes.lockJob(tx, jobId),
      );
      assert.equal(seen, null);
      assert.ok(await lockJob(fixture, jobId));
    },
    async 'takes back spaces, jobs and their advance when the work fails'(fixture) {
      const { unitOfWork, codes, ids } = fixture;
      const job = await started(fixture);
      const never = ids.next();
      await rolledBack(unitOfWork, async tx => {
        await codes.lockJob(tx, job.jobId);
        await codes.advance(tx, { ...job, created: 9 }, 9n);
        await codes.lockSpace(tx, space('B'), OTHER_KEY);
        await codes.startJob(tx, { ...job, jobId: never });
      });
      const locked = await lockJob(fixture, job.jobId);
      sameData([locked?.job, locked?.space.nextIndex], [job, 0n]);
      assert.equal(await lockJob(fixture, never), null);
      assert.equal((await unitOfWork.run(tx => codes.spaces(tx))).length, 1);
      assert.equal((await lockSpace(fixture, space('B'), KEY)).key, KEY);
    },
  },
  { [skipsTheLocked]: 'concurrent transactions' },
);
