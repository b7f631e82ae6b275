import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import { type FedEvent, type FeedCursor, FeedCursorError, type FeedPage } from '../ports/event-feed.js';
import type { NewEvent } from '../ports/event-log.js';
import { happened, named, nameOf, PAID, SHIPPED } from './bus-samples.js';
import { rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameMembers } from './same-data.js';
import { anOpenPolicy, born, facts, issued, user } from './samples.js';

export type EventFeedFixture = Pick<
  Adapters,
  'unitOfWork' | 'events' | 'eventFeed' | 'ids' | 'coupons' | 'policies' | 'campaigns'
>;
type Fixture = EventFeedFixture;

const append = ({ unitOfWork, events }: Fixture, added: readonly NewEvent[]) =>
  unitOfWork.run(tx => events.append(tx, added));

const types = [PAID, SHIPPED];
type Reader = (after: FeedCursor | null, limit: number) => Promise<FeedPage>;

const reader =
  ({ eventFeed }: Fixture, more: Partial<Parameters<Fixture['eventFeed']['read']>[0]> = {}): Reader =>
  (after, limit) =>
    eventFeed.read({ after, types, limit, ...more });

/** Everything that there is after a place, page by page. */
async function walk(read: Reader, after: FeedCursor | null = null, limit = 100): Promise<FeedPage> {
  const events: FedEvent[] = [];
  let next = after;
  for (let turn = 0; turn < 1_000; turn++) {
    const page = await read(next, limit);
    assert.ok(page.events.length <= limit, `${page.events.length} events for a limit of ${limit}`);
    events.push(...page.events);
    next = page.next;
    if (!page.more) return { events, next, more: false };
  }
  throw new Error('the feed comes to no end');
}

const namesOf = async (read: Reader, after: FeedCursor | null = null, limit = 100) =>
  named((await walk(read, after, limit)).events);

export const eventFeedContract = contract<Fixture>(
  'EventFeed',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      await append(fixture, [happened('ann', 1)]);
      sameData(await namesOf(reader(await another())), []);
    },
    async 'answers nothing of an empty log, and what comes after that'(fixture) {
      const start = await walk(reader(fixture));
      sameData(start.events, []);
      await append(fixture, [happened('ann', 1)]);
      sameData(await namesOf(reader(fixture), start.next), ['ann 1']);
    },
    async 'tells every part of an event, with its id, and a position that rises'(fixture) {
      const full = happened('ann', 1, { data: { text: '가나다 "q" \\ \n', list: [1, { deep: null }] } });
      await append(fixture, [full, happened('ann', 2)]);
      const [first, second] = (await walk(reader(fixture))).events as [FedEvent, FedEvent];
      const { position, cursor, recordedAt, ...told } = first;
      sameData(told, { ...full, id: 'order/ann:1' });
      assert.ok(second.position > position && cursor !== second.cursor, 'two places');
      assert.ok(Number.isSafeInteger(recordedAt), 'epoch milliseconds');
    },
    async 'answers events of the types that are asked for, from cursor to cursor'(fixture) {
      await append(fixture, [happened('ann', 1), happened('ann', 2, { type: SHIPPED }), happened('ann', 3)]);
      const read = reader(fixture, { types: [SHIPPED] });
      const { events, next } = await walk(read);
      sameData(named(events), ['ann 2']);
      await append(fixture, [happened('ann', 4), happened('ann', 5, { type: SHIPPED })]);
      sameData(await namesOf(read, next), ['ann 5']);
      sameData(await namesOf(reader(fixture, { types: [] }), next), []);
    },
    async 'pages without loss or double, whatever the size of the page, and from every event on'(fixture) {
      const all = Array.from({ length: 25 }, (_, i) => happened(`user-${i % 3}`, Math.floor(i / 3) + 1));
      for (const part of [all.slice(0, 7), all.slice(7, 8), all.slice(8)]) await append(fixture, part);
      for (const limit of [1, 2, 7, 24, 25, 26])
        sameData(await namesOf(reader(fixture), null, limit), all.map(nameOf), `by ${limit}`);
      for (const [i, { cursor }] of (await walk(reader(fixture))).events.entries())
        sameData(await namesOf(reader(fixture), cursor, 4), all.slice(i + 1).map(nameOf), `after ${i}`);
    },
    async 'goes on from the place behind everything that is committed now'(fixture) {
      await append(fixture, [happened('ann', 1)]);
      const now = await fixture.eventFeed.now();
      sameData(await namesOf(reader(fixture), now), []);
      await append(fixture, [happened('ann', 2)]);
      sameData(await namesOf(reader(fixture), now), ['ann 2']);
      sameData(await namesOf(reader(fixture), await fixture.eventFeed.now()), []);
    },
    async 'goes no further than it is asked to, and on from there'(fixture) {
      await append(fixture, [happened('ann', 1), happened('ann', 2)]);
      const until = await fixture.eventFeed.now();
      await append(fixture, [happened('ann', 3)]);
      const { events, next } = await walk(reader(fixture, { until }), null, 1);
      sameData(named(events), ['ann 1', 'ann 2']);
      sameData(await namesOf(reader(fixture), next), ['ann 3']);
      const later = (await walk(reader(fixture))).next;
      const back = await walk(reader(fixture, { until }), later);
      sameData(named(back.events), []);
      sameData(await namesOf(reader(fixture), back.next), []);
    },
    async 'deals the keys out to slices, each to one and always the same'(fixture) {
      const keys = Array.from({ length: 40 }, (_, i) => `user-${i}`);
      await append(
        fixture,
        keys.flatMap(key => [happened(key, 1), happened(key, 2)]),
      );
      const slices = await Promise.all(
        [0, 1, 2, 3].map(index => namesOf(reader(fixture, { slices: { indices: [index], of: 4 } }))),
      );
      sameMembers(slices.flat(), await namesOf(reader(fixture)));
      for (const slice of slices) {
        assert.ok(slice.length > 0, 'no slice is empty of forty keys');
        sameMembers(
          slice.filter(name => name.endsWith(' 1')).map(name => name.replace(/1$/, '2')),
          slice.filter(name => name.endsWith(' 2')),
        );
      }
      const two = reader(fixture, { slices: { indices: [1, 3], of: 4 } });
      sameMembers(await namesOf(two), [...(slices[1] ?? []), ...(slices[3] ?? [])]);
    },
    async 'never tells what was rolled back'(fixture) {
      await rolledBack(fixture.unitOfWork, tx => fixture.events.append(tx, [happened('ann', 1)]));
      await append(fixture, [happened('ann', 1, { type: SHIPPED })]);
      sameData(
        (await walk(reader(fixture))).events.map(({ type }) => type),
        [SHIPPED],
      );
    },
    async 'waits for no transaction that is open, and tells its events when it has ended'(fixture) {
      const { unitOfWork, events } = fixture;
      let next: FeedCursor | null = null;
      await unitOfWork.run(async tx => {
        await events.append(tx, [happened('slow', 1)]);
        await events.stream(tx, 'slow');
        await append(fixture, [happened('quick', 1)]);
        const page = await walk(reader(fixture));
        sameData(named(page.events), ['quick 1']);
        next = page.next;
      });
      await append(fixture, [happened('quick', 2)]);
      sameMembers(await namesOf(reader(fixture), next), ['slow 1', 'quick 2']);
      sameMembers(await namesOf(reader(fixture), null, 1), ['slow 1', 'quick 1', 'quick 2']);
    },
    async 'tells twenty writers apart: each event once, each stream in order, to who reads meanwhile'(fixture) {
      const read = reader(fixture);
      const seen: FedEvent[] = [];
      let next: FeedCursor | null = null;
      let isWriting = true;
      const step = async () => {
        const page: FeedPage = await walk(read, next, 3);
        seen.push(...page.events);
        next = page.next;
      };
      const writing = twenty(async i => {
        for (let version = 1; version <= 5; version++)
          await (version === 3
            ? append(fixture, [happened(`w${i}`, 3), happened(`w${i}`, 4)])
            : version !== 4 && append(fixture, [happened(`w${i}`, version)]));
      }).finally(() => {
        isWriting = false;
      });
      while (isWriting) {
        await step();
        await new Promise(resolve => setTimeout(resolve, 1));
      }
      await writing;
      await step();
      assert.equal(seen.length, 100);
      for (const i of Array.from({ length: 20 }).keys())
        sameData(
          named(seen, `w${i}`),
          Array.from({ length: 5 }, (_, n) => `w${i} ${n + 1}`),
        );
    },
    async 'tells the events of one user: of orders by their key, of coupons by who has them, of requests by their data'(
      fixture,
    ) {
      const { eventFeed, unitOfWork, coupons, ids } = fixture;
      const policyId = await anOpenPolicy(fixture);
      const [mine, other] = [ids.next(), ids.next()];
      const coupon = (streamId: string, streamVersion: number, type = 'coupon.issued.v1') =>
        happened(policyId, streamVersion, { streamId, type });
      await unitOfWork.run(async tx => {
        await coupons.save(tx, [
          born(mine, issued(facts(policyId, 1, { userId: user('ann') }))),
          born(other, issued(facts(policyId, 2, { userId: user('bob') }))),
        ]);
        await fixture.events.append(tx, [coupon(mine, 1), coupon(other, 1)]);
      });
      await append(fixture, [
        happened('ann', 1),
        happened('bob', 1),
        happened('ann', 1, { streamId: 'cart/ann', type: 'cart.cleared.v1' }),
      ]);
      const request = (userId: string) =>
        happened(policyId, 2, { streamId: `request/${userId}`, type: 'coupon.request-refused.v1', data: { userId } });
      await append(fixture, [request('bob'), request('ann')]);
      await append(fixture, [coupon(mine, 2, 'coupon.used.v1'), happened('ann', 2)]);
      const asked = [...types, 'coupon.issued.v1', 'coupon.request-refused.v1', 'cart.cleared.v1'];
      const ofAnn =
        (wanted = asked): Reader =>
        (after, limit) =>
          eventFeed.ofUser('ann', { after, types: wanted, limit });
      const idsOf = (page: FeedPage) => page.events.map(({ id }) => id);
      const all = [`${mine}:1`, 'order/ann:1', 'request/ann:2', 'order/ann:2'];
      for (const limit of [1, 2, 3, 10]) sameData(idsOf(await walk(ofAnn(), null, limit)), all, `by ${limit}`);
      sameData(idsOf(await walk(ofAnn(['coupon.used.v1']))), [`${mine}:2`]);
      const { events } = await walk(reader(fixture, { types: asked }));
      for (const { cursor, position } of events) {
        const rest = events.filter(each => each.position > position && all.includes(each.id)).map(({ id }) => id);
        sameData(idsOf(await walk(ofAnn(), cursor, 2)), rest, `after ${position}`);
      }
      const now = await eventFeed.now();
      await append(fixture, [happened('ann', 3)]);
      sameData(idsOf(await walk(ofAnn(), now)), ['order/ann:3']);
      const until: Reader = (after, limit) => eventFeed.ofUser('ann', { after, types: asked, limit, until: now });
      const ended = await walk(until, null, 2);
      sameData(idsOf(ended), all);
      sameData(idsOf(await walk(ofAnn(), ended.next)), ['order/ann:3']);
      const later = (await walk(ofAnn())).next;
      sameData(idsOf(await walk(until, later)), []);
    },
    async 'refuses a cursor that it never gave'({ eventFeed }) {
      for (const after of ['', 'x', '-1', '1.5', '9'.repeat(400), "1'; drop table events", '5:3:~1', '3:5:9~1'])
        await assert.rejects(
          eventFeed.read({ after, types, limit: 1 }),
          (error: unknown) => error instanceof FeedCursorError,
          after,
        );
    },
  },
  { 'waits for no transaction that is open, and tells its events when it has ended': 'concurrent transactions' },
);
