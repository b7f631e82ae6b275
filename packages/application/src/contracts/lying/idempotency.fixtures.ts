import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, KeyedRequest } from '../../ports/idempotency-store.js';
import { type Lie, liesAbout, lying } from './lie.fixtures.js';

/** Changes the requests before the honest store sees them. */
const withRequests =
  (change: (request: KeyedRequest) => Partial<KeyedRequest>): Lie['tell'] =>
  ({ idempotency }) => ({
    idempotency: lying(idempotency, {
      claim: (tx, requests) =>
        idempotency.claim(
          tx,
          requests.map(each => ({ ...each, ...change(each) })),
        ),
      complete: (tx, answers) =>
        idempotency.complete(
          tx,
          answers.map(each => ({ ...each, ...change(each) })),
        ),
    }),
  });

/** Changes the claims that the honest store answers. */
const withClaims =
  (change: (claim: Claim) => Claim): Lie['tell'] =>
  ({ idempotency }) => ({
    idempotency: lying(idempotency, {
      claim: async (tx, requests) => (await idempotency.claim(tx, requests)).map(change),
    }),
  });

export const liesAboutIdempotency = liesAbout('IdempotencyStore', {
  'replays a changed answer': {
    tell: withClaims(claim => ('response' in claim ? { ...claim, response: claim.response.trim() } : claim)),
    caughtBy: ['replays the answer byte for byte, as often as it is asked for'],
  },
  'shares keys among owners': {
    tell: withRequests(() => ({ owner: 'everybody' })),
    caughtBy: ['keeps the keys of owners apart'],
  },
  'glues owner and key together': {
    tell: withRequests(({ owner, key }) => ({ owner: '', key: owner + key })),
    caughtBy: ['keeps the keys of owners apart'],
  },
  'takes any body for the same request': {
    tell: withRequests(() => ({ fingerprint: '' })),
    caughtBy: ['tells another request under a used key'],
  },
  'lets two do the same': {
    tell: withClaims(claim => (claim.claim === 'IN_FLIGHT' ? { claim: 'NEW' } : claim)),
    caughtBy: [
      'lets the first of two in one batch do it: the second is in flight',
      'lets one of twenty with the same key do it, and nobody else',
      'tells that somebody else is at it, without waiting',
    ],
  },
  'mixes up the order of a batch': {
    tell: ({ idempotency }) => ({
      idempotency: lying(idempotency, {
        claim: (tx, requests) =>
          idempotency.claim(
            tx,
            [...requests].sort((a, b) => (a.key < b.key ? -1 : 1)),
          ),
      }),
    }),
    caughtBy: ['answers a mixed batch in the order of the requests'],
  },
  'keeps claims that were never completed': {
    tell: ({ idempotency }) => {
      const seen = new Set<string>();
      return {
        idempotency: lying(idempotency, {
          claim: async (tx, requests) => {
            const claims = await idempotency.claim(tx, requests);
            return claims.map((claim, i): Claim => {
              const key = JSON.stringify([requests[i]?.owner, requests[i]?.key]);
              if (claim.claim === 'NEW' && seen.has(key)) return { claim: 'IN_FLIGHT' };
              seen.add(key);
              return claim;
            });
          },
        }),
      };
    },
    caughtBy: [
      'keeps nothing of a claim that is not completed',
      'gives a key to the next after the one who was at it gave up',
    ],
  },
  'keeps answers that were rolled back': {
    tell: ({ idempotency }) => {
      const answers = new Map<string, string>();
      return {
        idempotency: lying(idempotency, {
          claim: async (tx, requests) =>
            (await idempotency.claim(tx, requests)).map((claim, i): Claim => {
              const response = answers.get(requests[i]?.key ?? '');
              return response !== undefined && claim.claim === 'NEW' ? { claim: 'REPLAY', response } : claim;
            }),
          complete: (tx, done) => {
            for (const { key, response } of done) answers.set(key, response);
            return idempotency.complete(tx, done);
          },
        }),
      };
    },
    caughtBy: ['forgets an answer whose transaction failed'],
  },
  'waits for whoever is at it': {
    tell: ({ idempotency }) => ({
      idempotency: lying(idempotency, {
        claim: async (tx, requests) => {
          let claims = await idempotency.claim(tx, requests);
          for (let tries = 0; tries < 100 && claims.some(({ claim }) => claim === 'IN_FLIGHT'); tries++) {
            await sleep(5);
            claims = await idempotency.claim(tx, requests);
          }
          return claims;
        },
      }),
    }),
    caughtBy: ['gives a key to the next after the one who was at it gave up'],
  },
  'forgets what is still to be kept': {
    tell: ({ idempotency }) => ({
      idempotency: lying(idempotency, { forget: (tx, _, limit) => idempotency.forget(tx, 0, limit) }),
    }),
    caughtBy: ['forgets answers older than the retention, no more than the limit at a time'],
  },
});
