import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { KeyedRequest } from '../ports/idempotency-store.js';
import { aMoment, meanwhile, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export interface IdempotencyStoreFixture extends Pick<Adapters, 'unitOfWork' | 'idempotency'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = IdempotencyStoreFixture;

const request = (key: string, changed: Partial<KeyedRequest> = {}): KeyedRequest => ({
  ...{ owner: 'ann', key, fingerprint: `body of ${key}` },
  ...changed,
});

const claim = ({ unitOfWork, idempotency }: Fixture, requests: readonly KeyedRequest[]) =>
  unitOfWork.run(tx => idempotency.claim(tx, requests));

/** Claims and completes in one transaction, as a request that is done. */
const done = ({ unitOfWork, idempotency }: Fixture, requests: readonly KeyedRequest[], response = '{"done":true}') =>
  unitOfWork.run(async tx => {
    const claims = await idempotency.claim(tx, requests);
    await idempotency.complete(
      tx,
      requests.map(each => ({ ...each, response })),
    );
    return claims;
  });

const isNew = { claim: 'NEW' };
const inFlight = { claim: 'IN_FLIGHT' };
const replay = (response = '{"done":true}') => ({ claim: 'REPLAY', response });

const concurrent = {
  inFlight: 'tells that somebody else is at it, without waiting',
  released: 'gives a key to the next after the one who was at it gave up',
} as const;

export const idempotencyStoreContract = contract<Fixture>(
  'IdempotencyStore',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      await done(fixture, [request('k1')]);
      sameData(await claim(await another(), [request('k1')]), [isNew]);
    },
    async 'claims a new key'(fixture) {
      sameData(await claim(fixture, [request('k1')]), [isNew]);
    },
    async 'claims and completes nothing for no requests'(fixture) {
      sameData(await done(fixture, []), []);
    },
    async 'replays the answer byte for byte, as often as it is asked for'(fixture) {
      const answers = [
        '',
        '{"b":1,"a":2}',
        ' { "spaces" :  [ ] }\r\n\t',
        '가나다 🎉 é é "\\u0041" \\',
        '9007199254740993',
        `"${'x'.repeat(1_000_000)}"`,
      ];
      for (const [index, answer] of answers.entries()) {
        const key = `k${index}`;
        await done(fixture, [request(key)], answer);
        for (const _ of [1, 2]) {
          const [again] = await claim(fixture, [request(key)]);
          assert.ok(again?.claim === 'REPLAY' && again.response === answer, `the answer ${answer.slice(0, 40)}`);
        }
      }
    },
    async 'tells another request under a used key'(fixture) {
      await done(fixture, [request('k1')]);
      sameData(await claim(fixture, [request('k1', { fingerprint: 'another body' })]), [{ claim: 'OTHER_REQUEST' }]);
      sameData(await claim(fixture, [request('k1')]), [replay()]);
    },
    async 'keeps the keys of owners apart'(fixture) {
      await done(fixture, [request('k1')], 'of ann');
      sameData(await done(fixture, [request('k1', { owner: 'bob' })], 'of bob'), [isNew]);
      sameData(await claim(fixture, [request('k1', { owner: 'bob' }), request('k1')]), [
        replay('of bob'),
        replay('of ann'),
      ]);
      // The same letters, cut at another place.
      sameData(await claim(fixture, [request('1', { owner: 'annk' })]), [isNew]);
    },
    async 'takes keys and owners of any length and script, and tells them apart by case'(fixture) {
      const keys = ['a', 'A', 'x'.repeat(255), '열쇠-🗝', 'with space', 'quote\'"\\', '%_'];
      await done(
        fixture,
        keys.map(key => request(key)),
      );
      sameData(
        await claim(
          fixture,
          keys.map(key => request(key)),
        ),
        keys.map(() => replay()),
      );
      sameData(await claim(fixture, [request('X'.repeat(255)), request('%%')]), [isNew, isNew]);
    },
    async 'answers a mixed batch in the order of the requests'(fixture) {
      await done(fixture, [request('b')], 'B');
      await done(fixture, [request('d')], 'D');
      const asked = [request('d'), request('a'), request('b', { fingerprint: 'x' }), request('c'), request('b')];
      const expected = [replay('D'), isNew, { claim: 'OTHER_REQUEST' }, isNew, replay('B')];
      sameData(await claim(fixture, asked), expected);
    },
    async 'claims a thousand keys in one call'(fixture) {
      const requests = Array.from({ length: 1_000 }, (_, index) => request(`k${index}`));
      const claims = await done(fixture, requests);
      sameData(
        claims,
        requests.map(() => isNew),
      );
      sameData(
        await claim(fixture, requests),
        requests.map(() => replay()),
      );
    },
    async 'lets the first of two in one batch do it: the second is in flight'(fixture) {
      sameData(await claim(fixture, [request('k1'), request('k2'), request('k1')]), [isNew, isNew, inFlight]);
    },
    async 'keeps nothing of a claim that is not completed'(fixture) {
      sameData(await claim(fixture, [request('k1')]), [isNew]);
      sameData(await claim(fixture, [request('k1', { fingerprint: 'another body' })]), [isNew]);
    },
    async 'keeps only what is completed of a batch'(fixture) {
      const { unitOfWork, idempotency } = fixture;
      await unitOfWork.run(async tx => {
        await idempotency.claim(tx, [request('k1'), request('k2')]);
        await idempotency.complete(tx, [{ ...request('k2'), response: 'two' }]);
      });
      sameData(await claim(fixture, [request('k1'), request('k2')]), [isNew, replay('two')]);
    },
    async 'forgets an answer whose transaction failed'(fixture) {
      const { unitOfWork, idempotency } = fixture;
      await rolledBack(unitOfWork, async tx => {
        await idempotency.claim(tx, [request('k1')]);
        await idempotency.complete(tx, [{ ...request('k1'), response: 'never' }]);
      });
      sameData(await done(fixture, [request('k1')], 'again'), [isNew]);
      sameData(await claim(fixture, [request('k1')]), [replay('again')]);
    },
    async 'lets one of twenty with the same key do it, and nobody else'(fixture) {
      const { unitOfWork, idempotency } = fixture;
      const claims = await twenty(index =>
        unitOfWork.run(async tx => {
          const [mine] = await idempotency.claim(tx, [request('k1')]);
          if (mine?.claim === 'NEW') await idempotency.complete(tx, [{ ...request('k1'), response: `by ${index}` }]);
          return mine;
        }),
      );
      const winner = claims.findIndex(each => each?.claim === 'NEW');
      assert.equal(claims.filter(each => each?.claim === 'NEW').length, 1);
      for (const each of claims)
        if (each?.claim !== 'NEW' && each?.claim !== 'IN_FLIGHT') sameData(each, replay(`by ${winner}`));
      sameData(await claim(fixture, [request('k1')]), [replay(`by ${winner}`)]);
    },
    async [concurrent.inFlight](fixture) {
      const { unitOfWork, idempotency } = fixture;
      const others = await meanwhile(
        unitOfWork,
        async tx => {
          await idempotency.claim(tx, [request('k1'), request('k2')]);
          await idempotency.complete(tx, [{ ...request('k1'), response: 'done' }]);
        },
        tx => idempotency.claim(tx, [request('k0'), request('k1'), request('k1', { owner: 'bob' }), request('k2')]),
      );
      sameData(others, [isNew, inFlight, isNew, inFlight]);
      sameData(await claim(fixture, [request('k1'), request('k2')]), [replay('done'), isNew]);
    },
    async [concurrent.released](fixture) {
      const { unitOfWork, idempotency } = fixture;
      const seen: unknown[] = [];
      await rolledBack(
        unitOfWork,
        tx => idempotency.claim(tx, [request('k1')]),
        async () => {
          const asked = claim(fixture, [request('k1')]);
          seen.push(await Promise.race([asked, aMoment().then(() => 'waits')]));
        },
      );
      sameData(seen, [[inFlight]]);
      sameData(await claim(fixture, [request('k1')]), [isNew]);
    },
    async 'forgets answers older than the retention, no more than the limit at a time'(fixture) {
      const { unitOfWork, idempotency } = fixture;
      const forget = (seconds: number, limit: number) => unitOfWork.run(tx => idempotency.forget(tx, seconds, limit));
      await done(fixture, [request('k1'), request('k2'), request('k3')]);
      await fixture.elapse(5);
      assert.equal(await forget(3_600, 10), 0);
      sameData(await claim(fixture, [request('k1')]), [replay()]);
      await rolledBack(unitOfWork, tx => idempotency.forget(tx, 0, 10));
      sameData([await forget(0, 2), await forget(0, 2), await forget(0, 2)], [2, 1, 0]);
      sameData(await done(fixture, [request('k1', { fingerprint: 'another body' })]), [isNew]);
    },
  },
  { [concurrent.inFlight]: 'concurrent transactions', [concurrent.released]: 'concurrent transactions' },
);
