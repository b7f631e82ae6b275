import { counter, liesAbout, lying } from './lie.fixtures.js';

const next = counter();

export const liesAboutCodes = [
  ...liesAbout('CodeRepository', {
    'redeems a code twice': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          redeem: async (tx, redeemed) => {
            await codes.redeem(tx, redeemed);
            return new Set(redeemed.map(({ code }) => code));
          },
        }),
      }),
      caughtBy: [
        'redeems a free code for its coupon, once',
        'gives a code to one of twenty that redeem it at the same time',
      ],
    },
    'forgets to lock codes': {
      tell: ({ codes }) => ({ codes: lying(codes, { find: (tx, asked) => codes.find(tx, asked) }) }),
      caughtBy: [
        'keeps a second lock on a code waiting until the first transaction ends',
        'keeps those who would redeem a locked code waiting',
      ],
    },
    'counts skipped codes as added': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          add: async (tx, policyId, first, added) => {
            await codes.add(tx, policyId, first, added);
            return added.length;
          },
        }),
      }),
      caughtBy: ['skips codes that somebody has, and leaves no gap for them'],
    },
    'leaves gaps for skipped codes': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          add: async (tx, policyId, first, added) => {
            let count = 0;
            for (const [i, code] of added.entries()) count += await codes.add(tx, policyId, first + i, [code]);
            return count;
          },
        }),
      }),
      caughtBy: ['skips codes that somebody has, and leaves no gap for them'],
    },
    'fails when one code is known': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          add: async (tx, policyId, first, added) => {
            const known = await codes.find(
              tx,
              added.map(({ code }) => code),
            );
            if (known.size > 0) throw new Error('duplicate key');
            return codes.add(tx, policyId, first, added);
          },
        }),
      }),
      caughtBy: ['skips codes that somebody has, and leaves no gap for them'],
    },
    'redeems outside of the transaction': {
      tell: ({ codes, unitOfWork }) => ({
        codes: lying(codes, { redeem: (_, redeemed) => unitOfWork.run(own => codes.redeem(own, redeemed)) }),
      }),
      caughtBy: [
        'takes back codes and their redemption when the work fails',
        'shows nobody a redemption that may still be taken back',
      ],
    },
  }),
  ...liesAbout('CodeRepository: spaces and jobs', {
    'begins a space anew for every caller': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          lockSpace: async (tx, space, key) => {
            const template = [...space.template, String(next())];
            return { ...(await codes.lockSpace(tx, { ...space, template }, key)), space };
          },
        }),
      }),
      caughtBy: [
        'begins a space at zero with the key of its first caller',
        'begins a space once when twenty begin it at the same time',
      ],
    },
    'tells shapes apart by the order of their fields': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          lockSpace: async (tx, space, key) => {
            const template = [...space.template, Object.keys(space).join()];
            return { ...(await codes.lockSpace(tx, { ...space, template }, key)), space };
          },
        }),
      }),
      caughtBy: ['knows a shape again whatever the order of its fields, and tells other shapes apart'],
    },
    'gives an index out twice': {
      tell: ({ codes }) => ({ codes: lying(codes, { advance: (tx, job) => codes.advance(tx, job, 0n) }) }),
      caughtBy: [
        'gives no index out twice when twenty advance jobs of one space',
        'goes on where the last advance came to',
      ],
    },
    'counts indexes in doubles': {
      tell: ({ codes }) => ({
        codes: lying(codes, { advance: (tx, job, index) => codes.advance(tx, job, BigInt(Number(index))) }),
      }),
      caughtBy: ['keeps capacities and indexes beyond the numbers of a double'],
    },
    'lets two processes at one job': {
      tell: ({ codes, unitOfWork }) => ({
        codes: lying(codes, {
          lockJob: (_, jobId) => unitOfWork.run(own => codes.lockJob(own, jobId)),
          advance: async (tx, job, index) => {
            await codes.lockJob(tx, job.jobId);
            await codes.advance(tx, job, index);
          },
        }),
      }),
      caughtBy: [
        'answers null for a job that another process is at, without waiting',
        'gives no index out twice when twenty advance jobs of one space',
      ],
    },
    'waits for a job that another process is at': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          lockJob: async (tx, jobId) => {
            await codes.jobs.lock(tx, [jobId]);
            return codes.lockJob(tx, jobId);
          },
        }),
      }),
      caughtBy: ['answers null for a job that another process is at, without waiting'],
    },
    'goes on with jobs that have failed': {
      tell: ({ codes }) => ({
        codes: lying(codes, { unfinishedJobs: async tx => codes.jobs.entries(tx).map(([jobId]) => jobId) }),
      }),
      caughtBy: ['names the running jobs as unfinished'],
    },
    'sums what all jobs were asked for': {
      tell: ({ codes }) => ({
        codes: lying(codes, {
          pendingIn: async tx => codes.jobs.entries(tx).reduce((sum, [, { count }]) => sum + BigInt(count), 0n),
        }),
      }),
      caughtBy: ['sums what the running jobs of a space still have to make'],
    },
  }),
  ...liesAbout('CodeSecrets', {
    'has one key for all': {
      tell: ({ codeSecrets }) => {
        const key = codeSecrets.newKey();
        return { codeSecrets: lying(codeSecrets, { newKey: () => key }) };
      },
      caughtBy: [
        'makes keys of at least 128 bits, in hex, none twice',
        'gives other numbers for another key, round or half',
      ],
    },
    'forgets the round': {
      tell: ({ codeSecrets }) => ({
        codeSecrets: lying(codeSecrets, { prf: key => (_, half) => codeSecrets.prf(key)(0, half) }),
      }),
      caughtBy: ['gives other numbers for another key, round or half'],
    },
    'throws dice': {
      tell: ({ codeSecrets }) => ({ codeSecrets: lying(codeSecrets, { prf: () => () => BigInt(next()) }) }),
      caughtBy: ['gives the same number for the same key, round and half, whoever asks and when'],
    },
  }),
];
