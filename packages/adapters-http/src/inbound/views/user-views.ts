import type { AccountView, Grant, LoginView } from '@org/application';
import { ACCESS_TOKEN_SECONDS } from '../auth/access-tokens.js';
import { type Caller, roles as roleWords } from '../auth/auth.js';
import { utc } from '../instants.js';
import {
  about,
  type Body,
  callerId,
  flag,
  instant,
  listOf,
  named,
  nullable,
  object,
  page,
  text,
  uuid,
  whole,
  word,
} from './shapes.js';

const role = word(...roleWords);
const who = { userId: uuid, email: text, name: text };

export const signedUp = named('SignedUp', object(who));
export const signedUpBody = ({ userId, email, name }: Body<typeof signedUp>): Body<typeof signedUp> => ({
  ...{ userId, email, name },
});

export const grant = named(
  'Grant',
  object({
    accessToken: about(text, 'A JWT, for `Authorization: Bearer`.'),
    refreshToken: about(text, 'Gets the next pair, once.'),
    tokenType: word('Bearer'),
    expiresIn: about(whole(1), 'Seconds that the access token is good for.'),
  }),
);
/** The answer to a login and to a refresh. */
export const grantBody = (of: Grant, accessToken: string): Body<typeof grant> => ({
  accessToken,
  refreshToken: of.refreshToken,
  tokenType: 'Bearer',
  expiresIn: ACCESS_TOKEN_SECONDS,
});

export const validation = named(
  'TokenValidation',
  object({
    valid: flag,
    userId: about(nullable(callerId), 'Whom it stands for; null = it is not good.'),
    roles: listOf(role),
    expiresAt: about(nullable(instant), 'Null = it is not good.'),
  }),
);
/** @param caller null = the token is not good */
export const validationBody = (caller: Caller | null): Body<typeof validation> => ({
  valid: caller !== null,
  userId: caller?.sub ?? null,
  roles: [...(caller?.roles ?? [])],
  expiresAt: caller && utc(caller.expiresAt),
});

export const account = named(
  'Account',
  object({ ...who, phone: nullable(text), roles: listOf(role), createdAt: instant }),
);
export const accountBody = ({ userId, email, name, phone, roles, createdAt }: AccountView): Body<typeof account> => ({
  ...{ userId, email, name, phone },
  ...{ roles, createdAt: utc(createdAt) },
});

const login = object({
  at: instant,
  result: about(word('SUCCEEDED', 'FAILED', 'LOCKED'), 'LOCKED: failed, and the last one before the lock-out.'),
  address: about(text, 'Of the client.'),
  userAgent: about(nullable(text), 'As the client said; null = it said nothing.'),
});
export const loginPage = page('LoginPage', named('Login', login));
export const loginBody = ({ at, result, address, userAgent }: LoginView): Body<typeof login> => ({
  at: utc(at),
  ...{ result, address, userAgent },
});
