import fc from 'fast-check';
import type { UserId } from '../ids.js';
import { evolveRefreshToken, type RefreshToken, refreshTokenTransitions, tokenIdsOf } from './refresh-token.js';
import { type Session, type SessionCommand, session, sessionTransitions } from './session.js';

const GRACE = 10;

/** A session with the tokens of its family, driven as a use case drives it. */
class Family {
  state: Session = session.initial;
  readonly tokens = new Map<string, RefreshToken>();
  readonly moves: string[] = [];

  private apply(command: SessionCommand): boolean {
    const decision = session.decide(this.state, command);
    if (!decision.accepted) return false;
    for (const event of decision.events) {
      const next = session.evolve(this.state, event);
      this.moves.push(`${this.state.status} ${event.type} ${next.status}`);
      this.state = next;
      for (const id of tokenIdsOf(event)) {
        const before = this.tokens.get(id) ?? { status: 'NONE' };
        const after = evolveRefreshToken(before, id, event, 'session-1');
        this.moves.push(`${before.status} ${event.type} ${after.status}`);
        this.tokens.set(id, after);
      }
    }
    return this.state.status === 'OPEN';
  }

  start = (at = 0) => this.apply({ type: 'Start', userId: 'ann' as UserId, tokenId: 't1', expiresAt: 1_000, at });
  end = (at: number) => this.apply({ type: 'End', reason: 'LOGGED_OUT', at });
  /** Answers the new token, or null. */
  refresh(presentedId: string, at: number): string | null {
    const tokenId = `t${this.tokens.size + 1}`;
    const presented = this.tokens.get(presentedId) ?? { status: 'NONE' };
    return this.apply({ type: 'Refresh', presentedId, presented, tokenId, graceMs: GRACE, at }) &&
      this.tokens.has(tokenId)
      ? tokenId
      : null;
  }
}

const started = () => {
  const family = new Family();
  family.start();
  return family;
};
const reasonOf = ({ state }: Family) => (state.status === 'ENDED' ? state.reason : state.status);

describe('rule 20: refresh tokens', () => {
  it('are traded once each, generation after generation', () => {
    const family = started();
    expect([family.refresh('t1', 100), family.refresh('t2', 200), family.refresh('t3', 300)]).toEqual([
      't2',
      't3',
      't4',
    ]);
    expect(family.state).toMatchObject({ status: 'OPEN', generation: 4, startedAt: 0, expiresAt: 1_000 });
    expect(family.tokens.get('t2')).toEqual({
      status: 'USED',
      sessionId: 'session-1',
      generation: 2,
      issuedAt: 100,
      usedAt: 200,
    });
  });

  it.each<[number, string]>([
    [100, 'OPEN'],
    [109, 'OPEN'],
    [110, 'TOKEN_REUSED'],
    [999, 'TOKEN_REUSED'],
  ])(
    '"used again within REFRESH_GRACE_SECONDS works; later it kills the family": used at 100, again at %d',
    (at, end) => {
      const family = started();
      family.refresh('t1', 100);
      family.refresh('t1', at);
      expect(reasonOf(family)).toBe(end);
    },
  );

  it('of two tabs that refresh at the same moment both go on working', () => {
    const family = started();
    const [one, two] = [family.refresh('t1', 100), family.refresh('t1', 101)];
    expect([one, two]).toEqual(['t2', 't3']);
    expect([family.refresh('t2', 500), family.refresh('t3', 500)]).toEqual(['t4', 't5']);
    expect(family.refresh('t1', 500)).toBeNull();
    expect(reasonOf(family)).toBe('TOKEN_REUSED');
  });

  it('count the grace from their first use: using one over and over does not prolong it', () => {
    const family = started();
    for (const at of [100, 105, 109]) family.refresh('t1', at);
    expect(family.refresh('t1', 111)).toBeNull();
  });

  it('of a dead family are all worth nothing, and tell nothing', () => {
    const family = started();
    family.refresh('t1', 100);
    family.refresh('t1', 500);
    expect(family.refresh('t2', 501)).toBeNull();
    expect(family.moves.at(-1)).toBe('OPEN SessionEnded ENDED');
  });

  it('that were never given out change nothing', () => {
    const family = started();
    expect(family.refresh('guessed', 100)).toBeNull();
    expect(reasonOf(family)).toBe('OPEN');
  });

  it.each<[number, string]>([
    [999, 'OPEN'],
    [1_000, 'EXPIRED'],
  ])('end with their session, however often it was refreshed: at %d %s', (at, end) => {
    const family = started();
    family.refresh('t1', 900);
    family.refresh('t2', at);
    expect(reasonOf(family)).toBe(end);
  });
});

describe('a session', () => {
  it('is started once', () =>
    expect(
      session.decide(started().state, {
        ...{ type: 'Start', userId: 'bob' as UserId, tokenId: 'x', expiresAt: 1, at: 0 },
      }),
    ).toMatchObject({ refusal: { code: 'SESSION_ALREADY_EXISTS' } }));

  it('ends once, and ending it again changes nothing', () => {
    const family = started();
    family.end(50);
    family.end(60);
    expect(family.state).toMatchObject({ status: 'ENDED', reason: 'LOGGED_OUT', endedAt: 50 });
    expect(family.refresh('t1', 70)).toBeNull();
  });

  it('moves only along the tables, and a token is never traded after its grace', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(30), fc.nat(20)), { maxLength: 40 }), steps => {
        const family = started();
        let at = 0;
        for (const [token, wait, dice] of steps) {
          at += wait;
          if (dice === 0) family.end(at);
          const before = family.tokens.get(`t${token}`);
          const traded = family.refresh(`t${token}`, at) !== null;
          if (traded && before?.status === 'USED') expect(at).toBeLessThan(before.usedAt + GRACE);
        }
        const table: Record<string, Record<string, string>> = { ...sessionTransitions };
        const tokens: Record<string, Record<string, string>> = refreshTokenTransitions;
        for (const move of family.moves) {
          const [from = '', event = '', to] = move.split(' ');
          expect([table[from]?.[event], tokens[from]?.[event]]).toContain(to);
        }
      }),
    ));

  it('and its tokens can reach every status', () => {
    for (const table of [sessionTransitions, refreshTokenTransitions]) {
      const reached = new Set(['NONE', ...Object.values(table).flatMap(row => Object.values(row))]);
      expect([...reached].sort()).toEqual(Object.keys(table).sort());
    }
  });
});
