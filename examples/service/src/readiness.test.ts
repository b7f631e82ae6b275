import { type ReadinessParts, readinessOf } from './readiness.js';

const up: ReadinessParts = {
  roles: new Set(['api'] as const),
  queries: { now: async () => 1 },
  breakers: [],
  redisAnswers: null,
};

describe('readiness', () => {
  it('is that of the database', async () => {
    const down = { ...up, queries: { now: () => Promise.reject(new Error('no connection')) } };
    expect(await readinessOf(up)()).toEqual({ ready: true, checks: { roles: ['api'], database: 'UP' } });
    expect(await readinessOf(down)()).toEqual({ ready: false, checks: { roles: ['api'], database: 'DOWN' } });
  });

  it('tells of dependencies that are not asked for now, and does not hang on them', async () => {
    const breakers = [
      { name: 'redis', status: 'OPEN' },
      { name: 'kafka', status: 'CLOSED' },
    ] as const;
    expect(await readinessOf({ ...up, breakers })()).toEqual({
      ...{ ready: true, checks: { roles: ['api'], database: 'UP', circuits: { redis: 'OPEN', kafka: 'CLOSED' } } },
    });
  });

  it('tells of a Redis that does not answer, and stays', async () => {
    for (const [answers, redis] of [
      [true, 'UP'],
      [false, 'DEGRADED'],
    ] as const)
      expect(await readinessOf({ ...up, redisAnswers: async () => answers })()).toEqual({
        ...{ ready: true, checks: { roles: ['api'], database: 'UP', redis } },
      });
  });
});
