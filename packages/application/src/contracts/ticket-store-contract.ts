import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { NewTicket } from '../ports/ticket-store.js';
import { aDigest } from './account-samples.js';
import { rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export interface TicketStoreFixture extends Pick<Adapters, 'unitOfWork' | 'tickets' | 'clock'> {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = TicketStoreFixture;

const UNTIL = 1_772_368_496_789;
const aTicket = (n: number, changed: Partial<NewTicket> = {}): NewTicket => ({
  ...{ digest: aDigest(n), userId: 'ann', until: UNTIL, seconds: 30 },
  ...changed,
});
const issue = ({ unitOfWork, tickets }: Fixture, ticket: NewTicket) => unitOfWork.run(tx => tickets.issue(tx, ticket));
const consume = ({ unitOfWork, tickets }: Fixture, n: number) => unitOfWork.run(tx => tickets.consume(tx, aDigest(n)));

export const ticketStoreContract = contract<Fixture>('TicketStore', {
  async 'gets a store of its own for every case'(fixture, another) {
    await issue(fixture, aTicket(1));
    assert.equal(await consume(await another(), 1), null);
  },
  async 'tells when a ticket will be over, by the time of the store'(fixture) {
    const { unitOfWork, clock } = fixture;
    const now = () => unitOfWork.run(tx => clock.now(tx));
    const before = await now();
    const expiresAt = await issue(fixture, aTicket(1));
    assert.ok(
      expiresAt >= before + 30_000 && expiresAt <= (await now()) + 30_000,
      `${expiresAt} is half a minute later`,
    );
  },
  async 'gives its holder for a ticket, once'(fixture) {
    await issue(fixture, aTicket(1));
    await issue(fixture, aTicket(2, { userId: 'Bob:2', until: UNTIL + 1 }));
    sameData(await consume(fixture, 2), { userId: 'Bob:2', until: UNTIL + 1 });
    sameData(await consume(fixture, 1), { userId: 'ann', until: UNTIL });
    sameData([await consume(fixture, 1), await consume(fixture, 2), await consume(fixture, 3)], [null, null, null]);
  },
  async 'gives it to one of twenty who come at once'(fixture) {
    await issue(fixture, aTicket(1));
    const got = await twenty(() => consume(fixture, 1));
    assert.equal(got.filter(holder => holder !== null).length, 1);
  },
  async 'gives nothing for a ticket that is over'(fixture) {
    await issue(fixture, aTicket(1, { seconds: 0.05 }));
    await fixture.elapse(60);
    assert.equal(await consume(fixture, 1), null);
  },
  async 'keeps a ticket whose taking was rolled back, and none whose issue was'(fixture) {
    const { unitOfWork, tickets } = fixture;
    await issue(fixture, aTicket(1));
    await rolledBack(unitOfWork, tx => tickets.consume(tx, aDigest(1)));
    await rolledBack(unitOfWork, tx => tickets.issue(tx, aTicket(2)));
    sameData(await consume(fixture, 1), { userId: 'ann', until: UNTIL });
    assert.equal(await consume(fixture, 2), null);
  },
  async 'forgets tickets that are over, no more than the limit at a time, and no others'(fixture) {
    const { unitOfWork, tickets, elapse } = fixture;
    for (const n of [1, 2, 3]) await issue(fixture, aTicket(n, { seconds: 0.05 }));
    await issue(fixture, aTicket(4));
    await elapse(60);
    const forget = () => unitOfWork.run(tx => tickets.forget(tx, 2));
    sameData([await forget(), await forget(), await forget()], [2, 1, 0]);
    sameData(await consume(fixture, 4), { userId: 'ann', until: UNTIL });
  },
});
