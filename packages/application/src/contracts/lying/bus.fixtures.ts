import { StoreUnavailableError } from '../../ports/errors.js';
import { failed, type Handled, handled, type Subscription } from '../../ports/event-bus.js';
import { type Lie, liesAbout, lying } from './lie.fixtures.js';

type Honest = Parameters<Lie['tell']>[0];
/** Changes subscriptions before the honest bus sees them. */
const withSubscriptions =
  (change: (subscription: Subscription, store: Honest) => Subscription): Lie['tell'] =>
  store => ({
    eventConsumer: {
      subscribe: subscription => store.eventConsumer.subscribe(change(subscription, store)),
    },
  });

const withHandler = (change: (handle: Subscription['handle']) => Subscription['handle']): Lie['tell'] =>
  withSubscriptions(subscription => ({ ...subscription, handle: change(subscription.handle) }));

const liesAboutDelivery = liesAbout('EventBus', {
  'drops what the group did not ask for, and more': {
    tell: withHandler(handle => async events => {
      const kept = events.filter(({ key }) => key !== 'bob');
      const results = (await handle(kept)).values();
      return events.map(({ key }) => (key === 'bob' ? handled : (results.next().value as Handled)));
    }),
    caughtBy: ['gives every group everything'],
  },
  'changes what it carries': {
    tell: withHandler(handle => events => handle(events.map(event => ({ ...event, id: event.streamId })))),
    caughtBy: ['hands a group every event of its types, with all its parts, and no others'],
  },
  'hands over all types': {
    tell: withSubscriptions(subscription => ({ ...subscription, types: ['order.paid.v1', 'order.shipped.v1'] })),
    caughtBy: ['hands a group every event of its types, with all its parts, and no others'],
  },
  'delivers what was rolled back': {
    tell: ({ events, unitOfWork }) => ({
      events: lying(events, { append: (_, added) => unitOfWork.run(own => events.append(own, added)) }),
    }),
    caughtBy: ['never tells what was rolled back'],
  },
  'publishes one by one': {
    tell: ({ eventPublisher }) => ({
      eventPublisher: {
        async publish(added) {
          for (const event of added) await eventPublisher.publish([event]);
        },
      },
    }),
    caughtBy: ['publishes all events of a call or none'],
  },
  'publishes in memory only': {
    tell: () => ({ eventPublisher: { publish: async () => undefined } }),
    caughtBy: ['gives every group everything'],
  },
  'turns batches round': {
    tell: withHandler(handle => async events => [...(await handle([...events].reverse()))].reverse()),
    caughtBy: ['keeps the order of every key, in batches of no more than was asked for'],
  },
  'knows no limit of a batch': {
    tell: withSubscriptions(subscription => ({ ...subscription, maxBatch: 1_000 })),
    caughtBy: ['keeps the order of every key, in batches of no more than was asked for'],
  },
  'waits for no answer': {
    tell: withHandler(handle => async events => {
      void handle(events).catch(() => undefined);
      return events.map(() => handled);
    }),
    caughtBy: [
      'gives no next event of a key before the one before it was answered',
      'drains when it is stopped, and hands nothing over afterwards',
    ],
  },
  'has one group for all': {
    tell: withSubscriptions(subscription => ({ ...subscription, group: 'one' })),
    caughtBy: ['gives every group everything'],
  },
  'gives every member a group of its own': {
    tell: withSubscriptions((subscription, { ids }) => ({ ...subscription, group: ids.next() })),
    caughtBy: [
      'shares the work among the members of a group, and no key between two at a time',
      'goes on where it was when it starts again, and loses nothing of the time between',
    ],
  },
  'starts every group with the next event': {
    tell: withSubscriptions(subscription => ({ ...subscription, from: 'NOW' })),
    caughtBy: ['starts a new group with the oldest event there is, or with the next one'],
  },
  'stops without draining': {
    tell: ({ eventConsumer }) => ({
      eventConsumer: {
        async subscribe(subscription) {
          const member = await eventConsumer.subscribe(subscription);
          return {
            async stop() {
              void member.stop();
            },
          };
        },
      },
    }),
    caughtBy: ['drains when it is stopped, and hands nothing over afterwards'],
  },
  'blames events for a store that is away': {
    tell: withHandler(handle => async events => {
      try {
        const results = await handle(events);
        return results.map(each => (each.outcome === 'DONE' ? each : failed(new Error(each.error.message))));
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        return events.map(() => failed(new Error(error.message)));
      }
    }),
    caughtBy: ['waits out a store that is away, and blames no event for it'],
  },
});

const liesAboutFailures = liesAbout('EventBus when handlers fail', {
  'takes failures for success': {
    tell: withHandler(handle => async events => {
      await handle(events).catch(() => undefined);
      return events.map(() => handled);
    }),
    caughtBy: [
      'hands a failed event over again, and tells how often it was tried',
      'makes a dead letter with its cause after the last attempt, and the key goes on',
      'finds the event for which a whole batch fails',
    ],
  },
  'forgets how often it tried': {
    tell: withHandler(handle => events => handle(events.map(event => ({ ...event, attempt: 1 })))),
    caughtBy: ['hands a failed event over again, and tells how often it was tried'],
  },
  'lets a key overtake its failed event': {
    tell: withSubscriptions(subscription => ({
      ...subscription,
      handle: async events => {
        const results: Handled[] = [];
        for (const event of events) results.push(...(await subscription.handle([event])));
        return results;
      },
    })),
    caughtBy: ['keeps the order of a key behind its failed event, and holds up no other key'],
  },
  'keeps an order that nobody asked for': {
    tell: withSubscriptions(subscription => ({ ...subscription, order: 'KEY' })),
    caughtBy: ['lets nothing wait behind a failed event where order is NONE'],
  },
  'gives up at the first failure': {
    tell: withHandler(
      handle => async events =>
        (await handle(events)).map(each => (each.outcome === 'DONE' ? each : { ...each, retryable: false })),
    ),
    caughtBy: [
      'hands a failed event over again, and tells how often it was tried',
      'goes on with what it has put aside when it starts again',
    ],
  },
  'never gives up at once': {
    tell: withHandler(
      handle => async events =>
        (await handle(events)).map(each => (each.outcome === 'DONE' ? each : { ...each, retryable: true })),
    ),
    caughtBy: ['gives up at once what no further attempt would help'],
  },
  'makes up the cause': {
    tell: withHandler(
      handle => async events =>
        (await handle(events)).map(each => (each.outcome === 'DONE' ? each : failed('it failed', each.retryable))),
    ),
    caughtBy: ['makes a dead letter with its cause after the last attempt, and the key goes on'],
  },
  'believes what is answered for events behind a failed one': {
    tell: withHandler(handle => {
      const done = new Set<string>();
      return async events => {
        const open = events.filter(({ id }) => !done.has(id));
        const results = (await handle(open)).values();
        return events.map(({ id }) => {
          const result = done.has(id) ? handled : (results.next().value as Handled);
          if (result.outcome === 'DONE') done.add(id);
          return result;
        });
      };
    }),
    caughtBy: ['takes what follows a failed event of its key for not handled, whatever is answered'],
  },
  'fails a whole batch for good': {
    tell: withHandler(handle => async events => {
      try {
        return await handle(events);
      } catch (error) {
        return events.map(() => failed(error, false));
      }
    }),
    caughtBy: ['finds the event for which a whole batch fails'],
  },
  'believes a handler that answers too little': {
    tell: withHandler(handle => async events => {
      const results = await handle(events);
      return events.map((_, i) => results[i] ?? handled);
    }),
    caughtBy: ['takes a handler that answers too little for one that failed'],
  },
  'blames every group': {
    tell: withSubscriptions(subscription => ({ ...subscription, group: 'one' })),
    caughtBy: ['blames no group for what another one could not handle'],
  },
});

export const liesAboutTheBus = [...liesAboutDelivery, ...liesAboutFailures];
