import { resealing } from './resealing.js';

/** So many accounts are left, of which a batch seals no more than there are. */
function aStore(left: number, isStopping: () => boolean = () => false) {
  const state = { left, calls: 0 };
  const accounts = {
    async reseal(_: unknown, limit: number) {
      const resealed = Math.min(limit, state.left);
      const olderKeys = state.left > 0 ? 1 : 0;
      state.left -= resealed;
      state.calls++;
      return { resealed, olderKeys };
    },
  };
  const run = resealing({
    adapters: { unitOfWork: { run: (work: (tx: never) => unknown) => work(null as never) }, accounts } as never,
    isStopping,
    log: { info: () => undefined },
  });
  return { state, run };
}

describe('personal data after a rotation', () => {
  it('is sealed again until nothing is left, and the older keys are told to be done with', async () => {
    const { state, run } = aStore(450);
    expect(await run()).toEqual({ resealed: 450, olderKeys: 0 });
    expect(state.calls).toBe(4);
    expect(await run()).toEqual({ resealed: 0, olderKeys: 0 });
  });

  it('is left for the next run when the process stops', async () => {
    let batches = 0;
    const { state, run } = aStore(1_000, () => ++batches > 2);
    expect(await run()).toEqual({ resealed: 400, olderKeys: 1 });
    expect(state.left).toBe(600);
  });

  it('is not sealed to and fro for ever by two that disagree about the newest key', async () => {
    const { run } = aStore(Number.POSITIVE_INFINITY);
    expect(await run()).toEqual({ resealed: 100_000, olderKeys: 1 });
  });
});
