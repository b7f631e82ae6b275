import { StoreUnavailableError } from '../../ports/errors.js';
import { failed, type Handled, handled, type Subscription } from '../../ports/event-bus.js';
import type { FedEvent, FeedPage } from '../../ports/event-feed.js';
import { type Lie, liesAbout, lying } from './lie.fixtures.js';

type Honest = Parameters<Lie['tell']>[0];

/** Changes every page that the honest feed answers. */
const withPages =
  (change: (page: FeedPage) => FeedPage): Lie['tell'] =>
  ({ eventFeed }) => ({
    eventFeed: lying(eventFeed, {
      read: async question => change(await eventFeed.read(question)),
      ofUser: async (user, question) => change(await eventFeed.ofUser(user, question)),
    }),
  });

const withEvents = (change: (event: FedEvent) => FedEvent): Lie['tell'] =>
  withPages(page => ({ ...page, events: page.events.map(change) }));

const OF_ONE_USER =
  'tells the events of one user: of orders by their key, of coupons by who has them, of requests by their data';

const liesAboutTheFeed = liesAbout('EventFeed', {
  'tells what may still be taken back': {
    tell: ({ events, unitOfWork }) => ({
      events: lying(events, { append: (_, added) => unitOfWork.run(own => events.append(own, added)) }),
    }),
    caughtBy: ['never tells what was rolled back'],
  },
  'forgets what commits late': {
    tell: ({ eventFeed, events }) => {
      const late = new Set<string>();
      return {
        events: lying(events, {
          append: async (tx, added) => {
            await events.append(tx, added);
            for (const { streamId } of added) if (streamId.endsWith('slow')) late.add(streamId);
          },
        }),
        eventFeed: lying(eventFeed, {
          read: async question => {
            const page = await eventFeed.read(question);
            return { ...page, events: page.events.filter(({ streamId }) => !late.has(streamId)) };
          },
        }),
      };
    },
    caughtBy: ['waits for no transaction that is open, and tells its events when it has ended'],
  },
  'tells the last event again': {
    tell: ({ eventFeed }) => {
      let last: FedEvent | undefined;
      return {
        eventFeed: lying(eventFeed, {
          read: async question => {
            const page = await eventFeed.read(question);
            const events = last && question.after !== null ? [last, ...page.events] : page.events;
            last = page.events.at(-1) ?? last;
            return { ...page, events };
          },
        }),
      };
    },
    caughtBy: ['pages without loss or double, whatever the size of the page, and from every event on'],
  },
  'turns pages round': {
    tell: withPages(page => ({ ...page, events: [...page.events].reverse() })),
    caughtBy: ['tells twenty writers apart: each event once, each stream in order, to who reads meanwhile'],
  },
  'knows no limit': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, { read: question => eventFeed.read({ ...question, limit: 1_000 }) }),
    }),
    caughtBy: ['pages without loss or double, whatever the size of the page, and from every event on'],
  },
  'gives the events of a page one cursor': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, {
        read: async question => {
          const page = await eventFeed.read(question);
          return { ...page, events: page.events.map(event => ({ ...event, cursor: page.next })) };
        },
      }),
    }),
    caughtBy: ['pages without loss or double, whatever the size of the page, and from every event on'],
  },
  'tells all types': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, {
        read: question => eventFeed.read({ ...question, types: ['order.paid.v1', 'order.shipped.v1'] }),
      }),
    }),
    caughtBy: ['answers events of the types that are asked for, from cursor to cursor'],
  },
  'knows no slices': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, { read: ({ slices: _, ...question }) => eventFeed.read(question) }),
    }),
    caughtBy: ['deals the keys out to slices, each to one and always the same'],
  },
  'reads beyond its end': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, { read: ({ until: _, ...question }) => eventFeed.read(question) }),
    }),
    caughtBy: ['goes no further than it is asked to, and on from there'],
  },
  'takes the start for now': {
    tell: ({ eventFeed }) => ({ eventFeed: lying(eventFeed, { now: async () => '0' }) }),
    caughtBy: ['goes on from the place behind everything that is committed now'],
  },
  'drops the trace': {
    tell: withEvents(event => ({ ...event, data: {} })),
    caughtBy: ['tells every part of an event, with its id, and a position that rises'],
  },
  'shows a user the coupons of others': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, { ofUser: (_, question) => eventFeed.read(question) }),
    }),
    caughtBy: [OF_ONE_USER],
  },
  'tells a user nothing of his requests': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, {
        ofUser: (user, { types, ...question }) =>
          eventFeed.ofUser(user, { ...question, types: types.filter(type => !type.startsWith('coupon.request-')) }),
      }),
    }),
    caughtBy: [OF_ONE_USER],
  },
  'takes any text for the start': {
    tell: ({ eventFeed }) => ({
      eventFeed: lying(eventFeed, {
        read: question => eventFeed.read(question).catch(() => eventFeed.read({ ...question, after: null })),
      }),
    }),
    caughtBy: ['refuses a cursor that it never gave'],
  },
});

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

const liesAboutDeadLetters = liesAbout('DeadLetters', {
  'lists the oldest first': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        list: async filter => {
          const { items, nextCursor } = await deadLetters.list(filter);
          return { items: [...items].reverse(), nextCursor };
        },
      }),
    }),
    caughtBy: ['lists the newest failure first, by group and status, in pages of any size'],
  },
  'knows no groups': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, { list: filter => deadLetters.list({ ...filter, group: null }) }),
    }),
    caughtBy: ['lists the newest failure first, by group and status, in pages of any size'],
  },
  'finds something under any id': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        find: async () =>
          (await deadLetters.list({ group: null, status: null, limit: 1, cursor: null })).items[0] ?? null,
      }),
    }),
    caughtBy: ['finds one by its id'],
  },
  'sends nothing round': {
    tell: ({ deadLetters }) => ({ deadLetters: lying(deadLetters, { redrive: async () => 'REDRIVEN' }) }),
    caughtBy: ['sends one round again, and forgets it when it is handled'],
  },
  'sends all of them round': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        redrive: async id => {
          const answer = await deadLetters.redrive(id);
          await deadLetters.redriveDue(0, 100);
          return answer;
        },
      }),
    }),
    caughtBy: ['sends one round again, and forgets it when it is handled'],
  },
  'forgets to count': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        find: async id => {
          const letter = await deadLetters.find(id);
          return letter && { ...letter, redrives: 0, status: 'DEAD' };
        },
      }),
    }),
    caughtBy: ['counts the redrives, and has failed for good after the last'],
  },
  'sends round what has just died': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, { redriveDue: (_, limit) => deadLetters.redriveDue(0, limit) }),
    }),
    caughtBy: ['sends round again those that have been dead for so long, the oldest first, no more than the limit'],
  },
  'is never behind': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        figures: async () => (await deadLetters.figures()).map(each => ({ ...each, lagMs: 0 })),
      }),
    }),
    caughtBy: ['tells how far every group is behind, and what it has put aside'],
  },
});

export const liesAboutTheBus = [
  ...liesAboutTheFeed,
  ...liesAboutDelivery,
  ...liesAboutFailures,
  ...liesAboutDeadLetters,
];
