import type { PointsMoved } from '@org/application';
import { type PointBalance, type PointEntry, type PointLot, remainingOf } from '@org/domain';
import { orNull, utc } from '../instants.js';
import {
  about,
  type Body,
  callerId,
  count,
  instant,
  named,
  nullable,
  object,
  page,
  uuid,
  whole,
  word,
} from './shapes.js';

const spendable = about(count, 'What can be spent now.');

export const pointMovement = named('PointMovement', object({ pointId: uuid, points: whole(1), balance: spendable }));
/** An earning or a use. */
export const movedBody = ({ pointId, points, balance }: PointsMoved): Body<typeof pointMovement> => ({
  pointId,
  points,
  balance: balance.available,
});

export const pointCancellation = named(
  'PointCancellation',
  object({ pointId: uuid, status: word('CANCELLED'), balance: spendable }),
);
export const cancelledBody = ({ pointId, balance }: PointsMoved): Body<typeof pointCancellation> => ({
  pointId,
  status: 'CANCELLED',
  balance: balance.available,
});

export const pointBalance = named(
  'PointBalance',
  object({
    userId: callerId,
    available: spendable,
    held: about(count, 'For orders.'),
    pending: about(count, 'Not to be spent yet.'),
    debt: about(count, 'Owed: the next earnings pay it first.'),
  }),
);
export const balanceBody = (
  userId: string,
  { available, held, pending, debt }: PointBalance,
): Body<typeof pointBalance> => ({ userId, available, held, pending, debt });

const entry = object({
  pointId: uuid,
  type: word('EARN', 'MATURE', 'USE', 'CANCEL', 'RETURN', 'REVERSE', 'EXPIRE'),
  points: about(count, 'Never below zero: the type tells the direction.'),
  balance: about(count, 'What could be spent after it.'),
  orderNumber: nullable(callerId),
  at: instant,
});
export const pointEntryPage = page('PointEntryPage', named('PointEntry', entry));
export const entryBody = ({ pointId, type, points, balance, orderNumber, at }: PointEntry): Body<typeof entry> => ({
  ...{ pointId, type, points, balance, orderNumber },
  at: utc(at),
});

const lot = object({
  pointId: uuid,
  points: whole(1),
  remaining: about(count, 'Of these, what is neither gone nor held.'),
  availableAt: instant,
  expiresAt: about(nullable(instant), 'Null = never.'),
});
export const pointLotPage = page('PointLotPage', named('PointLot', lot));
export const lotBody = (of: PointLot): Body<typeof lot> => ({
  pointId: of.pointId,
  points: of.points,
  remaining: remainingOf(of),
  availableAt: utc(of.availableAt),
  expiresAt: orNull(of.expiresAt, utc),
});
