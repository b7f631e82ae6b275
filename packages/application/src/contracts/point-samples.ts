import assert from 'node:assert/strict';
import { entryOf, type PointAccount, type PointCommand, type PointEvent, type PointId, points } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { PointPosting } from '../ports/point-ledger.js';
import type { Transaction } from '../ports/unit-of-work.js';

export type PointStore = Pick<Adapters, 'unitOfWork' | 'clock' | 'ids' | 'pointLedger' | 'pointQueries'>;

/** A command without what every command has: when the store says it is, and an id of its own. */
export type Asked = (at: number, id: PointId) => PointCommand;

interface Terms {
  readonly key?: string;
  /** From now, ms. */
  readonly availableIn?: number;
  readonly expiresIn?: number;
  readonly orderNumber?: string;
}

let keys = 0;
const aKey = () => {
  keys += 1;
  return `key-${keys}`;
};

export const earning =
  (amount: number, { key = aKey(), availableIn, expiresIn, orderNumber }: Terms = {}): Asked =>
  (at, pointId) => ({
    ...{
      type: 'Earn',
      pointId,
      points: amount,
      key,
      content: '적립 "보너스" \\ 🙂',
      reason: null,
      orderNumber: orderNumber ?? null,
      at,
    },
    ...{ availableAt: availableIn === undefined ? null : at + availableIn },
    ...{ expiresAt: expiresIn === undefined ? null : at + expiresIn },
  });
export const using =
  (amount: number, key = aKey()): Asked =>
  (at, pointId) => ({ type: 'Use', pointId, points: amount, key, content: '', orderNumber: 'order-1', at });
export const holding =
  (amount: number, endsIn: number, key = aKey(), orderNumber = 'order-1'): Asked =>
  (at, pointId) => ({
    ...{ type: 'Hold', pointId, points: amount, key, content: '', orderNumber, at, until: at + endsIn },
  });
export const cancelling =
  (pointId: PointId): Asked =>
  at => ({ type: 'Cancel', pointId, reason: null, debt: 'ALLOWED', at });
export const posting =
  (pointId: PointId): Asked =>
  at => ({ type: 'Post', pointId, points: null, at });

/** What a correct caller posts after these events. */
export function postingOf(userId: string, version: number, state: PointAccount, events: readonly PointEvent[]) {
  let account = state;
  const entries = events.flatMap((event, i) => {
    account = points.evolve(account, event);
    const entry = entryOf(event, account);
    return entry ? [{ ...entry, sequence: version + i + 1 }] : [];
  });
  const expectedVersion = version;
  return { userId, expectedVersion, version: version + events.length, events, account, entries } satisfies PointPosting;
}

/** Moves points as use cases do, in an open transaction; answers the ids that the commands were about. */
export async function moveIn(store: PointStore, tx: Transaction, userId: string, ...asked: readonly Asked[]) {
  const { clock, ids, pointLedger } = store;
  const pointIds: PointId[] = [];
  for (const ask of asked) {
    const command = ask(await clock.now(tx), ids.next() as PointId);
    const named = 'pointId' in command ? [command.pointId] : [];
    const wanted = { userId, pointIds: named, keys: 'content' in command ? [command.key] : [] };
    const book = (await pointLedger.lock(tx, [wanted])).get(userId);
    assert.ok(book, 'every user is in the answer');
    const decision = points.decide(book.state, command);
    assert.ok(decision.accepted, `${command.type} is accepted`);
    if (decision.events.length > 0) {
      const written = await pointLedger.post(tx, [postingOf(userId, book.version, book.state, decision.events)]);
      assert.ok(written.has(userId), `${command.type} is written`);
    }
    pointIds.push(...named);
  }
  return pointIds;
}

export const move = (store: PointStore, userId: string, ...asked: readonly Asked[]) =>
  store.unitOfWork.run(tx => moveIn(store, tx, userId, ...asked));

/** Account and version as they are stored, with what is named. */
export async function booked(
  { unitOfWork, pointLedger }: PointStore,
  userId: string,
  pointIds: readonly string[] = [],
) {
  const found = await unitOfWork.run(tx => pointLedger.lock(tx, [{ userId, pointIds, keys: [] }]));
  const book = found.get(userId);
  assert.ok(book, 'every user is in the answer');
  return book;
}
