import type { Adapters } from '../adapters.js';
import { causeOf, sliceOf } from '../bus/aside.js';
import type { Aside, Member, Tenure } from '../ports/group-progress.js';
import { happened, nameOf } from './bus-samples.js';
import { contract } from './contract.js';
import { sameData, sameMembers } from './same-data.js';

export interface GroupProgressFixture extends Pick<Adapters, 'groupProgress' | 'deadLetters' | 'eventFeed' | 'ids'> {}
type Fixture = GroupProgressFixture;

const cause = causeOf(new Error('no'));

/** A dead letter about an event from outside, which has no stream but its own name. */
const dead = (id: string, key: string): Aside => ({
  event: { ...happened(key, 0), id, streamId: id, recordedAt: 1_000, position: 0 },
  ...{ slice: sliceOf(key), status: 'DEAD', attempts: 1, dueInMs: null, cause },
});

/** An event of `ann` that is put aside for some time; null = it waits behind the one before it. */
const waiting = (version: number, dueInMs: number | null): Aside => ({
  event: { ...happened('ann', version), id: `order/ann:${version}`, recordedAt: 1_000, position: version },
  ...{ slice: sliceOf('ann'), status: 'WAITING', attempts: dueInMs === null ? 0 : 1, dueInMs },
  cause: dueInMs === null ? null : cause,
});

async function letters({ deadLetters }: Fixture): Promise<readonly string[]> {
  const { items } = await deadLetters.list({ group: null, status: null, limit: 100, cursor: null });
  return items.map(({ group, eventId, key }) => `${group} ${eventId} ${key}`);
}

/** The only member of a group that has put these events aside. */
async function parked({ groupProgress, eventFeed, ids }: Fixture, aside: readonly Aside[]) {
  const member: Member = { group: 'group', member: ids.next() };
  const now = await eventFeed.now();
  await groupProgress.open('group', ['order.paid.v1'], now);
  const { tenures } = await groupProgress.beat(member, 60_000);
  await groupProgress.advance(member, tenures, now, aside);
  return { member, tenures };
}

const dueOf = async (
  { groupProgress }: Fixture,
  { member, tenures }: { readonly member: Member; readonly tenures: readonly Tenure[] },
  order: 'KEY' | 'NONE',
) => (await groupProgress.due(member, tenures, 10, order)).map(({ event }) => nameOf(event));

/** What of a group's progress only shows where its events come from outside, or in no order; the rest is told by the bus. */
export const groupProgressContract = contract<Fixture>('GroupProgress', {
  async 'keeps a dead letter once, for each group'(fixture) {
    for (const group of ['billing', 'shipping', 'billing']) {
      await fixture.groupProgress.open(group, [], null);
      await fixture.groupProgress.bury(group, [dead('evt-1', 'ann'), dead('evt-2', 'ann')]);
    }
    sameMembers(await letters(fixture), [
      ...['billing evt-1 ann', 'billing evt-2 ann', 'shipping evt-1 ann', 'shipping evt-2 ann'],
    ]);
  },
  async 'keeps dead letters of one name that are of two keys'(fixture) {
    await fixture.groupProgress.open('group', [], null);
    await fixture.groupProgress.bury('group', [dead('evt-1', 'ann'), dead('evt-1', 'bob')]);
    await fixture.groupProgress.bury('group', [dead('evt-1', 'cec')]);
    sameMembers(await letters(fixture), ['group evt-1 ann', 'group evt-1 bob', 'group evt-1 cec']);
  },
  async 'gives what waits behind a parked event of its key together with it'(fixture) {
    const mine = await parked(fixture, [waiting(1, 0), waiting(2, null), waiting(3, null)]);
    sameData(await dueOf(fixture, mine, 'KEY'), ['ann 1', 'ann 2', 'ann 3']);
  },
  async 'gives each parked event at its own time where order is NONE'(fixture) {
    const mine = await parked(fixture, [waiting(1, 60_000), waiting(2, 0), waiting(3, 60_000), waiting(4, 0)]);
    sameData(await dueOf(fixture, mine, 'NONE'), ['ann 2', 'ann 4']);
  },
});
