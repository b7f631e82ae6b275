import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, KeyedRequest } from '../../ports/idempotency-store.js';
import { counter, type Lie, liesAbout, lying } from './lie.fixtures.js';

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

const liesAboutIdempotency = liesAbout('IdempotencyStore', {
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

const next = counter();

const liesAboutEvents = liesAbout('EventLog', {
  'ignores an event of a version that is taken': {
    tell: ({ events }) => ({
      events: lying(events, {
        append: async (tx, added) => {
          for (const event of added) {
            const known = await events.stream(tx, event.streamId);
            if (!known.some(({ streamVersion }) => streamVersion === event.streamVersion))
              await events.append(tx, [event]);
          }
        },
      }),
    }),
    caughtBy: [
      'throws for a version that a stream has already, and keeps what was there',
      'throws for one version twice in one call',
      'writes nothing of a transaction in which one event was refused',
    ],
  },
  'moves an event of a version that is taken to a free one': {
    tell: ({ events }) => ({
      events: lying(events, {
        append: (tx, added) =>
          events.append(
            tx,
            added.map(event => ({ ...event, streamVersion: next() })),
          ),
      }),
    }),
    caughtBy: ['gives one version of a stream to one of twenty writers'],
  },
  'answers the newest first': {
    tell: ({ events }) => ({
      events: lying(events, { stream: async (tx, id) => [...(await events.stream(tx, id))].reverse() }),
    }),
    caughtBy: ['answers the events of one stream, oldest first, in whatever order they came'],
  },
  'counts the events of a stream for its last version': {
    tell: ({ events }) => ({
      events: lying(events, {
        versions: (tx, streamIds) => Promise.all(streamIds.map(async id => (await events.stream(tx, id)).length)),
      }),
    }),
    caughtBy: ['tells the last version of each stream, in the order in which they are asked for'],
  },
  'tells the versions of the streams that it finds, and of each once': {
    tell: ({ events }) => ({
      events: lying(events, {
        versions: async (tx, streamIds) =>
          (await events.versions(tx, [...new Set(streamIds)])).filter(version => version > 0),
      }),
    }),
    caughtBy: ['tells the last version of each stream, in the order in which they are asked for'],
  },
  'keeps events that were rolled back': {
    tell: ({ events, unitOfWork }) => ({
      events: lying(events, { append: (_, added) => unitOfWork.run(own => events.append(own, added)) }),
    }),
    caughtBy: ['takes back events when the work fails', 'shows nobody events that may still be taken back'],
  },
  'drops the trace': {
    tell: ({ events }) => ({
      events: lying(events, {
        append: (tx, added) =>
          events.append(
            tx,
            added.map(event => ({ ...event, origin: { ...event.origin, traceparent: null } })),
          ),
      }),
    }),
    caughtBy: ['keeps every part of an event, and the JSON of its data'],
  },
  'records the time of its own machine': {
    tell: ({ events }) => ({
      events: lying(events, {
        stream: async (tx, id) => (await events.stream(tx, id)).map(event => ({ ...event, recordedAt: 1_000 })),
      }),
    }),
    caughtBy: ['records the time of the store'],
  },
});

const liesAboutPlainPorts = [
  ...liesAbout('IdGenerator', {
    'makes ids of version 4': {
      tell: ({ ids }) => ({ ids: lying(ids, { next: () => ids.next().replace('-7', '-4') }) }),
      caughtBy: ['makes lower-case UUIDs of version 7'],
    },
    'makes two ids alike': {
      tell: ({ ids }) => {
        const one = ids.next();
        return { ids: lying(ids, { next: () => one }) };
      },
      caughtBy: ['makes no id twice'],
    },
    'makes ids of one millisecond in any order': {
      tell: ({ ids }) => {
        let calls = 0;
        const swap = (id: string) => `${id.slice(0, 35)}${calls++ % 2 === 0 ? 'f' : '0'}`;
        return { ids: lying(ids, { next: () => swap(ids.next().replace(/-(.{11})(.)$/, '-$2$1')) }) };
      },
      caughtBy: ['makes ids that sort in the order of their making, also within one millisecond'],
    },
  }),
  ...liesAbout('Stopwatch', {
    'goes back': {
      tell: ({ clock }) => ({ stopwatch: { elapsed: () => -clock.time } }),
      caughtBy: ['never goes back', 'counts milliseconds'],
    },
    'counts seconds': {
      tell: ({ clock }) => ({ stopwatch: { elapsed: () => clock.time / 1000 } }),
      caughtBy: ['counts milliseconds'],
    },
  }),
];

export const liesAboutRecords = [...liesAboutIdempotency, ...liesAboutEvents, ...liesAboutPlainPorts];
