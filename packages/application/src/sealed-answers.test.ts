import { aSite, codes, origin } from './accounts.fixtures.js';
import { accepted } from './promotions.fixtures.js';

describe('a change of the profile under a key', () => {
  const aProfile = async () => {
    const { signUp, site, ...rest } = aSite();
    const { userId } = accepted(await signUp());
    const change = (name: string, { key = 'k', fingerprint = name } = {}) => {
      const request = { owner: userId, key, fingerprint };
      const input = { userId, name, phone: null, expectedRevision: null, origin };
      return site.changeProfile({
        input,
        once: { request, answer: ({ accepted: isFine }) => (isFine ? `now ${name}` : null) },
      });
    };
    const revision = async () => (await site.queries.account(userId))?.revision;
    return { ...rest, userId, change, revision };
  };

  it('is made once and answered alike', async () => {
    const { change, revision } = await aProfile();
    expect(await change('Ann B.')).toMatchObject({ kind: 'DONE', result: { accepted: true } });
    expect(await change('Ann B.')).toEqual({ kind: 'REPLAY', response: 'now Ann B.' });
    expect(await change('Ann C.')).toEqual({ kind: 'OTHER_REQUEST' });
    expect(await revision()).toBe(2);
  });

  it('leaves the key free when it was refused', async () => {
    const { change } = await aProfile();
    const no = await change('');
    expect(no.kind === 'DONE' && codes([no.result])).toEqual(['ACCOUNT_INVALID']);
    expect(await change('Ann B.')).toMatchObject({ kind: 'DONE', result: { accepted: true } });
  });

  it('leaves nothing legible with the key', async () => {
    const { change, userId, unitOfWork, idempotency } = await aProfile();
    await change('Ann B.', { fingerprint: 'a digest' });
    const request = { owner: userId, key: 'k', fingerprint: 'sealed' };
    const [claim] = await unitOfWork.run(tx => idempotency.claim(tx, [request]));
    expect(claim).toEqual({ claim: 'REPLAY', response: expect.not.stringMatching(/Ann|digest/) });
  });
});
