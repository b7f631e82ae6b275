import type { FedEvent, FeedPage } from '../../ports/event-feed.js';
import { type Lie, liesAbout, lying } from './lie.fixtures.js';

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

export const liesAboutTheFeed = liesAbout('EventFeed', {
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
