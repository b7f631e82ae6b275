import { answersOrMoves } from './answering-coordinator.js';

const asked = ['heartbeat', 'joinGroup', 'syncGroup'] as const;

function aCoordinator(fail: (what: string) => Error | null) {
  const ask = (what: string) => async (payload: unknown) => {
    const error = fail(what);
    if (error) throw error;
    return [what, payload];
  };
  const coordinator = { heartbeat: ask('heartbeat'), joinGroup: ask('joinGroup'), syncGroup: ask('syncGroup') };
  answersOrMoves(coordinator);
  return coordinator;
}

describe('a coordinator', () => {
  it.each(asked)('that answers %s is left alone', async what => {
    expect(await aCoordinator(() => null)[what]('me')).toEqual([what, 'me']);
  });

  it.each(asked)('that refuses %s has answered', async what => {
    const refused = Object.assign(new Error('no'), { type: 'REBALANCE_IN_PROGRESS' });
    await expect(aCoordinator(() => refused)[what]('me')).rejects.toMatchObject({ type: 'REBALANCE_IN_PROGRESS' });
  });

  it.each(asked)('that does not answer %s is taken for none', async what => {
    const lost = new Error('Closed connection');
    await expect(aCoordinator(() => lost)[what]('me')).rejects.toMatchObject({
      ...{ type: 'NOT_COORDINATOR_FOR_GROUP', message: 'Closed connection' },
    });
  });
});
