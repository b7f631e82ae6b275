import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import { meanwhile, oneAfterTheOther, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export type PaymentEventsFixture = Pick<Adapters, 'unitOfWork' | 'orders' | 'ids'>;
type Fixture = PaymentEventsFixture;

/** Notes events in a transaction of their own; answers the orders that they tell of, in the same order. */
async function noted({ unitOfWork, orders }: Fixture, ...told: readonly (readonly [string, string])[]) {
  const found = await unitOfWork.run(tx => orders.notePayments(tx, new Map(told)));
  return told.map(([eventId]) => found.get(eventId));
}

const othersMeanwhile = 'notes other events meanwhile';

export const paymentEventsContract = contract<Fixture>(
  'OrderRepository: payment events',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      const [one, two] = [fixture.ids.next(), fixture.ids.next()];
      await noted(fixture, ['evt', one]);
      sameData(await noted(await another(), ['evt', two]), [two]);
    },
    async 'tells the order that an event was noted for first'(fixture) {
      const [one, two] = [fixture.ids.next(), fixture.ids.next()];
      sameData(await noted(fixture, ['a', one], ['b', two]), [one, two]);
      sameData(await noted(fixture, ['b', one], ['A', two], ['a', one], ['a:b', two]), [two, two, one, two]);
      sameData(await noted(fixture), []);
    },
    async 'tells the same of an event of the same transaction'({ unitOfWork, orders, ids }) {
      const [one, two] = [ids.next(), ids.next()];
      await unitOfWork.run(async tx => {
        await orders.notePayments(tx, new Map([['evt', one]]));
        sameData((await orders.notePayments(tx, new Map([['evt', two]]))).get('evt'), one);
      });
    },
    async 'notes nothing of a failed transaction'(fixture) {
      const { unitOfWork, orders, ids } = fixture;
      const [one, two] = [ids.next(), ids.next()];
      await rolledBack(unitOfWork, tx => orders.notePayments(tx, new Map([['evt', one]])));
      sameData(await noted(fixture, ['evt', two]), [two]);
    },
    async 'waits for who is noting the same event, and tells of his order'({ unitOfWork, orders, ids }) {
      const [one, two] = [ids.next(), ids.next()];
      let seen: string | undefined;
      const order = await oneAfterTheOther(
        unitOfWork,
        tx => orders.notePayments(tx, new Map([['evt', one]])),
        async tx => {
          seen = (await orders.notePayments(tx, new Map([['evt', two]]))).get('evt');
        },
      );
      sameData([order, seen], [['first', 'second'], one]);
    },
    async [othersMeanwhile]({ unitOfWork, orders, ids }) {
      const [one, two] = [ids.next(), ids.next()];
      const seen = await meanwhile(
        unitOfWork,
        tx => orders.notePayments(tx, new Map([['a', one]])),
        async tx => [...(await orders.notePayments(tx, new Map([['b', two]])))],
      );
      sameData(seen, [['b', two]]);
    },
    async 'tells twenty at a time of one order for each event, whatever their order'(fixture) {
      const { ids } = fixture;
      const events = ['a', 'b', 'c'];
      const told = await twenty(async index => {
        const orderNumber = ids.next();
        const turned = index % 2 === 0 ? events : [...events].reverse();
        const found = await noted(fixture, ...turned.map(eventId => [eventId, orderNumber] as const));
        return index % 2 === 0 ? found : found.reverse();
      });
      for (const i of events.keys()) assert.equal(new Set(told.map(found => found[i])).size, 1);
    },
  },
  { [othersMeanwhile]: 'concurrent transactions' },
);
