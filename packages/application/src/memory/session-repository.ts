import type { RefreshToken, Session, Throttle } from '@org/domain';
import type { Clock } from '../ports/clock.js';
import type { RefreshTokenRepository, SessionRepository, ThrottleRepository } from '../ports/session-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { Table } from './table.js';

export class InMemoryRefreshTokenRepository extends InMemoryAggregates<RefreshToken> implements RefreshTokenRepository {
  constructor() {
    super('refresh tokens', { status: 'NONE' });
  }
}

const lastUse = (session: Session): number => {
  if (session.status === 'NONE') return Number.POSITIVE_INFINITY;
  return session.status === 'ENDED' ? session.endedAt : session.expiresAt;
};

export class InMemorySessionRepository extends InMemoryAggregates<Session> implements SessionRepository {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: InMemoryRefreshTokenRepository,
  ) {
    super('sessions', { status: 'NONE' });
  }

  async openOf(tx: Transaction, userId: string) {
    return this.rows
      .entries(tx)
      .filter(([, { state }]) => state.status === 'OPEN' && state.userId === userId)
      .map(([id]) => id);
  }

  async forget(tx: Transaction, retentionSeconds: number, limit: number) {
    const before = (await this.clock.now(tx)) - retentionSeconds * 1000;
    const old = this.rows
      .entries(tx)
      .filter(([id, { state }]) => lastUse(state) < before && this.rows.tryLock(tx, id))
      .slice(0, limit)
      .map(([id]) => id);
    for (const [tokenId, { state }] of this.tokens.rows.entries(tx)) {
      if (state.status === 'NONE' || !old.includes(state.sessionId)) continue;
      await this.tokens.rows.lock(tx, [tokenId]);
      this.tokens.rows.set(tx, tokenId, undefined);
    }
    for (const id of old) this.rows.set(tx, id, undefined);
    return old.length;
  }
}

export class InMemoryThrottleRepository extends InMemoryAggregates<Throttle> implements ThrottleRepository {
  private readonly touched = new Table<number>('throttles by last touch');

  constructor(private readonly clock: Clock) {
    super('throttles', { status: 'CLEAR' });
  }

  async forget(tx: Transaction, retentionSeconds: number, limit: number) {
    const before = (await this.clock.now(tx)) - retentionSeconds * 1000;
    const old = this.touched
      .entries(tx)
      .filter(([id, at]) => at < before && this.rows.tryLock(tx, id) && this.touched.tryLock(tx, id))
      .slice(0, limit);
    for (const [id] of old) {
      this.rows.set(tx, id, undefined);
      this.touched.set(tx, id, undefined);
    }
    return old.length;
  }

  protected override async uphold(tx: Transaction, id: string) {
    await this.touched.lock(tx, [id]);
    this.touched.set(tx, id, await this.clock.now(tx));
  }
}
