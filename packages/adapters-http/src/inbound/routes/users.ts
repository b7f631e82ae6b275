import type { AccountView, Grant, Outcome } from '@org/application';
import { userExamples as examples } from '../document/examples/user-examples.js';
import { sealCursor } from '../dto/query.js';
import { LogInDto, PasswordDto, ProfileDto, RefreshDto, SignUpDto, ValidateDto } from '../dto/user-dto.js';
import { etagOf } from '../etags.js';
import { through } from '../idempotency.js';
import { expectedRevision } from '../if-match.js';
import { challenge, Problem, refusedWith } from '../problem.js';
import { json, noContent, type Reply } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import {
  account,
  accountBody,
  grant,
  grantBody,
  loginBody,
  loginPage,
  signedUp,
  signedUpBody,
  validation,
  validationBody,
} from '../views/user-views.js';
import { originOf } from './acting.js';

const area = 'Users';
const base = '/api/v1/users';
const everybody = ['shopper', 'service', 'operator', 'admin'] as const;
const stranger = { area, method: 'POST', roles: 'ANYBODY', limited: true } as const;

const clientOf = (ask: Ask<object>) => ({ address: ask.call.address, origin: originOf(ask) });

function answerTo<Value>(outcome: Outcome<Value>, render: (value: Value) => Reply): Reply | Problem {
  return outcome.accepted ? render(outcome.value) : refusedWith(outcome.refusal);
}

const elsewhere = new Problem('LOGIN_ELSEWHERE');
const granted = {
  200: { description: 'An access token, and what to get the next one with.', shape: grant, example: examples.granted },
};

const signUp = ({ accounts }: Service): Route =>
  route<SignUpDto>({
    ...stranger,
    path: `${base}/signup`,
    name: 'signUp',
    summary: 'Make an account. A client that meets many taken addresses has to wait.',
    body: { of: SignUpDto, examples: [examples.signUp] },
    answers: { 201: { description: 'The account.', shape: signedUp, example: examples.signedUp } },
    refusals: ['ACCOUNT_INVALID', 'EMAIL_TAKEN', 'TOO_MANY_ATTEMPTS', 'OUTCOME_UNKNOWN', 'CONFLICT'],
    handle: async ask => {
      const { email, password, name, phone } = ask.body;
      const outcome = await accounts.signUp({ ...clientOf(ask), email, password, name, phone: phone ?? null });
      return answerTo(outcome, made => json(201, signedUpBody(made), ['Location', `${base}/me`]));
    },
  });

const grantOf =
  (sign: (of: Grant) => string) =>
  (of: Grant): Reply =>
    json(200, grantBody(of, sign(of)));

const sessions = ({ accounts, tokens }: Service): Route[] => [
  route<LogInDto>({
    ...stranger,
    path: `${base}/login`,
    name: 'logIn',
    summary: 'Begin a session. Wrong passwords lock a client out of an account for a while, known or not.',
    body: { of: LogInDto, examples: [examples.logIn] },
    answers: granted,
    refusals: ['INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS', 'LOGIN_ELSEWHERE', 'OUTCOME_UNKNOWN', 'CONFLICT'],
    handle: async ask => {
      if (!tokens.sign) return elsewhere;
      const userAgent = ask.call.request.headers['user-agent'] ?? null;
      const { email, password } = ask.body;
      return answerTo(await accounts.logIn({ ...clientOf(ask), email, password, userAgent }), grantOf(tokens.sign));
    },
  }),
  route<RefreshDto>({
    ...stranger,
    path: `${base}/refresh-token`,
    name: 'refreshToken',
    summary: 'Trade a refresh token for a new pair. Each works once; one that comes again later ends the session.',
    body: { of: RefreshDto, examples: [examples.refresh] },
    answers: granted,
    refusals: ['REFRESH_TOKEN_INVALID', 'LOGIN_ELSEWHERE', 'OUTCOME_UNKNOWN', 'CONFLICT'],
    handle: async ask => {
      if (!tokens.sign) return elsewhere;
      const { refreshToken } = ask.body;
      return answerTo(await accounts.refresh({ refreshToken, origin: originOf(ask) }), grantOf(tokens.sign));
    },
  }),
  route<RefreshDto>({
    ...stranger,
    path: `${base}/logout`,
    name: 'logOut',
    summary: 'End the session of a refresh token. A token of nobody has nothing to end, and is told so by nothing.',
    body: { of: RefreshDto, examples: [examples.refresh] },
    answers: { 204: { description: 'There is no such session any more.' } },
    refusals: ['OUTCOME_UNKNOWN', 'CONFLICT'],
    handle: async ask => {
      const { refreshToken } = ask.body;
      return answerTo(await accounts.logOut({ refreshToken, origin: originOf(ask) }), () => noContent);
    },
  }),
  route<ValidateDto>({
    ...stranger,
    path: `${base}/validate-token`,
    name: 'validateToken',
    summary: 'Whether an access token is good now: signed, in time, and of a session that has not ended.',
    body: { of: ValidateDto, examples: [examples.validate] },
    answers: { 200: { description: 'Whom it stands for, if it is good.', shape: validation, example: examples.valid } },
    handle: async ({ body: { token } }) => {
      const caller = tokens.read(token);
      const isGood = caller && (!caller.sessionId || (await accounts.queries.isOpen(caller.sub, caller.sessionId)));
      return json(200, validationBody(isGood ? caller : null));
    },
  }),
];

const shown = (view: AccountView): Reply => json(200, accountBody(view), ['ETag', etagOf(view)]);

const ended = new Problem('TOKEN_INVALID', {
  headers: challenge(', error="invalid_token"'),
  detail: 'The session of the token has ended.',
});

/** The account of the caller; the token of a session that has ended opens it no longer, although it is in time. */
async function ownAccount({ accounts }: Service, { caller }: Ask<object>): Promise<AccountView | Problem> {
  const { sub, sessionId } = caller;
  if (sessionId && !(await accounts.queries.isOpen(sub, sessionId))) return ended;
  return (await accounts.queries.account(sub)) ?? new Problem('USER_NOT_FOUND', { data: { userId: sub } });
}

const own = { area, roles: everybody } as const;

const me = (service: Service): Route[] => [
  route({
    ...own,
    method: 'GET',
    path: `${base}/me`,
    name: 'me',
    summary: 'Read one’s own account.',
    answers: { 200: { description: 'The account, with its revision as ETag.', shape: account, example: examples.me } },
    refusals: ['USER_NOT_FOUND'],
    handle: async ask => {
      const found = await ownAccount(service, ask);
      return found instanceof Problem ? found : shown(found);
    },
  }),
  route<ProfileDto>({
    ...own,
    method: 'PUT',
    path: `${base}/me`,
    name: 'changeMe',
    summary: 'Change name and phone number; the e-mail address stays.',
    keyed: true,
    conditional: true,
    body: { of: ProfileDto, examples: [examples.profile] },
    answers: { 200: { description: 'The account.', shape: account, example: examples.me } },
    refusals: ['USER_NOT_FOUND', 'ACCOUNT_INVALID', 'REVISION_CONFLICT'],
    handle: async ask => {
      const revision = expectedRevision(ask as unknown as Ask);
      if (revision instanceof Problem) return revision;
      const found = await ownAccount(service, ask);
      if (found instanceof Problem) return found;
      const { name, phone } = ask.body;
      const changed = { userId: found.userId, name, phone: phone ?? null, expectedRevision: revision };
      const input = { ...changed, origin: originOf(ask) };
      return through(ask as unknown as Ask, service.accounts.changeProfile, input, shown);
    },
  }),
  route<PasswordDto>({
    ...own,
    method: 'POST',
    path: `${base}/me/password`,
    name: 'changePassword',
    summary: 'Change the password. This session goes on, every other one ends.',
    body: { of: PasswordDto, examples: [examples.password] },
    answers: { 204: { description: 'Changed.' } },
    refusals: [
      ...['USER_NOT_FOUND', 'ACCOUNT_INVALID', 'PASSWORD_WRONG', 'TOO_MANY_ATTEMPTS'],
      ...['OUTCOME_UNKNOWN', 'CONFLICT'],
    ],
    handle: async ask => {
      const found = await ownAccount(service, ask);
      if (found instanceof Problem) return found;
      const { userId } = found;
      const { sessionId } = ask.caller;
      const outcome = await service.accounts.changePassword({ ...clientOf(ask), ...ask.body, userId, sessionId });
      return answerTo(outcome, () => noContent);
    },
  }),
  route({
    ...own,
    method: 'GET',
    path: `${base}/me/login-history`,
    name: 'loginHistory',
    summary: 'Who tried to log in to one’s own account, newest first.',
    query: { limit: 'limit', cursor: 'cursor' },
    answers: { 200: { description: 'A page.', shape: loginPage, example: examples.logins } },
    refusals: ['USER_NOT_FOUND'],
    handle: async ask => {
      const found = await ownAccount(service, ask);
      if (found instanceof Problem) return found;
      const { limit, cursor } = ask.query;
      const { items, nextCursor } = await service.accounts.queries.logins({ userId: found.userId, limit, cursor });
      return json(200, { items: items.map(loginBody), nextCursor: sealCursor(ask.path, nextCursor) });
    },
  }),
];

export const userRoutes = (service: Service): Route[] => [signUp(service), ...sessions(service), ...me(service)];
