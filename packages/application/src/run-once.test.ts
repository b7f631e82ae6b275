import { inMemoryAdapters } from './memory/index.js';
import { done } from './outcome.js';
import { runOnce } from './run-once.js';

describe('work that is run once', () => {
  const aWorker = () => {
    const adapters = inMemoryAdapters();
    let runs = 0;
    const work = async () => {
      runs += 1;
      await new Promise(setImmediate);
      return done(runs);
    };
    const once = runOnce<number>(adapters);
    const run = (key: string | null, fingerprint = 'f') => {
      const keyed = { request: { owner: 'olga', key: key ?? '', fingerprint }, answer: () => `run ${runs}` };
      return once({ input: work, ...(key !== null && { once: keyed }) });
    };
    return { run, runs: () => runs };
  };

  it('is answered alike under its key, and refused to another request', async () => {
    const { run, runs } = aWorker();
    expect(await run('k')).toEqual({ kind: 'DONE', result: done(1) });
    expect(await run('k')).toEqual({ kind: 'REPLAY', response: 'run 1' });
    expect(await run('k', 'g')).toEqual({ kind: 'OTHER_REQUEST' });
    expect(runs()).toBe(1);
  });

  it('is done every time without one, or under another', async () => {
    const { run, runs } = aWorker();
    for (const key of [null, null, 'k', 'l']) expect((await run(key)).kind).toBe('DONE');
    expect(runs()).toBe(4);
  });

  it('is under way when it comes again meanwhile, and runs once', async () => {
    const { run, runs } = aWorker();
    const told = await Promise.all([run('k'), run('k'), run('k', 'g'), run('l')]);
    expect(told.map(({ kind }) => kind)).toEqual(['DONE', 'IN_FLIGHT', 'OTHER_REQUEST', 'DONE']);
    expect(runs()).toBe(2);
    expect(await run('k')).toMatchObject({ kind: 'REPLAY' });
  });
});
