import type { RefreshTokenRepository, SessionRepository, ThrottleRepository, Transaction } from '@org/application';
import type { RefreshToken, Session, Throttle } from '@org/domain';
import { countOf, rowsOf, statement } from './statement.js';
import { type Cells, TableRepository } from './table-repository.js';
import { plainArray } from './values.js';

const openOf = statement('sessions.openOf', `select id from sessions where user_id = $1::text and status = 'OPEN'`);

const oldSessions = statement(
  'sessions.old',
  `select id from sessions where coalesce(ended_at, expires_at) < clock_timestamp() - $1::float8 * interval '1 second'
   order by coalesce(ended_at, expires_at) limit $2::int for update skip locked`,
);
const forgetTokens = statement(
  'refreshTokens.forget',
  `delete from refresh_tokens where id in (
     select t.id from unnest($1::uuid[]) as u(id) cross join lateral (
       select r.id from refresh_tokens r where r.session_id = u.id offset 0) t)`,
);
const forgetSessions = statement('sessions.forget', 'delete from sessions where id = any($1::uuid[])');
const forgetThrottles = statement(
  'throttles.forget',
  `delete from throttles where id in (
     select id from throttles where touched_at < clock_timestamp() - $1::float8 * interval '1 second'
     order by touched_at limit $2::int for update skip locked)`,
);

type Started = Exclude<Session, { status: 'NONE' }>;

export class PostgresSessionRepository extends TableRepository<Session> implements SessionRepository {
  constructor() {
    const of = (field: (session: Started) => string | number | null) => (state: Session) =>
      state.status === 'NONE' ? null : field(state);
    super({
      table: 'sessions',
      idType: 'uuid',
      initial: { status: 'NONE' },
      columns: [
        { name: 'user_id', type: 'text', fixed: true, of: of(({ userId }) => userId) },
        { name: 'started_at', type: 'instant', fixed: true, of: of(({ startedAt }) => startedAt) },
        { name: 'expires_at', type: 'instant', fixed: true, of: of(({ expiresAt }) => expiresAt) },
        { name: 'status', type: 'text', of: ({ status }) => status },
        { name: 'generation', type: 'int', of: of(({ generation }) => generation) },
        { name: 'reason', type: 'text', of: state => (state.status === 'ENDED' ? state.reason : null) },
        { name: 'ended_at', type: 'instant', of: state => (state.status === 'ENDED' ? state.endedAt : null) },
      ],
      fromRow: ({ user_id, started_at, expires_at, status, generation, reason, ended_at }: Cells) => {
        const facts = { userId: user_id, startedAt: started_at, expiresAt: expires_at, generation };
        return { ...facts, status, ...(status === 'ENDED' && { reason, endedAt: ended_at }) } as Started;
      },
    });
  }

  async openOf(tx: Transaction, userId: string): Promise<readonly string[]> {
    return (await rowsOf<{ id: string }>(tx, openOf, [userId])).map(({ id }) => id);
  }

  async forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number> {
    const rows = await rowsOf<{ id: string }>(tx, oldSessions, [retentionSeconds, limit]);
    if (rows.length === 0) return 0;
    const ids = plainArray(rows.map(({ id }) => id));
    await countOf(tx, forgetTokens, [ids]);
    return countOf(tx, forgetSessions, [ids]);
  }
}

type Known = Exclude<RefreshToken, { status: 'NONE' }>;

export class PostgresRefreshTokenRepository extends TableRepository<RefreshToken> implements RefreshTokenRepository {
  constructor() {
    const of = (field: (token: Known) => string | number) => (state: RefreshToken) =>
      state.status === 'NONE' ? null : field(state);
    super({
      table: 'refresh_tokens',
      idType: 'text',
      initial: { status: 'NONE' },
      columns: [
        { name: 'session_id', type: 'uuid', fixed: true, of: of(({ sessionId }) => sessionId) },
        { name: 'generation', type: 'int', fixed: true, of: of(({ generation }) => generation) },
        { name: 'issued_at', type: 'instant', fixed: true, of: of(({ issuedAt }) => issuedAt) },
        { name: 'status', type: 'text', of: ({ status }) => status },
        { name: 'used_at', type: 'instant', of: state => (state.status === 'USED' ? state.usedAt : null) },
      ],
      fromRow: ({ session_id, generation, issued_at, status, used_at }: Cells) => {
        const facts = { sessionId: session_id, generation, issuedAt: issued_at };
        return { ...facts, status, ...(status === 'USED' && { usedAt: used_at }) } as Known;
      },
    });
  }
}

export class PostgresThrottleRepository extends TableRepository<Throttle> implements ThrottleRepository {
  constructor() {
    super({
      table: 'throttles',
      idType: 'text',
      initial: { status: 'CLEAR' },
      columns: [
        { name: 'status', type: 'text', of: ({ status }) => status },
        { name: 'attempts', type: 'int', of: state => (state.status === 'COUNTING' ? state.attempts : null) },
        { name: 'since', type: 'instant', of: state => (state.status === 'COUNTING' ? state.since : null) },
        { name: 'locked_until', type: 'instant', of: state => (state.status === 'LOCKED' ? state.until : null) },
      ],
      fromRow: ({ status, attempts, since, locked_until }: Cells) => {
        if (status === 'COUNTING') return { status, attempts: Number(attempts), since: Number(since) };
        return status === 'LOCKED' ? { status, until: Number(locked_until) } : { status: 'CLEAR' };
      },
    });
  }

  forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number> {
    return countOf(tx, forgetThrottles, [retentionSeconds, limit]);
  }
}
