import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { Admission, GateTerms } from '../ports/quota-gate.js';
import { twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export interface QuotaGateFixture extends Pick<Adapters, 'quotaGate'> {
  /** Lets at least so much time pass: waits, or moves the clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = QuotaGateFixture;

const terms = (changed: Partial<GateTerms> = {}): GateTerms => ({
  ...{ revision: 1, total: 3, perUser: 1, issued: 0, holders: new Map() },
  ...changed,
});
/** `r1 ann` = request r1 of Ann. */
const wishes = (...texts: readonly string[]) =>
  texts.map(text => {
    const [requestId = '', userId = ''] = text.split(' ');
    return { requestId, userId };
  });
const told = (admission: Admission) => (admission.kind === 'ADMITTED' ? admission.place : admission.kind);
const admit = async ({ quotaGate }: Fixture, ...texts: readonly string[]) =>
  (await quotaGate.admit('sale', 1, wishes(...texts))).map(told);
const issued = ({ quotaGate }: Fixture, ...requestIds: readonly string[]) =>
  quotaGate.settle('sale', { issued: requestIds, givenBack: [] });
const giveBack = ({ quotaGate }: Fixture, ...requestIds: readonly string[]) =>
  quotaGate.settle('sale', { issued: [], givenBack: requestIds });
const open = ({ quotaGate }: Fixture, changed: Partial<GateTerms> = {}) => quotaGate.open('sale', terms(changed));
const HOUR = 3_600_000;

export const quotaGateContract = contract<Fixture>('QuotaGate', {
  async 'gets gates of its own for every case'(fixture, another) {
    await fixture.quotaGate.open('own', terms());
    const [admission] = await (await another()).quotaGate.admit('own', 1, wishes('r1 ann'));
    assert.equal(admission?.kind, 'UNKNOWN');
  },
  async 'knows no campaign that was not opened, and none of another revision'(fixture) {
    sameData(await admit(fixture, 'r1 ann', 'r2 bob'), ['UNKNOWN', 'UNKNOWN']);
    assert.equal(await open(fixture, { revision: 2 }), true);
    sameData(await admit(fixture, 'r1 ann'), ['UNKNOWN']);
    assert.equal(await fixture.quotaGate.state('other', HOUR), null);
  },
  async 'admits as many as there are, and leaves it to the store what becomes of the others meanwhile'(fixture) {
    await open(fixture);
    sameData(await admit(fixture, 'r1 ann', 'r2 bob', 'r3 cem', 'r4 dee'), [1, 2, 3, 'UNDECIDED']);
    sameData(await admit(fixture, 'r5 eve'), ['UNDECIDED']);
  },
  async 'is sold out when all coupons are issued, and not before'(fixture) {
    await open(fixture, { total: 2 });
    sameData(await admit(fixture, 'r1 ann', 'r2 bob'), [1, 2]);
    await issued(fixture, 'r1');
    sameData(await admit(fixture, 'r3 cem'), ['UNDECIDED']);
    await issued(fixture, 'r2');
    sameData(await admit(fixture, 'r4 dee'), ['SOLD_OUT']);
  },
  async 'gives the slot of a request that failed to another one'(fixture) {
    await open(fixture, { total: 1 });
    sameData(await admit(fixture, 'r1 ann', 'r2 bob'), [1, 'UNDECIDED']);
    await giveBack(fixture, 'r1');
    sameData(await admit(fixture, 'r3 bob'), [1]);
  },
  async 'tells a user who has one, rather than that all are gone'(fixture) {
    await open(fixture, { total: 1 });
    await admit(fixture, 'r1 ann');
    sameData(await admit(fixture, 'r2 ann'), ['UNDECIDED']);
    await issued(fixture, 'r1');
    sameData(await admit(fixture, 'r3 ann', 'r4 bob'), ['ALREADY', 'SOLD_OUT']);
  },
  async 'admits a user as often as he may have one, and again when his request failed'(fixture) {
    await open(fixture, { total: 9, perUser: 2 });
    sameData(await admit(fixture, 'r1 ann', 'r2 ann', 'r3 ann'), [1, 2, 'UNDECIDED']);
    await giveBack(fixture, 'r1');
    await issued(fixture, 'r2');
    sameData(await admit(fixture, 'r4 ann', 'r5 ann'), [2, 'UNDECIDED']);
    await issued(fixture, 'r4');
    sameData(await admit(fixture, 'r6 ann'), ['ALREADY']);
  },
  async 'admits one user without end where there is no limit for one'(fixture) {
    await open(fixture, { total: 3, perUser: null });
    sameData(await admit(fixture, 'r1 ann', 'r2 ann', 'r3 ann', 'r4 ann'), [1, 2, 3, 'UNDECIDED']);
  },
  async 'gives the same request the same place, once'(fixture) {
    await open(fixture);
    sameData(await admit(fixture, 'r1 ann', 'r1 ann', 'r2 bob'), [1, 1, 2]);
    sameData(await admit(fixture, 'r2 bob', 'r3 cem', 'r4 dee'), [2, 3, 'UNDECIDED']);
  },
  async 'settles a request once, and none that it never admitted'(fixture) {
    await open(fixture, { total: 2 });
    await admit(fixture, 'r1 ann');
    await issued(fixture, 'r1', 'r1', 'unknown');
    await issued(fixture, 'r1');
    await giveBack(fixture, 'r1', 'unknown');
    sameData(await fixture.quotaGate.state('sale', HOUR), { revision: 1, total: 2, issued: 1, pending: 0, stale: 0 });
    sameData(await admit(fixture, 'r2 bob', 'r3 cem'), [2, 'UNDECIDED']);
  },
  async 'goes on from what the store has'(fixture) {
    await open(fixture, { total: 5, issued: 3, holders: new Map([['ann', 1]]) });
    sameData(await admit(fixture, 'r1 ann', 'r2 bob', 'r3 cem', 'r4 dee'), ['ALREADY', 4, 5, 'UNDECIDED']);
  },
  async 'forgets what was pending when it is opened anew'(fixture) {
    await open(fixture);
    await admit(fixture, 'r1 ann', 'r2 bob', 'r3 cem');
    await open(fixture, { issued: 1, holders: new Map([['ann', 1]]) });
    await issued(fixture, 'r1', 'r2');
    sameData(await admit(fixture, 'r4 ann', 'r5 bob', 'r6 dee', 'r7 eve'), ['ALREADY', 2, 3, 'UNDECIDED']);
  },
  async 'knows more holders than fit into one message'(fixture) {
    const holders = new Map(Array.from({ length: 5_000 }, (_, i): [string, number] => [`user-${i}`, 1]));
    await open(fixture, { total: 9_000, issued: 5_000, holders });
    sameData(await admit(fixture, 'r1 user-0', 'r2 user-4999', 'r3 user-5000'), ['ALREADY', 'ALREADY', 5_001]);
  },
  async 'counts what is pending, and for how long'(fixture) {
    const { quotaGate, elapse } = fixture;
    await open(fixture, { revision: 1, total: 9, issued: 2 });
    await admit(fixture, 'r1 ann');
    await elapse(500);
    await admit(fixture, 'r2 bob');
    sameData(await quotaGate.state('sale', 400), { revision: 1, total: 9, issued: 2, pending: 2, stale: 1 });
    await issued(fixture, 'r1');
    await giveBack(fixture, 'r2');
    sameData(await quotaGate.state('sale', 0), { revision: 1, total: 9, issued: 3, pending: 0, stale: 0 });
  },
  async 'takes sets of any size, also with one request and one user several times'(fixture) {
    const { quotaGate } = fixture;
    const names = Array.from({ length: 5_000 }, (_, i) => `r${i} user-${i}`);
    await open(fixture, { total: 6_000, perUser: 2 });
    const places = names.map((_, i) => i + 1);
    sameData(await admit(fixture, ...names), places);
    sameData(await admit(fixture, ...names, 'r0 user-0', 'x user-0', 'y user-0', 'x user-0'), [
      ...places,
      ...[1, 5_001, 'UNDECIDED', 5_001],
    ]);
    const ids = names.map((_, i) => `r${i}`);
    await quotaGate.settle('sale', { issued: [...ids, 'r0', 'unknown'], givenBack: ['x', 'x'] });
    sameData(await quotaGate.state('sale', HOUR), {
      ...{ revision: 1, total: 6_000, issued: 5_000, pending: 0, stale: 0 },
    });
    sameData(await admit(fixture, 'z user-0', 'w user-0', 'v user-4999'), [5_001, 'UNDECIDED', 5_002]);
  },
  async 'is gone when it was closed'(fixture) {
    await open(fixture);
    await admit(fixture, 'r1 ann');
    await fixture.quotaGate.close('sale');
    sameData(await admit(fixture, 'r2 bob'), ['UNKNOWN']);
    assert.equal(await fixture.quotaGate.state('sale', HOUR), null);
    await issued(fixture, 'r1');
    await open(fixture);
    sameData(await admit(fixture, 'r3 ann'), [1]);
  },
  async 'keeps campaigns apart'(fixture) {
    await open(fixture, { total: 1 });
    await fixture.quotaGate.open('other', terms({ total: 1 }));
    sameData(await admit(fixture, 'r1 ann'), [1]);
    sameData((await fixture.quotaGate.admit('other', 1, wishes('r2 bob'))).map(told), [1]);
  },
  async 'admits three of twenty who come at once'(fixture) {
    await open(fixture);
    const answers = await twenty(index => admit(fixture, `r${index} user-${index}`));
    sameData(
      answers
        .flat()
        .filter(answer => typeof answer === 'number')
        .sort(),
      [1, 2, 3],
    );
  },
});
