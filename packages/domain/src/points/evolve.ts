import { afterTransfers, noFigures, type PointTransfer } from './ledger.js';
import { partsUpTo } from './parts.js';
import type { PointAccount, PointEvent, PointLot, PointSpending } from './point-account.js';

export const emptyAccount: PointAccount = { figures: noFigures, earnings: 0, lots: [], spendings: [] };

const fields = { PENDING: 'pending', AVAILABLE: 'available', HELD: 'held', EXPIRED: 'expired' } as const;
type Field = (typeof fields)[keyof typeof fields];
const fieldOf = (account: string): Field | undefined => (fields as Readonly<Record<string, Field>>)[account];

/** A lot after one transfer of its points. */
function moved(lot: PointLot, { from, to, points }: PointTransfer): PointLot {
  const next: { -readonly [Name in keyof PointLot]: PointLot[Name] } = { ...lot };
  const [source, target] = [fieldOf(from), fieldOf(to)];
  if (source) next[source] -= points;
  if (target) next[target] += points;
  if (from === 'DEBT') next.debt += points;
  if (to === 'DEBT') next.debt -= points;
  if (to === 'ISSUED') next.reversed += points;
  return next;
}

function afterMoves(lots: readonly PointLot[], transfers: readonly PointTransfer[]): readonly PointLot[] {
  if (transfers.length === 0) return lots;
  const touched = new Set<string>(transfers.map(({ lotId }) => lotId));
  return lots.map(lot =>
    touched.has(lot.pointId) ? transfers.filter(({ lotId }) => lotId === lot.pointId).reduce(moved, lot) : lot,
  );
}

function bornLot(event: Extract<PointEvent, { type: 'PointsEarned' }>, position: number): PointLot {
  const { pointId, points, key, content, orderNumber, availableAt, expiresAt, at } = event;
  const empty = { pending: 0, available: 0, held: 0, expired: 0, debt: 0, reversed: 0, reversals: [] };
  const about = { pointId, points, key, content, orderNumber, availableAt, expiresAt };
  return { ...about, ...empty, status: 'EARNED', position, earnedAt: at };
}

function bornSpending(event: Extract<PointEvent, { type: 'PointsUsed' | 'PointsHeld' }>): PointSpending {
  const { pointId, points, key, content, orderNumber, transfers } = event;
  const parts = transfers.map(({ lotId, points: part }) => ({ lotId, points: part }));
  const about = { pointId, points, key, content, orderNumber, parts, returned: 0, reversals: [] };
  return event.type === 'PointsUsed'
    ? { ...about, kind: 'USE', status: 'POSTED', until: null }
    : { ...about, kind: 'HOLD', status: 'HELD', until: event.until };
}

function changedSpending(spending: PointSpending, event: PointEvent): PointSpending {
  switch (event.type) {
    case 'HoldPosted':
      return { ...spending, status: 'POSTED', points: event.points, parts: partsUpTo(spending.parts, event.points) };
    case 'HoldVoided':
      return { ...spending, status: 'VOIDED' };
    case 'HoldExpired':
      return { ...spending, status: 'EXPIRED' };
    case 'UseCancelled':
      return { ...spending, status: 'CANCELLED', returned: spending.returned + event.points };
    case 'UseReturned': {
      const reversals = [...spending.reversals, { key: event.key, points: event.points }];
      return { ...spending, returned: spending.returned + event.points, reversals };
    }
    default:
      return spending;
  }
}

function changedLot(lot: PointLot, event: PointEvent): PointLot {
  if (event.type === 'EarningCancelled') return { ...lot, status: 'CANCELLED' };
  if (event.type !== 'EarningReversed') return lot;
  return { ...lot, reversals: [...lot.reversals, { key: event.key, points: event.points }] };
}

const changed = <Item extends { readonly pointId: string }>(
  items: readonly Item[],
  pointId: string,
  change: (item: Item) => Item,
) =>
  items.some(item => item.pointId === pointId)
    ? items.map(item => (item.pointId === pointId ? change(item) : item))
    : items;

/** The account after an event. */
export function evolve(account: PointAccount, event: PointEvent): PointAccount {
  const figures = afterTransfers(account.figures, event.transfers);
  if (event.type === 'PointsEarned') {
    const earnings = account.earnings + 1;
    const lots = afterMoves([...account.lots, bornLot(event, earnings)], event.transfers);
    return { ...account, figures, earnings, lots };
  }
  const lots = changed(afterMoves(account.lots, event.transfers), event.pointId, lot => changedLot(lot, event));
  const spendings =
    event.type === 'PointsUsed' || event.type === 'PointsHeld'
      ? [...account.spendings, bornSpending(event)]
      : changed(account.spendings, event.pointId, spending => changedSpending(spending, event));
  return { ...account, figures, lots, spendings };
}
