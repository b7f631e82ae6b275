import { type AccountRole, type RefreshToken, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { openSessions, type SessionBatch } from './session-batch.js';

export interface TokenInput {
  readonly refreshToken: string;
  readonly origin: Origin;
}

/** What a client needs to go on: whoever answers it makes the access token of this. */
export interface Grant {
  readonly userId: string;
  readonly roles: readonly AccountRole[];
  readonly sessionId: string;
  /** The token itself: it is here and in the answer, and nowhere else. */
  readonly refreshToken: string;
}

type Stores = Pick<Adapters, 'clock' | 'accounts' | 'sessions' | 'refreshTokens' | 'events' | 'tokenSecrets'>;

const invalid = () => refused(refusal('REFRESH_TOKEN_INVALID'));
const sessionOf = (token: RefreshToken | undefined) => (!token || token.status === 'NONE' ? null : token.sessionId);

/** The sessions of tokens, and the session of each; null = nobody was ever given this token. */
async function familiesOf({ refreshTokens }: Stores, tx: Transaction, tokenIds: readonly string[]) {
  const known = await refreshTokens.load(tx, [...new Set(tokenIds)]);
  const ids = tokenIds.map(id => sessionOf(known.get(id)?.state));
  return { ids, sessionIds: ids.filter(id => id !== null) };
}

/**
 * Trades refresh tokens for new ones. All answers of no are alike; one that finds a stolen token ends the family, and
 * that is written although the answer is no.
 */
export const refreshSessions =
  (stores: Stores, graceMs: number): UseCase<TokenInput, Outcome<Grant>> =>
  async (tx, inputs) => {
    const { tokenSecrets, accounts } = stores;
    const traded = inputs.map(({ refreshToken, origin }) => {
      const next = tokenSecrets.newToken();
      return { presentedId: tokenSecrets.digest(refreshToken), next, tokenId: tokenSecrets.digest(next), origin };
    });
    const { ids, sessionIds } = await familiesOf(
      stores,
      tx,
      traded.map(({ presentedId }) => presentedId),
    );
    const tokenIds = traded.flatMap(({ presentedId, tokenId }) => [presentedId, tokenId]);
    const batch = await openSessions(stores, tx, sessionIds, tokenIds);
    const outcomes = traded.map((each, i) => tradeOne(batch, ids[i] ?? null, { ...each, graceMs }));
    await batch.save();
    const users = outcomes.flatMap(outcome => (outcome.accepted ? [outcome.value.userId] : []));
    const known = await accounts.load(tx, [...new Set(users)]);
    return outcomes.map(outcome => {
      if (!outcome.accepted) return outcome;
      const owner = known.get(outcome.value.userId)?.state;
      return owner?.status === 'ACTIVE' ? done({ ...outcome.value, roles: owner.roles }) : invalid();
    });
  };

interface Trade {
  readonly presentedId: string;
  readonly next: string;
  readonly tokenId: string;
  readonly graceMs: number;
  readonly origin: Origin;
}

function tradeOne(batch: SessionBatch, sessionId: string | null, trade: Trade): Outcome<Omit<Grant, 'roles'>> {
  if (sessionId === null) return invalid();
  const { presentedId, tokenId, graceMs, origin, next } = trade;
  const presented = batch.token(presentedId);
  const command = { type: 'Refresh', presentedId, presented, tokenId, graceMs, at: batch.now } as const;
  const outcome = batch.decide(sessionId, command, origin);
  if (!outcome.accepted) return outcome;
  const { value: state } = outcome;
  return state.status === 'OPEN' ? done({ userId: state.userId, sessionId, refreshToken: next }) : invalid();
}

/** Ends the sessions of tokens, whatever became of the tokens; a token of nobody has nothing to end. */
export const endSessions =
  (stores: Stores): UseCase<TokenInput, Outcome<null>> =>
  async (tx, inputs) => {
    const tokenIds = inputs.map(({ refreshToken }) => stores.tokenSecrets.digest(refreshToken));
    const { ids, sessionIds } = await familiesOf(stores, tx, tokenIds);
    const batch = await openSessions(stores, tx, sessionIds, []);
    for (const [i, { origin }] of inputs.entries()) {
      const id = ids[i];
      if (id) batch.decide(id, { type: 'End', reason: 'LOGGED_OUT', at: batch.now }, origin);
    }
    await batch.save();
    return inputs.map(() => done(null));
  };
