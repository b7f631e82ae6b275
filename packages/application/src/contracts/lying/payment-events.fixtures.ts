import type { OrderRepository } from '../../ports/order-repository.js';
import { type Lie, liesAbout, lying } from './lie.fixtures.js';

const noting =
  (tell: (honest: OrderRepository) => OrderRepository['notePayments']): Lie['tell'] =>
  ({ orders: honest }) => ({ orders: lying(honest, { notePayments: tell(honest) }) });

export const liesAboutPaymentEvents = liesAbout('OrderRepository: payment events', {
  'believes whoever asks last': {
    tell: noting(honest => async (tx, orderNumbers) => {
      await honest.notePayments(tx, orderNumbers);
      return orderNumbers;
    }),
    caughtBy: [
      'tells the order that an event was noted for first',
      'tells the same of an event of the same transaction',
      'waits for who is noting the same event, and tells of his order',
      'tells twenty at a time of one order for each event, whatever their order',
    ],
  },
  'takes no note of the case': {
    tell: noting(honest => async (tx, orderNumbers) => {
      const lower = new Map([...orderNumbers].map(([id, orderNumber]) => [id.toLowerCase(), orderNumber]));
      const found = await honest.notePayments(tx, lower);
      return new Map([...orderNumbers.keys()].map(id => [id, found.get(id.toLowerCase()) as string]));
    }),
    caughtBy: ['tells the order that an event was noted for first'],
  },
  'remembers what a failed transaction had noted': {
    tell: noting(honest => {
      const all = new Map<string, string>();
      return async (tx, orderNumbers) => {
        await honest.notePayments(tx, orderNumbers);
        for (const [id, orderNumber] of orderNumbers) if (!all.has(id)) all.set(id, orderNumber);
        return new Map([...orderNumbers.keys()].map(id => [id, all.get(id) as string]));
      };
    }),
    caughtBy: ['notes nothing of a failed transaction'],
  },
  'lets everybody wait for everybody': {
    tell: noting(honest => async (tx, orderNumbers) => {
      await honest.notePayments(tx, new Map([['all', 'of them']]));
      return honest.notePayments(tx, orderNumbers);
    }),
    caughtBy: ['notes other events meanwhile'],
  },
  'waits for nobody': {
    tell: ({ orders: honest, unitOfWork }) => ({
      orders: lying(honest, {
        notePayments: (_, orderNumbers) => unitOfWork.run(own => honest.notePayments(own, orderNumbers)),
      }),
    }),
    caughtBy: [
      'notes nothing of a failed transaction',
      'waits for who is noting the same event, and tells of his order',
    ],
  },
});
