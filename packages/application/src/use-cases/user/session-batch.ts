import {
  evolveRefreshToken,
  type Instant,
  type RefreshToken,
  type Session,
  type SessionCommand,
  type SessionEvent,
  session,
  tokenIdsOf,
} from '@org/domain';
import { sessionEvents } from '../../account-events.js';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { AggregateRepository, Change, Versioned } from '../../ports/aggregate-repository.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';

/** Sessions under lock, with the tokens of their families, for the time of one transaction. */
export interface SessionBatch {
  /** The time of the store, read after the locks were won. */
  readonly now: Instant;
  token(id: string): RefreshToken;
  /** Decides on what the commands before it have left; answers the new state or the refusal. */
  decide(sessionId: string, command: SessionCommand, origin: Origin): Outcome<Session>;
  /** Writes all that was accepted. */
  save(): Promise<void>;
}

interface Loaded<State> {
  readonly before: Versioned<State>;
  state: State;
  moves: number;
}

const open = <State>(stored: ReadonlyMap<string, Versioned<State>>) =>
  new Map([...stored].map(([id, before]): [string, Loaded<State>] => [id, { before, state: before.state, moves: 0 }]));

const changesOf = <State>(loaded: ReadonlyMap<string, Loaded<State>>): Change<State>[] =>
  [...loaded].flatMap(
    ([
      id,
      {
        before: { version },
        state,
        moves,
      },
    ]) => (moves === 0 ? [] : [{ id, expectedVersion: version, version: version + moves, state }]),
  );

async function write<State>(tx: Transaction, repository: AggregateRepository<State>, changes: Change<State>[]) {
  const written = changes.length > 0 ? await repository.save(tx, changes) : new Set();
  for (const { id } of changes)
    if (!written.has(id)) throw new ConflictError(`${id} was written by somebody else meanwhile`);
}

type Stores = Pick<Adapters, 'clock' | 'sessions' | 'refreshTokens' | 'events'>;

/** @param tokenIds tokens that commands will name, known ones and new ones */
export async function openSessions(
  { clock, sessions, refreshTokens, events }: Stores,
  tx: Transaction,
  sessionIds: readonly string[],
  tokenIds: readonly string[],
): Promise<SessionBatch> {
  const loaded = open(await sessions.load(tx, [...new Set(sessionIds)], { lock: true }));
  const tokens = open(await refreshTokens.load(tx, [...new Set(tokenIds)]));
  const now = await clock.now(tx);
  const happened: { id: string; event: SessionEvent; version: number; userId: string; origin: Origin }[] = [];

  function happen(id: string, own: Loaded<Session>, event: SessionEvent, origin: Origin) {
    own.state = session.evolve(own.state, event);
    own.moves += 1;
    for (const tokenId of tokenIdsOf(event)) {
      const token = tokens.get(tokenId);
      if (!token) throw new Error('a token was not opened');
      const after = evolveRefreshToken(token.state, tokenId, event, id);
      if (after === token.state) continue;
      token.state = after;
      token.moves += 1;
    }
    const userId = own.state.status === 'NONE' ? '' : own.state.userId;
    happened.push({ id, event, version: own.before.version + own.moves - 1, userId, origin });
  }

  return {
    now,
    token: id => tokens.get(id)?.state ?? { status: 'NONE' },
    decide(id, command, origin) {
      const own = loaded.get(id);
      if (!own) throw new Error(`session ${id} was not opened`);
      const decision = session.decide(own.state, command);
      if (!decision.accepted) return refused(decision.refusal);
      for (const event of decision.events) happen(id, own, event, origin);
      return done(own.state);
    },
    async save() {
      await write(tx, sessions, changesOf(loaded));
      await write(tx, refreshTokens, changesOf(tokens));
      const written = happened.flatMap(({ id, event, version, userId, origin }) =>
        sessionEvents({ id, expectedVersion: version, events: [event], origin }, userId),
      );
      if (written.length > 0) await events.append(tx, written);
    },
  };
}
