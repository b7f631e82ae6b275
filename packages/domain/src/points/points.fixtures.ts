import type { PointId } from '../ids.js';
import { entryOf, type PointEntry } from './balance.js';
import type { PointAccount, PointCommand, PointEvent, PointsDebt } from './point-account.js';
import { points as decider } from './point-decider.js';

const id = (name: string) => name as PointId;

export const earn = (
  name: string,
  points: number,
  more: { at?: number; availableAt?: number; expiresAt?: number; content?: string } = {},
): PointCommand => ({
  ...{ type: 'Earn', pointId: id(name), points, key: name, content: `${points}` },
  ...{ reason: null, orderNumber: null, availableAt: null, expiresAt: null, at: 100, ...more },
});
export const use = (name: string, points: number, at = 200, content = `${points}`): PointCommand => ({
  ...{ type: 'Use', pointId: id(name), points, key: name, content },
  ...{ orderNumber: `order-${name}`, at },
});
export const hold = (name: string, points: number, { at = 200, until = 500 } = {}): PointCommand => ({
  ...{ type: 'Hold', pointId: id(name), points, key: name, content: `${points}` },
  ...{ orderNumber: `order-${name}`, at, until },
});
export const post = (name: string, points: number | null = null, at = 300): PointCommand => ({
  ...{ type: 'Post', pointId: id(name), points, at },
});
export const voidHold = (name: string, at = 300): PointCommand => ({ type: 'Void', pointId: id(name), at });
export const cancel = (name: string, at = 400, debt: PointsDebt = 'ALLOWED'): PointCommand => ({
  ...{ type: 'Cancel', pointId: id(name), reason: null, debt, at },
});
export const giveBack = (name: string, points: number, key = 'refund-1', at = 400): PointCommand => ({
  ...{ type: 'Return', pointId: id(name), points, key, at },
});
export const reverse = (
  name: string,
  points: number,
  key = 'refund-1',
  debt: PointsDebt = 'ALLOWED',
): PointCommand => ({
  ...{ type: 'Reverse', pointId: id(name), points, key, debt, at: 400 },
});

/** The account after commands that are all accepted. */
export const given = (...commands: PointCommand[]): PointAccount =>
  commands.reduce<PointAccount>((state, command) => when(state, command).state, decider.initial);

interface Happened {
  readonly state: PointAccount;
  readonly events: readonly PointEvent[];
  readonly entries: readonly PointEntry[];
}

export function when(before: PointAccount, command: PointCommand): Happened {
  const decision = decider.decide(before, command);
  if (!decision.accepted) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  const entries: PointEntry[] = [];
  let state = before;
  for (const event of decision.events) {
    state = decider.evolve(state, event);
    const entry = entryOf(event, state);
    if (entry) entries.push(entry);
  }
  return { state, events: decision.events, entries };
}

export const refusalOf = (state: PointAccount, command: PointCommand) => {
  const decision = decider.decide(state, command);
  return decision.accepted ? null : decision.refusal;
};

export const left = ({ lots }: PointAccount) =>
  Object.fromEntries(lots.map(({ pointId, available }) => [pointId, available]));
