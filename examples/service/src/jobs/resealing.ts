import type { Adapters } from '@org/application';

interface ResealingParts {
  readonly adapters: Pick<Adapters, 'unitOfWork' | 'accounts'>;
  readonly isStopping: () => boolean;
  readonly log: { info(data: object, message: string): void };
}

/** Each is decrypted and encrypted: some tens of milliseconds between two requests. */
const BATCH = 200;
/** While the order of the keys is changed, a process of the old order and one of the new undo each other's work: not for ever. */
const MOST_BATCHES = 500;

/**
 * Seals personal data again that an older key has sealed, a batch in each transaction. What is left is found in the
 * store, so a run goes on where one before it has ended, in whatever way.
 */
export const resealing =
  ({ adapters: { unitOfWork, accounts }, isStopping, log }: ResealingParts) =>
  async () => {
    let resealed = 0;
    let olderKeys = 0;
    for (let batch = 0; batch < MOST_BATCHES && !isStopping(); batch++) {
      const done = await unitOfWork.run(tx => accounts.reseal(tx, BATCH));
      resealed += done.resealed;
      olderKeys = done.olderKeys;
      if (done.resealed === 0) break;
      if (batch % 25 === 0) log.info({ resealed, olderKeys }, 'sealing personal data again');
    }
    if (resealed > 0) log.info({ resealed, olderKeys }, 'sealed personal data again');
    return { resealed, olderKeys };
  };
