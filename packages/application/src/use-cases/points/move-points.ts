import {
  balanceOf,
  type Instant,
  type PointBalance,
  type PointCommand,
  type PointId,
  type PointLot,
  type PointSpending,
  type PointsDebt,
  refusal,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { WantedAccount } from '../../ports/point-ledger.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { openAccounts, type PointBatch, type PointStores } from './point-batch.js';

interface Named {
  readonly userId: string;
  readonly points: number;
  /** Unique per user and kind of change. */
  readonly key: string;
}

interface Addressed {
  readonly pointId: string;
}

/** One movement of points. `Earn`, `Use` and `Hold` name the user; the others name what came of these. */
export type PointInput = { readonly origin: Origin } & (
  | ({
      readonly change: 'Earn';
      readonly reason: string | null;
      readonly orderNumber: string | null;
      readonly availableAt: Instant | null;
      readonly expiresAt: Instant | null;
    } & Named)
  | ({ readonly change: 'Use'; readonly orderNumber: string } & Named)
  | ({ readonly change: 'Hold'; readonly orderNumber: string; readonly ttlSeconds: number } & Named)
  /** Null = all that is held; the rest goes back to its lots. */
  | ({ readonly change: 'Post'; readonly points: number | null } & Addressed)
  | ({ readonly change: 'Void' } & Addressed)
  | ({
      readonly change: 'Cancel';
      readonly reason: string | null;
      /** Whose points they must be. Default null = anybody's. */
      readonly owner?: string | null;
    } & Addressed)
  /** A refund brings back a part of what was spent, once per key. */
  | ({ readonly change: 'Return'; readonly points: number; readonly key: string } & Addressed)
  /** A refund takes back a part of what was earned, once per key. */
  | ({ readonly change: 'Reverse'; readonly points: number; readonly key: string } & Addressed)
);

/** An earning or a spending after the movement. */
export interface PointsMoved {
  readonly pointId: PointId;
  readonly userId: string;
  readonly status: PointLot['status'] | PointSpending['status'];
  readonly points: number;
  readonly balance: PointBalance;
  /** False when the key was there before, or the movement is about what was there. */
  readonly created: boolean;
}

type Stores = PointStores & Pick<Adapters, 'ids'>;

export interface MoveOptions {
  readonly debt: PointsDebt;
}

/** Moves points of many users in one transaction, each movement decided on what those before it have left. */
export const movePoints =
  (stores: Stores, options: MoveOptions): UseCase<PointInput, Outcome<PointsMoved>> =>
  async (tx, inputs) => {
    const { move, batch } = await openMovements(stores, options, tx, inputs);
    const outcomes = inputs.map(input => move(input));
    await batch.save();
    return outcomes;
  };

/** Books that are open for these movements, and for others of the same users. */
interface Movements {
  readonly batch: PointBatch;
  /** @param userId whose points it is about, where the caller knows; default: who had them when the books were opened */
  move(input: PointInput, userId?: string): Outcome<PointsMoved>;
}

export async function openMovements(
  stores: Stores,
  options: MoveOptions,
  tx: Transaction,
  inputs: readonly PointInput[],
): Promise<Movements> {
  const ids = inputs.flatMap(input => ('pointId' in input ? [input.pointId] : []));
  const owners = ids.length > 0 ? await stores.pointLedger.owners(tx, [...new Set(ids)]) : new Map<string, string>();
  const userOf = (input: PointInput) => ('pointId' in input ? ownerOf(owners, input) : input.userId);
  const batch = await open(stores, tx, inputs, userOf);
  const move = (input: PointInput, userId = userOf(input)): Outcome<PointsMoved> => {
    if (userId === undefined) return refused(refusal('POINT_NOT_FOUND', { pointId: pointIdOf(input) }));
    return moveOne(batch, userId, commandOf(input, batch.now, stores.ids, options), input);
  };
  return { batch, move };
}

/** Undefined = nobody has such points, or another one than the input names. */
function ownerOf(owners: ReadonlyMap<string, string>, input: Addressed & { readonly owner?: string | null }) {
  const { pointId, owner = null } = input;
  const userId = owners.get(pointId);
  return owner === null || owner === userId ? userId : undefined;
}

const pointIdOf = (input: PointInput) => ('pointId' in input ? input.pointId : null);

async function open(
  stores: Stores,
  tx: Transaction,
  inputs: readonly PointInput[],
  userOf: (input: PointInput) => string | undefined,
) {
  const wanted = new Map<string, { userId: string; pointIds: string[]; keys: string[] } & WantedAccount>();
  for (const input of inputs) {
    const userId = userOf(input);
    if (userId === undefined) continue;
    const account = wanted.get(userId) ?? { userId, pointIds: [], keys: [] };
    if ('pointId' in input) account.pointIds.push(input.pointId);
    else account.keys.push(input.key);
    wanted.set(userId, account);
  }
  return openAccounts(stores, tx, await stores.pointLedger.lock(tx, [...wanted.values()]));
}

/** What tells the same request from another one under the same key. */
const contentOf = ({ origin: _, ...asked }: PointInput): string =>
  JSON.stringify(Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)));

function commandOf(input: PointInput, at: Instant, ids: Stores['ids'], { debt }: MoveOptions): PointCommand {
  const about = () => ({ pointId: ids.next() as PointId, content: contentOf(input), at });
  switch (input.change) {
    case 'Earn': {
      const { points, key, reason, orderNumber, availableAt, expiresAt } = input;
      return { type: 'Earn', ...about(), points, key, reason, orderNumber, availableAt, expiresAt };
    }
    case 'Use': {
      const { points, key, orderNumber } = input;
      return { type: 'Use', ...about(), points, key, orderNumber };
    }
    case 'Hold': {
      const { points, key, orderNumber, ttlSeconds } = input;
      return { type: 'Hold', ...about(), points, key, orderNumber, until: at + ttlSeconds * 1000 };
    }
  }
  const pointId = input.pointId as PointId;
  switch (input.change) {
    case 'Post':
      return { type: 'Post', pointId, points: input.points, at };
    case 'Void':
      return { type: 'Void', pointId, at };
    case 'Cancel':
      return { type: 'Cancel', pointId, reason: input.reason, debt, at };
    case 'Return':
      return { type: 'Return', pointId, points: input.points, key: input.key, at };
    case 'Reverse':
      return { type: 'Reverse', pointId, points: input.points, key: input.key, debt, at };
  }
}

function moveOne(batch: PointBatch, userId: string, command: PointCommand, input: PointInput): Outcome<PointsMoved> {
  const outcome = batch.decide(userId, command, input.origin);
  if (!outcome.accepted) return outcome;
  const { lots, spendings } = outcome.value;
  const found = [...lots, ...spendings].find(each => isMeant(each, input));
  if (!found) throw new Error(`a ${input.change} of ${userId} has led to nothing`);
  const { pointId, points, status } = found;
  const created = 'content' in command && command.pointId === pointId;
  return done({ pointId, userId, status, points, balance: balanceOf(outcome.value, batch.now), created });
}

/** By its id, or by its key and kind. */
function isMeant(each: PointLot | PointSpending, input: PointInput): boolean {
  if ('pointId' in input) return each.pointId === input.pointId;
  const kind = 'kind' in each ? each.kind : 'EARN';
  return each.key === input.key && kind === input.change.toUpperCase();
}
