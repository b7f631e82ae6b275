import type { AccountEvent, SessionEvent } from '@org/domain';
import type { Described } from './description.js';
import { at, instantOf, userId } from './fields.js';
import { about, type JsonSchema, object, oneOf, schemaWords, whole } from './json-schema.js';

const sessionId = about(schemaWords.uuid, 'The session.', '0193f2b0-9a3c-7d02-b1e5-7c8d9e0f1a06');

/** Who somebody is, and what opens a door, is never told. */
const ofAUser = (meaning: string, fields: Readonly<Record<string, JsonSchema>> = {}) => ({
  meaning,
  key: 'userId',
  schema: object({ userId, ...fields, at }),
});
const ofASession = (meaning: string, fields: Readonly<Record<string, JsonSchema>>) =>
  ofAUser(meaning, { sessionId, ...fields });

export const accountEventDescriptions: Described<AccountEvent | SessionEvent> = {
  SignedUp: ofAUser('Somebody has an account.'),
  ProfileChanged: ofAUser('A user changed name or phone number.'),
  PasswordChanged: ofAUser('A user changed the password.'),
  SessionStarted: ofASession('A user logged in.', { expiresAt: instantOf('From then on it takes a new login.') }),
  SessionRefreshed: ofASession('A refresh token was traded for the next one.', {
    generation: about(whole(1), 'How many refresh tokens the session has had.', 2),
  }),
  SessionEnded: ofASession('A session is over.', {
    reason: oneOf('LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'EXPIRED'),
  }),
};
