import { readinessOf } from './readiness.js';

const roles = new Set(['api'] as const);
const up = { now: async () => 1 };
const down = { now: () => Promise.reject(new Error('no connection')) };

describe('readiness', () => {
  it('is that of the database', async () => {
    expect(await readinessOf(up, roles)()).toEqual({ ready: true, checks: { roles: ['api'], database: 'UP' } });
    expect(await readinessOf(down, roles)()).toEqual({ ready: false, checks: { roles: ['api'], database: 'DOWN' } });
  });

  it('tells of dependencies that are not asked for now, and does not hang on them', async () => {
    const breakers = [
      { name: 'redis', status: 'OPEN' },
      { name: 'kafka', status: 'CLOSED' },
    ] as const;
    expect(await readinessOf(up, roles, breakers)()).toEqual({
      ...{ ready: true, checks: { roles: ['api'], database: 'UP', circuits: { redis: 'OPEN', kafka: 'CLOSED' } } },
    });
  });
});
