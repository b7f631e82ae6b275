import assert from 'node:assert/strict';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';

/** A promise that somebody else resolves. */
export interface Signal {
  readonly happens: Promise<void>;
  give(): void;
}

export function signal(): Signal {
  let give: () => void = () => undefined;
  const happens = new Promise<void>(resolve => {
    give = resolve;
  });
  return { happens, give };
}

/** Time enough for an answer that should not come. No case relies on it to pass. */
export const aMoment = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 40));

/** Twenty at the same time. */
export const twenty = <Result>(work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 20 }, (_, index) => work(index)));

/** Runs work that gives up at the end, so that all its writes must be taken back. */
export async function rolledBack(
  unitOfWork: UnitOfWork,
  work: (tx: Transaction) => Promise<unknown>,
  whileItIsOpen: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  await assert.rejects(
    unitOfWork.run(async tx => {
      await work(tx);
      await whileItIsOpen();
      throw new Error('given up on purpose');
    }),
    /given up on purpose/,
  );
}

/**
 * While the first transaction has done its work and is still open, the second starts. Answers in which order things
 * ended: a lock that excludes lets the second do its work only after the end of the first.
 */
export async function oneAfterTheOther(
  unitOfWork: UnitOfWork,
  first: (tx: Transaction) => Promise<unknown>,
  second: (tx: Transaction) => Promise<unknown>,
): Promise<readonly string[]> {
  const order: string[] = [];
  const [begun, enough] = [signal(), signal()];
  const one = unitOfWork.run(async tx => {
    await first(tx);
    begun.give();
    await enough.happens;
    order.push('first');
  });
  await Promise.race([begun.happens, one]);
  const two = unitOfWork.run(async tx => {
    await second(tx);
    order.push('second');
  });
  await Promise.race([aMoment(), two.catch(() => undefined)]);
  enough.give();
  await Promise.all([one, two]);
  return order;
}

/** While `first` has done its work and its transaction is still open, `second` runs in one of its own, to its end. */
export async function meanwhile<Result>(
  unitOfWork: UnitOfWork,
  first: (tx: Transaction) => Promise<unknown>,
  second: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return unitOfWork.run(async tx => {
    await first(tx);
    return unitOfWork.run(second);
  });
}
