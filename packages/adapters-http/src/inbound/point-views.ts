import type { PointsMoved } from '@org/application';
import { type PointBalance, type PointEntry, type PointLot, remainingOf } from '@org/domain';
import { utc } from './instants.js';

/** An earning or a use; `balance` is what can be spent now. */
export const movedBody = ({ pointId, points, balance }: PointsMoved) => ({
  pointId,
  points,
  balance: balance.available,
});

export const cancelledBody = ({ pointId, status, balance }: PointsMoved) => ({
  pointId,
  status,
  balance: balance.available,
});

export const balanceBody = (userId: string, { available, held, pending, debt }: PointBalance) => ({
  userId,
  available,
  held,
  pending,
  debt,
});

export const entryBody = ({ at, ...entry }: PointEntry) => ({ ...entry, at: utc(at) });

export const lotBody = (lot: PointLot) => ({
  pointId: lot.pointId,
  points: lot.points,
  remaining: remainingOf(lot),
  availableAt: utc(lot.availableAt),
  expiresAt: lot.expiresAt === null ? null : utc(lot.expiresAt),
});
