import type { PointEvent, PointTransfer } from '@org/domain';
import type { Described, EventDescription, SchemasOf } from './description.js';
import { at, callersOrderNumber, instantOf, pointId, pointsOf, userId } from './fields.js';
import {
  about,
  type FieldSchemas,
  type JsonSchema,
  listOf,
  named,
  nullable,
  object,
  oneOf,
  schemaWords,
  text,
} from './json-schema.js';

const account = oneOf('ISSUED', 'PENDING', 'AVAILABLE', 'HELD', 'SPENT', 'EXPIRED', 'DEBT');
const transfer: FieldSchemas<PointTransfer> = {
  from: about(account, 'The account that they left.', 'ISSUED'),
  to: about(account, 'The account that they went to.', 'AVAILABLE'),
  lotId: about(pointId, 'The earning that they come from.'),
  points: pointsOf('How many.'),
};

/** What every event of points says; `content` stays inside. */
type Common = 'pointId' | 'at' | 'transfers' | 'content';
type Schemas<Type> = Omit<SchemasOf<PointEvent, Type>, Common>;

const key = about(schemaWords.callerId, 'The key of who asked for it.', 'order-81');
const points = pointsOf('How many.');
const reason = nullable(about(text, 'In the words of who asked for it.', 'welcome'));

const earned: Schemas<'PointsEarned'> = {
  points,
  key,
  reason,
  orderNumber: nullable(callersOrderNumber),
  availableAt: instantOf('From when on they can be spent.', '2026-11-21T01:00:00.000Z'),
  expiresAt: nullable(instantOf('Until when, exclusive; null = for ever.')),
};
const used: Schemas<'PointsUsed'> = { points, key, orderNumber: callersOrderNumber };
const held: Schemas<'PointsHeld'> = { ...used, until: instantOf('When the hold ends unless it was posted.') };
const some: Schemas<'HoldPosted' | 'PointsMatured' | 'PointsExpired'> = { points };
const none: Schemas<'HoldVoided' | 'HoldExpired'> = {};
const cancelled: Schemas<'UseCancelled' | 'EarningCancelled'> = { points, reason };
const reversed: Schemas<'UseReturned' | 'EarningReversed'> = { points, key };

const described = (meaning: string, fields: Readonly<Record<string, JsonSchema>>): EventDescription => ({
  meaning,
  key: 'userId',
  schema: object({ userId, pointId, ...fields, transfers: listOf(named('PointTransfer', transfer)), at }),
});

export const pointEventDescriptions: Described<PointEvent> = {
  PointsEarned: described('Points were given to a user.', earned),
  PointsMatured: described('Points that were pending can be spent.', some),
  PointsExpired: described('Points of an earning are over by time.', some),
  PointsUsed: described('Points were spent at once.', used),
  PointsHeld: described('Points are held for an order.', held),
  HoldPosted: described('Held points were spent; those that were not come back.', some),
  HoldVoided: described('A hold on points was given up; all of them come back.', none),
  HoldExpired: described('A hold on points ended by time; all of them come back.', none),
  UseCancelled: described('Spent points came back, all that were left of a use.', cancelled),
  UseReturned: described('Some of the points of a use came back.', reversed),
  EarningCancelled: described('An earning was taken back, all that was left of it.', cancelled),
  EarningReversed: described('A part of an earning was taken back.', reversed),
};
