import type { Adapters } from './adapters.js';
import { coalesce } from './coalesce.js';
import type { Outcome } from './outcome.js';
import { ConflictError, InfrastructureError } from './ports/errors.js';
import type { Claim, IdempotencyStore, KeyedRequest } from './ports/idempotency-store.js';
import type { Transaction } from './ports/unit-of-work.js';

/** Every write: a set of inputs in, one outcome for each in the same order, inside a transaction that is open. */
export type UseCase<Input, Result> = (tx: Transaction, inputs: readonly Input[]) => Promise<readonly Result[]>;

/** A request that may be sent twice and takes effect once. */
export interface Once<Result> {
  readonly request: KeyedRequest;
  /** The answer to keep and to repeat byte for byte; null = not kept, the key stays free. */
  answer(result: Result): string | null;
}

export interface Item<Input, Result> {
  readonly input: Input;
  readonly once?: Once<Result> | undefined;
}

export type Answered<Result> =
  | { readonly kind: 'DONE'; readonly result: Result }
  | { readonly kind: 'REPLAY'; readonly response: string }
  | { readonly kind: 'OTHER_REQUEST' }
  | { readonly kind: 'IN_FLIGHT' };

/** The front door of a use case, as it is called from outside. */
export type Door<Input, Value> = (item: Item<Input, Outcome<Value>>) => Promise<Answered<Outcome<Value>>>;

/** The answer to whoever claims in vain; null = there is work to do. */
export function withoutDoing(claim: Claim | undefined): Exclude<Answered<never>, { readonly kind: 'DONE' }> | null {
  if (!claim || claim.claim === 'NEW') return null;
  return claim.claim === 'REPLAY' ? { kind: 'REPLAY', response: claim.response } : { kind: claim.claim };
}

/** Does what was not done before, and keeps the answers in the same transaction as the effects. */
async function answerAll<Input, Result>(
  store: IdempotencyStore,
  tx: Transaction,
  items: readonly Item<Input, Result>[],
  useCase: UseCase<Input, Result>,
): Promise<Answered<Result>[]> {
  const keyed = items.flatMap(({ once }) => (once ? [once] : []));
  const claims =
    keyed.length > 0
      ? await store.claim(
          tx,
          keyed.map(({ request }) => request),
        )
      : [];
  const claimOf = new Map(keyed.map((once, i) => [once, claims[i]]));
  const answerOf = ({ once }: Item<Input, Result>) => withoutDoing(once && claimOf.get(once));
  const fresh = items.filter(item => answerOf(item) === null);
  const results =
    fresh.length > 0
      ? await useCase(
          tx,
          fresh.map(({ input }) => input),
        )
      : [];
  if (results.length !== fresh.length) throw new Error(`${results.length} results for ${fresh.length} inputs`);
  const answers = fresh.flatMap(({ once }, i) => {
    const response = once ? once.answer(results[i] as Result) : null;
    return once && response !== null ? [{ ...once.request, response }] : [];
  });
  if (answers.length > 0) await store.complete(tx, answers);
  let next = 0;
  return items.map(item => answerOf(item) ?? { kind: 'DONE', result: results[next++] as Result });
}

/**
 * Stands round the transaction of a batch: `run` opens it, and does in it what is asked first, before anything is
 * written. It is left when the transaction is over.
 */
export type Guard<Input> = <Result>(
  inputs: readonly Input[],
  run: (first: (tx: Transaction) => Promise<void>) => Promise<Result>,
) => Promise<Result>;

export interface DoorOptions<Input> {
  /** Calls that arrive together share a transaction (group commit); false = one transaction each. */
  readonly together: boolean;
  readonly maxBatch?: number;
  /** Batches at a time, per lane. */
  readonly concurrency?: number;
  /** Inputs of different lanes never wait for each other; default: one lane. */
  readonly lane?: (input: Input) => string;
  /** Default: nothing but the locks of the rows. */
  readonly guard?: Guard<Input>;
}

/** Nobody is refused because his neighbour in a batch can't be helped; a store that fails, fails all. */
const isOfOne = (error: unknown) => !(error instanceof InfrastructureError);

/** The front door of a use case: one call outside, a batch inside. */
export function door<Input, Result>(
  { unitOfWork, idempotency }: Pick<Adapters, 'unitOfWork' | 'idempotency'>,
  useCase: UseCase<Input, Result>,
  { together, maxBatch = 500, concurrency = 1, lane = () => '', guard }: DoorOptions<Input>,
): (item: Item<Input, Result>) => Promise<Answered<Result>> {
  const inTransaction = (items: readonly Item<Input, Result>[], first: (tx: Transaction) => Promise<void>) =>
    unitOfWork.run(async tx => {
      await first(tx);
      return answerAll(idempotency, tx, items, useCase);
    });
  const handle = (items: readonly Item<Input, Result>[], handOver: () => void) =>
    afterConflicts(() => {
      // Under a guard the next batch has to wait for the end of this one, and nobody is there who could hand over.
      if (guard)
        return guard(
          items.map(({ input }) => input),
          first => inTransaction(items, first),
        );
      return unitOfWork.run(async tx => {
        const answers = await answerAll(idempotency, tx, items, useCase);
        // Only the commit is left. The next batch queues up behind its locks, and sees what it wrote when it gets them.
        handOver();
        return answers;
      });
    });
  if (together) return coalesce(handle, { maxBatch, concurrency, lane: ({ input }) => lane(input), isOfOne });
  return async item => {
    const [answered] = await handle([item], () => undefined);
    return answered as Answered<Result>;
  };
}

const attempts = 5;

/** Runs again from the start what met a newer version: the next round sees it. */
export async function afterConflicts<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === attempts) throw error;
    }
  }
}
