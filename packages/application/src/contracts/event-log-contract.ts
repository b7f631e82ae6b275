import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { NewEvent } from '../ports/event-log.js';
import { aMoment, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export type EventLogFixture = Pick<Adapters, 'unitOfWork' | 'events' | 'clock' | 'ids'>;
type Fixture = EventLogFixture;

const event = (streamId: string, streamVersion: number, changed: Partial<NewEvent> = {}): NewEvent => ({
  ...{ streamId, streamVersion, type: 'coupon.reserved.v1', data: { n: streamVersion }, key: streamId },
  origin: { actor: 'ann', traceparent: null },
  ...changed,
});

const append = ({ unitOfWork, events }: Fixture, added: readonly NewEvent[]) =>
  unitOfWork.run(tx => events.append(tx, added));

const stream = ({ unitOfWork, events }: Fixture, streamId: string) => unitOfWork.run(tx => events.stream(tx, streamId));

const versions = async (fixture: Fixture, streamId: string) =>
  (await stream(fixture, streamId)).map(({ streamVersion }) => streamVersion);

export const eventLogContract = contract<Fixture>('EventLog', {
  async 'gets a store of its own for every case'(fixture, another) {
    const id = fixture.ids.next();
    await append(fixture, [event(id, 1)]);
    sameData(await versions(await another(), id), []);
  },
  async 'answers nothing for a stream that nobody wrote, and takes no events at all'(fixture) {
    await append(fixture, []);
    sameData(await stream(fixture, fixture.ids.next()), []);
  },
  async 'keeps every part of an event, and the JSON of its data'(fixture) {
    const id = fixture.ids.next();
    const data = {
      ...{ text: '가나다 🎉 "quoted" \\ \n', empty: '', none: null, yes: true, no: false },
      ...{ money: Number.MAX_SAFE_INTEGER, negative: -1, fraction: 0.1, zero: 0, instant: 1_772_368_496_789 },
      ...{ list: [1, [2, []], { deep: { er: 'x'.repeat(10_000) } }], nothing: {} },
    };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const full = event(id, 1, { data, key: 'k'.repeat(64), origin: { actor: 'A:b_c-d.E'.repeat(7), traceparent } });
    await append(fixture, [full]);
    const [{ recordedAt, ...stored }] = (await stream(fixture, id)) as [NewEvent & { recordedAt: number }];
    sameData(stored, full);
    assert.ok(Number.isSafeInteger(recordedAt), 'recordedAt is epoch milliseconds');
  },
  async 'records the time of the store'(fixture) {
    const { unitOfWork, events, clock, ids } = fixture;
    const id = ids.next();
    const before = await unitOfWork.run(tx => clock.now(tx));
    await unitOfWork.run(tx => events.append(tx, [event(id, 1)]));
    const after = await unitOfWork.run(tx => clock.now(tx));
    const [recordedAt = 0] = (await stream(fixture, id)).map(stored => stored.recordedAt);
    // One millisecond for a store that rounds where its clock cuts.
    assert.ok(before - 1 <= recordedAt && recordedAt <= after + 1, `${before} ≤ ${recordedAt} ≤ ${after}`);
  },
  async 'answers the events of one stream, oldest first, in whatever order they came'(fixture) {
    const [a, b] = [fixture.ids.next(), fixture.ids.next()];
    await append(fixture, [event(a, 2), event(b, 1), event(a, 1)]);
    await append(fixture, [event(b, 2), event(a, 10), event(a, 9), event(a, 3)]);
    sameData(await versions(fixture, a), [1, 2, 3, 9, 10]);
    sameData(await versions(fixture, b), [1, 2]);
  },
  async 'appends a thousand events of many streams in one call'(fixture) {
    const streams = Array.from({ length: 100 }, () => fixture.ids.next());
    const added = Array.from({ length: 1_000 }, (_, i) => event(streams[i % 100] as string, Math.floor(i / 100) + 1));
    await append(fixture, added);
    for (const id of streams.slice(0, 3)) sameData(await versions(fixture, id), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },
  async 'tells the last version of each stream, in the order in which they are asked for'(fixture) {
    const { unitOfWork, events, ids } = fixture;
    const [many, none, one] = [ids.next(), ids.next(), ids.next()];
    await append(fixture, [event(many, 9), event(one, 1), event(many, 10), event(many, 2)]);
    const seen = await unitOfWork.run(async tx => {
      await events.append(tx, [event(one, 2)]);
      return events.versions(tx, [one, none, many, one]);
    });
    sameData(seen, [2, 0, 10, 2]);
    sameData(await unitOfWork.run(tx => events.versions(tx, [])), []);
  },
  async 'reads in a transaction what it wrote there'(fixture) {
    const id = fixture.ids.next();
    const seen = await fixture.unitOfWork.run(async tx => {
      await fixture.events.append(tx, [event(id, 1)]);
      return (await fixture.events.stream(tx, id)).length;
    });
    assert.equal(seen, 1);
  },
  async 'throws for a version that a stream has already, and keeps what was there'(fixture) {
    const id = fixture.ids.next();
    await append(fixture, [event(id, 1, { data: { first: true } })]);
    await assert.rejects(append(fixture, [event(id, 1, { data: { first: false } })]));
    const [stored] = await stream(fixture, id);
    sameData(stored?.data, { first: true });
  },
  async 'throws for one version twice in one call'(fixture) {
    const id = fixture.ids.next();
    await assert.rejects(append(fixture, [event(id, 1), event(id, 1)]));
    sameData(await versions(fixture, id), []);
  },
  async 'writes nothing of a transaction in which one event was refused'(fixture) {
    const [taken, fresh] = [fixture.ids.next(), fixture.ids.next()];
    await append(fixture, [event(taken, 1)]);
    await assert.rejects(append(fixture, [event(fresh, 1), event(taken, 1), event(fresh, 2)]));
    sameData(await versions(fixture, fresh), []);
  },
  async 'takes back events when the work fails'(fixture) {
    const id = fixture.ids.next();
    await append(fixture, [event(id, 1)]);
    await rolledBack(fixture.unitOfWork, tx => fixture.events.append(tx, [event(id, 2), event(id, 3)]));
    sameData(await versions(fixture, id), [1]);
    await append(fixture, [event(id, 2)]);
    sameData(await versions(fixture, id), [1, 2]);
  },
  async 'shows nobody events that may still be taken back'(fixture) {
    const id = fixture.ids.next();
    const seen: Promise<readonly number[]>[] = [];
    await rolledBack(
      fixture.unitOfWork,
      tx => fixture.events.append(tx, [event(id, 1)]),
      async () => {
        seen.push(versions(fixture, id));
        await Promise.race([aMoment(), ...seen]);
      },
    );
    sameData(await Promise.all(seen), [[]]);
  },
  async 'gives one version of a stream to one of twenty writers'(fixture) {
    const id = fixture.ids.next();
    const outcomes = await twenty(index =>
      append(fixture, [event(id, 1, { data: { index } })]).then(
        () => index,
        () => null,
      ),
    );
    const winners = outcomes.filter(index => index !== null);
    assert.equal(winners.length, 1);
    sameData(
      (await stream(fixture, id)).map(({ data }) => data),
      [{ index: winners[0] }],
    );
  },
});
