import assert from 'node:assert/strict';
import type { Campaign, Limits } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { aMoment, oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries } from './same-data.js';
import { aPolicy, born, noLimits, terms } from './samples.js';

export type CampaignRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'policies' | 'campaigns' | 'ids'>;
type Fixture = CampaignRepositoryFixture;

/** A policy with these limits, and its figures at zero. */
async function opened({ unitOfWork, policies, campaigns, ids }: Fixture, limits: Limits = noLimits): Promise<string> {
  const policyId = ids.next();
  await unitOfWork.run(async tx => {
    await policies.save(tx, [born(policyId, aPolicy({ terms: terms({ limits }) }))]);
    await campaigns.open(tx, policyId, limits);
  });
  return policyId;
}

async function locked({ campaigns }: Fixture, tx: Transaction, policyId: string): Promise<Campaign> {
  const campaign = (await campaigns.lock(tx, [policyId])).get(policyId);
  assert.ok(campaign, 'the campaign is there');
  return campaign;
}

const set = (fixture: Fixture, policyId: string, figures: Partial<Campaign>) =>
  fixture.unitOfWork.run(async tx => {
    const campaign = await locked(fixture, tx, policyId);
    await fixture.campaigns.save(tx, [{ ...campaign, ...figures }]);
  });

const figuresOf = (fixture: Fixture, policyId: string) => fixture.unitOfWork.run(tx => locked(fixture, tx, policyId));

const atZero = (policyId: string, budget: number | null = null) => ({
  ...{ policyId, issued: 0, day: null, issuedToday: 0, budgetTaken: 0 },
  budget,
});

const today = '2026-03-01';

const LOOKING = 'tells the figures without waiting for who holds the lock, and only what is committed';

const cases: Readonly<Record<string, (fixture: Fixture, another: () => Promise<Fixture>) => Promise<void>>> = {
  async 'gets a store of its own for every case'(fixture, another) {
    const policyId = await opened(fixture);
    const other = await another();
    sameEntries(await other.unitOfWork.run(tx => other.campaigns.lock(tx, [policyId])), []);
  },
  async 'begins at zero, with the budget of the policy'(fixture) {
    const [plain, rich] = [await opened(fixture), await opened(fixture, { ...noLimits, budget: 5_000_000 })];
    sameData(await figuresOf(fixture, plain), atZero(plain));
    sameData(await figuresOf(fixture, rich), atZero(rich, 5_000_000));
  },
  async 'leaves out what does not exist and answers each policy once, whatever the order'(fixture) {
    const [a, b] = [await opened(fixture), await opened(fixture)];
    const asked = [b, fixture.ids.next(), a, b];
    const found = await fixture.unitOfWork.run(tx => fixture.campaigns.lock(tx, asked));
    sameData([...found.keys()].sort(), [a, b].sort());
    for (const [policyId, campaign] of found) assert.equal(campaign.policyId, policyId);
    sameEntries(await fixture.unitOfWork.run(tx => fixture.campaigns.lock(tx, [])), []);
    await fixture.unitOfWork.run(tx => fixture.campaigns.save(tx, []));
  },
  async 'reads back every figure as it was written, money up to the largest safe integer'(fixture) {
    const policyId = await opened(fixture);
    const figures = {
      ...{ issued: 2_147_483_647, day: '2028-02-29', issuedToday: 300 },
      budgetTaken: Number.MAX_SAFE_INTEGER,
    };
    await set(fixture, policyId, figures);
    sameData(await figuresOf(fixture, policyId), { policyId, budget: null, ...figures });
    await set(fixture, policyId, { day: null, issuedToday: 0 });
    sameData(await figuresOf(fixture, policyId), { policyId, budget: null, ...figures, day: null, issuedToday: 0 });
  },
  async 'writes the figures of several campaigns in one call, each to its own'(fixture) {
    const ids = [await opened(fixture), await opened(fixture), await opened(fixture)];
    await fixture.unitOfWork.run(async tx => {
      const all = await fixture.campaigns.lock(tx, ids);
      const next = ids.map((id, i) => ({
        ...(all.get(id) as Campaign),
        issued: i + 1,
        day: today,
        issuedToday: i + 1,
      }));
      await fixture.campaigns.save(tx, next.reverse());
    });
    for (const [i, id] of ids.entries()) assert.equal((await figuresOf(fixture, id)).issued, i + 1);
  },
  async 'reads in a transaction what it wrote there'(fixture) {
    const policyId = await opened(fixture);
    await fixture.unitOfWork.run(async tx => {
      const campaign = await locked(fixture, tx, policyId);
      await fixture.campaigns.save(tx, [{ ...campaign, issued: 1, day: today, issuedToday: 1 }]);
      assert.equal((await locked(fixture, tx, policyId)).issued, 1);
    });
  },
  async 'counts exactly when twenty issue from one campaign at the same time'(fixture) {
    const policyId = await opened(fixture);
    const sequences = await twenty(() =>
      fixture.unitOfWork.run(async tx => {
        const campaign = await locked(fixture, tx, policyId);
        const issued = campaign.issued + 1;
        await fixture.campaigns.save(tx, [
          { ...campaign, issued, day: today, issuedToday: issued, budgetTaken: campaign.budgetTaken + 100 },
        ]);
        return issued;
      }),
    );
    const expected = Array.from({ length: 20 }, (_, index) => index + 1);
    sameData(
      [...sequences].sort((a, b) => a - b),
      expected,
      'every sequence number is given out once',
    );
    const { issued, issuedToday, budgetTaken } = await figuresOf(fixture, policyId);
    sameData({ issued, issuedToday, budgetTaken }, { issued: 20, issuedToday: 20, budgetTaken: 2_000 });
  },
  async 'keeps a second lock waiting until the first transaction ends, and shows it what the first wrote'(fixture) {
    const policyId = await opened(fixture);
    let seen = -1;
    const order = await oneAfterTheOther(
      fixture.unitOfWork,
      async tx => {
        const campaign = await locked(fixture, tx, policyId);
        await fixture.campaigns.save(tx, [{ ...campaign, issued: 7, day: today, issuedToday: 7 }]);
      },
      async tx => {
        seen = (await locked(fixture, tx, policyId)).issued;
      },
    );
    sameData([order, seen], [['first', 'second'], 7]);
  },
  async 'keeps a second lock waiting although the first has written nothing yet'(fixture) {
    const policyId = await opened(fixture);
    const lock = (tx: Transaction) => locked(fixture, tx, policyId);
    sameData(await oneAfterTheOther(fixture.unitOfWork, lock, lock), ['first', 'second']);
  },
  async [LOOKING](fixture) {
    const { unitOfWork, campaigns, ids } = fixture;
    const policyId = await opened(fixture, { ...noLimits, budget: 900 });
    const told = () => unitOfWork.run(tx => campaigns.load(tx, [policyId, ids.next(), policyId]));
    let meanwhile: ReadonlyMap<string, Campaign> = new Map();
    await unitOfWork.run(async tx => {
      const campaign = await locked(fixture, tx, policyId);
      await campaigns.save(tx, [{ ...campaign, issued: 7, day: today, issuedToday: 7, budgetTaken: 70 }]);
      meanwhile = await told();
      assert.equal(
        (await campaigns.load(tx, [policyId])).get(policyId)?.issued,
        7,
        'what the transaction itself wrote',
      );
    });
    sameEntries<unknown>(meanwhile, [[policyId, atZero(policyId, 900)]]);
    const now = { ...atZero(policyId, 900), issued: 7, day: today, issuedToday: 7, budgetTaken: 70 };
    sameEntries<unknown>(await told(), [[policyId, now]]);
  },
  async 'takes back new campaigns, figures and limits when the work fails'(fixture) {
    const { unitOfWork, campaigns, policies, ids } = fixture;
    const policyId = await opened(fixture, { ...noLimits, total: 10, budget: 1_000 });
    const never = ids.next();
    await rolledBack(unitOfWork, async tx => {
      const campaign = await locked(fixture, tx, policyId);
      await campaigns.save(tx, [{ ...campaign, issued: 1, day: today, issuedToday: 1 }]);
      await campaigns.limit(tx, policyId, { ...noLimits, total: 1, budget: 5 });
      await policies.save(tx, [born(never, aPolicy())]);
      await campaigns.open(tx, never, noLimits);
    });
    sameData(await figuresOf(fixture, policyId), atZero(policyId, 1_000));
    sameEntries(await unitOfWork.run(tx => campaigns.lock(tx, [never])), []);
    await set(fixture, policyId, { issued: 10, day: today, issuedToday: 10 });
  },
  async 'shows nobody figures that may still be taken back'(fixture) {
    const policyId = await opened(fixture);
    const seen: Promise<number>[] = [];
    await rolledBack(
      fixture.unitOfWork,
      async tx => {
        const campaign = await locked(fixture, tx, policyId);
        await fixture.campaigns.save(tx, [{ ...campaign, issued: 7, day: today, issuedToday: 7 }]);
      },
      async () => {
        seen.push(figuresOf(fixture, policyId).then(({ issued }) => issued));
        await Promise.race([aMoment(), ...seen]);
      },
    );
    sameData(await Promise.all(seen), [0]);
  },
  async 'upholds the limits itself: the figure at its limit is written, one more throws'(fixture) {
    const limits = { total: 10, perUser: null, perDay: 5, budget: 1_000 };
    const boundaries: readonly (readonly [Partial<Campaign>, Partial<Campaign>])[] = [
      [{ issued: 10 }, { issued: 11 }],
      [
        { day: today, issuedToday: 5 },
        { day: today, issuedToday: 6 },
      ],
      [{ budgetTaken: 1_000 }, { budgetTaken: 1_001 }],
      [{ budgetTaken: 0 }, { budgetTaken: -1 }],
    ];
    for (const [allowed, refused] of boundaries) {
      const policyId = await opened(fixture, limits);
      await set(fixture, policyId, allowed);
      await assert.rejects(set(fixture, policyId, refused), `${JSON.stringify(refused)} must throw`);
      sameData(await figuresOf(fixture, policyId), { ...atZero(policyId, 1_000), ...allowed });
    }
  },
  async 'upholds new limits from then on, and tells the new budget'(fixture) {
    const policyId = await opened(fixture, { ...noLimits, total: 10, budget: 1_000 });
    const limit = (limits: Partial<Limits>) =>
      fixture.unitOfWork.run(async tx => {
        await locked(fixture, tx, policyId);
        await fixture.campaigns.limit(tx, policyId, { ...noLimits, ...limits });
      });
    await limit({ total: 20, budget: 2_000 });
    assert.equal((await figuresOf(fixture, policyId)).budget, 2_000);
    await set(fixture, policyId, { issued: 20, budgetTaken: 2_000 });
    await assert.rejects(set(fixture, policyId, { issued: 21 }));
    await limit({});
    assert.equal((await figuresOf(fixture, policyId)).budget, null);
    await set(fixture, policyId, { issued: 21, budgetTaken: 2_001 });
  },
  async 'refuses a limit below the figures of now, and keeps the old one'(fixture) {
    const policyId = await opened(fixture, { ...noLimits, total: 10, budget: 1_000 });
    await set(fixture, policyId, { issued: 5, budgetTaken: 500 });
    for (const limits of [{ total: 4 }, { budget: 499 }]) {
      const lower = fixture.unitOfWork.run(tx => fixture.campaigns.limit(tx, policyId, { ...noLimits, ...limits }));
      await assert.rejects(lower, `${JSON.stringify(limits)} must throw`);
    }
    await assert.rejects(set(fixture, policyId, { issued: 11 }), 'the old limit still holds');
    assert.equal((await figuresOf(fixture, policyId)).budget, 1_000);
  },
};

export const campaignRepositoryContract = contract('CampaignRepository', cases, {
  [LOOKING]: 'concurrent transactions',
});
