import assert from 'node:assert/strict';
import type { Account } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { EmailTakenError } from '../ports/account-repository.js';
import { anAccount } from './account-samples.js';
import { rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries } from './same-data.js';
import { born } from './samples.js';

export type AccountRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'accounts' | 'ids'>;
type Fixture = AccountRepositoryFixture;

const create = ({ unitOfWork, accounts }: Fixture, id: string, state: Account) =>
  unitOfWork.run(tx => accounts.save(tx, [born(id, state)]));
const byEmail = ({ unitOfWork, accounts }: Fixture, emails: readonly string[]) =>
  unitOfWork.run(tx => accounts.idsByEmail(tx, emails));
const isTaken = (error: unknown) => error instanceof EmailTakenError && error.code === 'CONFLICT';

export const accountRepositoryContract = contract<Fixture>('AccountRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    await create(fixture, fixture.ids.next(), anAccount('ann@shop.example'));
    sameEntries(await byEmail(await another(), ['ann@shop.example']), []);
  },
  async 'finds accounts by their addresses, in whatever case, under the words of the question'(fixture) {
    const [ann, bob] = [fixture.ids.next(), fixture.ids.next()];
    await create(fixture, ann, anAccount('Ann@Shop.example'));
    await create(fixture, bob, anAccount('bob@shop.example'));
    sameEntries(await byEmail(fixture, ['BOB@shop.example', 'nobody@shop.example', 'ann@shop.EXAMPLE']), [
      ['BOB@shop.example', bob],
      ['ann@shop.EXAMPLE', ann],
    ]);
    sameEntries(await byEmail(fixture, []), []);
  },
  async 'refuses an address that another account has, and writes nothing of that transaction'(fixture) {
    const [owner, other, neighbour] = [fixture.ids.next(), fixture.ids.next(), fixture.ids.next()];
    await create(fixture, owner, anAccount('ann@shop.example'));
    const claim = fixture.unitOfWork.run(async tx => {
      await fixture.accounts.save(tx, [born(neighbour, anAccount('bob@shop.example'))]);
      await fixture.accounts.save(tx, [born(other, anAccount('ANN@shop.example'))]);
    });
    await assert.rejects(claim, isTaken);
    sameEntries(await byEmail(fixture, ['ann@shop.example', 'bob@shop.example']), [['ann@shop.example', owner]]);
  },
  async 'gives an address to one of twenty that want it at the same time'(fixture) {
    const outcomes = await twenty(() => {
      const id = fixture.ids.next();
      return create(fixture, id, anAccount('ann@shop.example')).then(
        () => id,
        (error: unknown) => {
          assert.ok(isTaken(error), String(error));
          return null;
        },
      );
    });
    const winners = outcomes.filter(id => id !== null);
    assert.equal(winners.length, 1);
    sameEntries(await byEmail(fixture, ['ann@shop.example']), [['ann@shop.example', winners[0] ?? '']]);
  },
  async 'lets an account keep its address through its life'(fixture) {
    const id = fixture.ids.next();
    await create(fixture, id, anAccount('ann@shop.example'));
    const state = anAccount('ann@shop.example', { profile: { email: 'ann@shop.example', name: 'B', phone: null } });
    const next = { id, expectedVersion: 1, version: 2, state };
    const written = await fixture.unitOfWork.run(tx => fixture.accounts.save(tx, [next]));
    assert.ok(written.has(id));
    sameEntries(await byEmail(fixture, ['ann@shop.example']), [['ann@shop.example', id]]);
  },
  async 'seals nothing again that the newest key has sealed'(fixture) {
    const { unitOfWork, accounts, ids } = fixture;
    const id = ids.next();
    await create(fixture, id, anAccount('ann@shop.example'));
    sameData(await unitOfWork.run(tx => accounts.reseal(tx, 10)), { resealed: 0, olderKeys: 0 });
    const loaded = await unitOfWork.run(tx => accounts.load(tx, [id]));
    sameData(loaded.get(id), { version: 1, state: anAccount('ann@shop.example') });
  },
  async 'frees an address that was wanted in a transaction that failed'(fixture) {
    const [failed, id] = [fixture.ids.next(), fixture.ids.next()];
    await rolledBack(fixture.unitOfWork, tx => fixture.accounts.save(tx, [born(failed, anAccount('a@shop.example'))]));
    sameEntries(await byEmail(fixture, ['a@shop.example']), []);
    await create(fixture, id, anAccount('a@shop.example'));
  },
});
