import type { Order, PlacedOrder } from '@org/domain';
import type { OrderRepository } from '../../ports/order-repository.js';
import { type Lie, liesAbout, lying } from './lie.fixtures.js';

/** An order repository with one method that lies. */
const orders =
  (lie: (honest: OrderRepository) => Partial<OrderRepository>): Lie['tell'] =>
  ({ orders: honest }) => ({ orders: lying(honest, lie(honest) as Partial<typeof honest>) });

/** Stores something else than it is told. */
const stored = (change: (order: PlacedOrder) => Order): Lie['tell'] =>
  orders(honest => ({
    save: (tx, changes) =>
      honest.save(
        tx,
        changes.map(each => (each.state.status === 'NONE' ? each : { ...each, state: change(each.state) })),
      ),
  }));

const liesAboutOrders = liesAbout('OrderRepository', {
  'lets a later change settle anew': {
    tell: ({ orders: honest }) => ({
      orders: lying(honest, {
        async save(tx, changes) {
          await honest.rows.lock(
            tx,
            changes.map(({ id }) => id),
          );
          for (const { id, version, state } of changes) honest.rows.set(tx, id, { version, state });
          return new Set(changes.map(({ id }) => id));
        },
      }),
    }),
    caughtBy: [
      'keeps what was settled at the placing, whatever a later change says',
      'throws for amounts below zero, and for an end that does not fit the status',
      'throws when an order that is over would end another way, or go on',
    ],
  },
  'forgets that an order is over': {
    tell: stored(order => (order.status === 'PENDING' ? { ...order, endedAt: null } : order)),
    caughtBy: ['throws for amounts below zero, and for an end that does not fit the status'],
  },
  'cuts instants to the second': {
    tell: stored(order => ({ ...order, endedAt: order.endedAt && Math.floor(order.endedAt / 1000) * 1000 })),
    caughtBy: ['keeps instants to the millisecond and amounts to the largest safe integer'],
  },
  'counts in single precision': {
    tell: stored(order => ({ ...order, refundDue: Math.fround(order.refundDue) })),
    caughtBy: ['keeps instants to the millisecond and amounts to the largest safe integer'],
  },
  'counts cancelled orders': {
    tell: ({ orders: honest }) => ({
      orders: lying(honest, {
        async ordered(tx, userIds) {
          await honest.ordered(tx, userIds);
          const buyers = honest.rows.entries(tx).map(([, { state }]) => state.status !== 'NONE' && state.facts.userId);
          return new Set(userIds.filter(userId => buyers.includes(userId)));
        },
      }),
    }),
    caughtBy: ['tells who has an order that was not cancelled'],
  },
  'answers everybody about a buyer': {
    tell: ({ orders: honest, unitOfWork }) => ({
      orders: lying(honest, { ordered: (_, userIds) => unitOfWork.run(own => honest.ordered(own, userIds)) }),
    }),
    caughtBy: [
      'counts an order of the same transaction',
      'keeps a second question about a buyer waiting until the first transaction ends',
      'lets exactly one of twenty first orders be the first',
    ],
  },
  'looks for orders before it has the lock': {
    tell: ({ orders: honest }) => ({
      orders: lying(honest, {
        async ordered(tx, userIds) {
          const states = honest.rows.entries(tx).map(([, { state }]) => state);
          await honest.ordered(tx, userIds);
          const counting = states.filter(({ status }) => status !== 'CANCELLED');
          const buyers = counting.map(state => state.status !== 'NONE' && state.facts.userId);
          return new Set(userIds.filter(userId => buyers.includes(userId)));
        },
      }),
    }),
    caughtBy: [
      'keeps a second question about a buyer waiting until the first transaction ends',
      'lets exactly one of twenty first orders be the first',
    ],
  },
  'asks about one buyer at a time': {
    tell: orders(honest => ({
      async ordered(tx, userIds) {
        await honest.ordered(tx, ['everybody']);
        return honest.ordered(tx, userIds);
      },
    })),
    caughtBy: ['answers about other buyers meanwhile'],
  },
  'finds orders that still have time': {
    tell: ({ orders: honest, clock }) => ({
      orders: lying(honest, {
        async lockUnpaid(tx, limit) {
          const now = clock.time;
          clock.advance(3_600_000);
          const found = await honest.lockUnpaid(tx, limit);
          clock.set(now);
          return found;
        },
      }),
    }),
    caughtBy: ['finds orders that were not paid by their deadline, earliest first, and no more than the limit'],
  },
  'knows no limit': {
    tell: orders(honest => ({ lockUnpaid: tx => honest.lockUnpaid(tx, 1_000) })),
    caughtBy: ['finds orders that were not paid by their deadline, earliest first, and no more than the limit'],
  },
  'finds the latest first': {
    tell: orders(honest => ({
      lockUnpaid: async (tx, limit) => new Map([...(await honest.lockUnpaid(tx, limit))].reverse()),
    })),
    caughtBy: ['finds orders that were not paid by their deadline, earliest first, and no more than the limit'],
  },
  'answers the version before the last': {
    tell: orders(honest => ({
      async lockUnpaid(tx, limit) {
        const found = [...(await honest.lockUnpaid(tx, limit))];
        return new Map(found.map(([id, { version, state }]) => [id, { version: version - 1, state }]));
      },
    })),
    caughtBy: ['answers the state and version that the change of it needs'],
  },
  'waits for who is at an order': {
    tell: ({ orders: honest }) => ({
      orders: lying(honest, {
        async lockUnpaid(tx, limit) {
          const ids = honest.rows.entries(tx).map(([id]) => id);
          await honest.load(tx, ids, { lock: true });
          return honest.lockUnpaid(tx, limit);
        },
      }),
    }),
    caughtBy: ['skips orders that somebody else is at, without waiting'],
  },
  'never finds again what a failed transaction had locked': {
    tell: orders(honest => {
      const seen = new Set<string>();
      return {
        async lockUnpaid(tx, limit) {
          const found = [...(await honest.lockUnpaid(tx, limit))].filter(([id]) => !seen.has(id));
          for (const [id] of found) seen.add(id);
          return new Map(found);
        },
      };
    }),
    caughtBy: ['finds again what a failed transaction had locked'],
  },
});

const liesAboutStuckOrders = liesAbout('OrderRepository: stuck orders', {
  'takes its time for that of the asker': {
    tell: orders(honest => ({ stuck: (tx, _, limit) => honest.stuck(tx, 0, limit) })),
    caughtBy: [
      'finds orders that have been pending for so long',
      'finds orders that have been over for so long and still have something held',
    ],
  },
  'looks at pending orders only': {
    tell: ({ orders: honest }) => ({
      orders: lying(honest, {
        stuck: async (tx, seconds, limit) =>
          (await honest.stuck(tx, seconds, limit)).filter(id => honest.rows.get(tx, id)?.state.status === 'PENDING'),
      }),
    }),
    caughtBy: ['finds orders that have been over for so long and still have something held'],
  },
  'takes everything that is over for stuck': {
    tell: ({ orders: honest }) => ({
      orders: lying(honest, {
        async stuck(tx, seconds, limit) {
          const over = honest.rows
            .entries(tx)
            .filter(([, { state }]) => state.status !== 'NONE' && state.endedAt !== null);
          return [...new Set([...(await honest.stuck(tx, seconds, limit)), ...over.map(([id]) => id)])];
        },
      }),
    }),
    caughtBy: [
      'finds orders that have been over for so long and still have something held',
      'is not misled by what others hold for orders that they number as they like',
    ],
  },
  'forgets what is held of points': {
    tell: ({ orders: honest, pointLedger }) => ({
      orders: lying(honest, {
        stuck: async (tx, seconds, limit) =>
          (await honest.stuck(tx, seconds, limit)).filter(id => !pointLedger.rows.get(tx, id)),
      }),
    }),
    caughtBy: ['finds orders that have been over for so long and still have something held'],
  },
  'answers the newest first': {
    tell: orders(honest => ({
      stuck: async (tx, seconds, limit) => [...(await honest.stuck(tx, seconds, 1_000))].reverse().slice(0, limit),
    })),
    caughtBy: ['answers the oldest first, each once, and no more than the limit'],
  },
  'knows no limit': {
    tell: orders(honest => ({ stuck: (tx, seconds) => honest.stuck(tx, seconds, 1_000) })),
    caughtBy: ['answers the oldest first, each once, and no more than the limit'],
  },
  'answers an order once for every hold': {
    tell: orders(honest => ({
      stuck: async (tx, seconds, limit) =>
        (await honest.stuck(tx, seconds, limit)).flatMap(id => [id, id]).slice(0, limit),
    })),
    caughtBy: ['answers the oldest first, each once, and no more than the limit'],
  },
});

export const liesAboutOrderRepository = [...liesAboutOrders, ...liesAboutStuckOrders];
