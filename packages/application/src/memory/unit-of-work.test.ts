import { aPolicy, aReservation, born } from '../contracts/samples.js';
import { ConflictError } from '../ports/errors.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { inMemoryAdapters } from './adapters.js';
import { DeadlockError } from './errors.js';
import { InMemoryUnitOfWork } from './unit-of-work.js';

const twoPolicies = async () => {
  const { unitOfWork, policies, ...rest } = inMemoryAdapters();
  await unitOfWork.run(tx => policies.save(tx, [born('a', aPolicy()), born('b', aPolicy())]));
  const lock = (tx: Transaction, id: string) => policies.load(tx, [id], { lock: true });
  return { ...rest, unitOfWork, policies, lock };
};

describe('in-memory transactions', () => {
  it('run one of two again that wait for each other', async () => {
    const { unitOfWork, lock } = await twoPolicies();
    let runs = 0;
    const both = (first: string, second: string) =>
      unitOfWork.run(async tx => {
        runs += 1;
        await lock(tx, first);
        await lock(tx, second);
        return `${first}${second}`;
      });
    await expect(Promise.all([both('a', 'b'), both('b', 'a')])).resolves.toEqual(['ab', 'ba']);
    expect(runs).toBe(3);
  });

  it('find a circle of three', async () => {
    const { unitOfWork, policies, lock } = await twoPolicies();
    await unitOfWork.run(tx => policies.save(tx, [born('c', aPolicy())]));
    const pair = (first: string, second: string) =>
      unitOfWork.run(async tx => {
        await lock(tx, first);
        await lock(tx, second);
      });
    await Promise.all([pair('a', 'b'), pair('b', 'c'), pair('c', 'a')]);
  });

  it('give up with a conflict when the deadlocks do not end', async () => {
    let runs = 0;
    const work = async () => {
      runs += 1;
      throw new DeadlockError('again');
    };
    await expect(new InMemoryUnitOfWork(3).run(work)).rejects.toThrow(ConflictError);
    expect(runs).toBe(3);
  });

  it('are lost after a breach even if the work catches it, as in a database', async () => {
    const { unitOfWork, reservations, policies } = await twoPolicies();
    const caught = unitOfWork.run(async tx => {
      await policies.save(tx, [{ id: 'a', expectedVersion: 1, version: 2, state: aPolicy() }]);
      await reservations.save(tx, [born('r1', aReservation('coupon-1'))]);
      await reservations.save(tx, [born('r2', aReservation('coupon-1'))]).catch(() => undefined);
    });
    await expect(caught).rejects.toMatchObject({ code: 'CONSTRAINT' });
    const loaded = await unitOfWork.run(tx => policies.load(tx, ['a']));
    expect(loaded.get('a')?.version).toBe(1);
  });

  it('refuse work that goes on after their end', async () => {
    const { unitOfWork, policies } = await twoPolicies();
    let late: Transaction | undefined;
    await unitOfWork.run(async tx => {
      late = tx;
    });
    await expect(policies.load(late as Transaction, ['a'])).rejects.toThrow('the transaction is over');
  });
});

describe('stored data', () => {
  it('is a copy: what the writer changes afterwards is not stored', async () => {
    const { unitOfWork, policies } = inMemoryAdapters();
    const mine = { ...aPolicy(), status: 'DRAFT' as 'DRAFT' | 'ENDED' };
    await unitOfWork.run(tx => policies.save(tx, [born('a', mine)]));
    mine.status = 'ENDED';
    const loaded = await unitOfWork.run(tx => policies.load(tx, ['a']));
    expect(loaded.get('a')?.state.status).toBe('DRAFT');
  });

  it('is frozen: a reader that changes it gets a TypeError', async () => {
    const { unitOfWork, policies } = await twoPolicies();
    const state = (await unitOfWork.run(tx => policies.load(tx, ['a']))).get('a')?.state as { status: string };
    expect(() => {
      state.status = 'ENDED';
    }).toThrow(TypeError);
  });
});
