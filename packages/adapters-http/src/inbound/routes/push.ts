import { FeedCursorError, type Listening, TICKET_SECONDS } from '@org/application';
import { orderExamples } from '../document/examples/order-examples.js';
import { malformed, Problem } from '../problem.js';
import { cursorOf, idOf } from '../push/frames.js';
import type { Seat } from '../push/listeners.js';
import { PushOutlet, type Wire } from '../push/outlet.js';
import { greeting, sseWire } from '../push/sse.js';
import { WEB_SOCKET_PATH } from '../push/upgrade.js';
import { flawOfHandshake, shakeHands } from '../push/web-socket.js';
import { json, type Reply } from '../reply.js';
import { type Ask, type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { ticket, ticketBody } from '../views/operation-views.js';

const area = 'Push';
const everybody = ['shopper', 'service', 'operator', 'admin'] as const;
const EVENTS = '/api/v1/events';

const anId = 'MTIzNDo1Njc4On4xMg.Vq3kP0aB';
const query = { lastEventId: 'text', ticket: 'text' } as const;
const connects = { method: 'GET', area, roles: everybody, ticketed: true, query } as const;
const refusals = ['TICKET_INVALID', 'TOO_MANY_LISTENERS', 'PUSH_UNAVAILABLE'];

/** Where the client goes on from; null = from now on. What its browser remembers is newer than what its URL says. */
function afterOf({ call, query: { words } }: Ask): string | null | Problem {
  const header = call.request.headers['last-event-id'];
  const field = header ? 'Last-Event-ID' : 'lastEventId';
  const id = header || words.lastEventId;
  if (id === undefined || id === '') return null;
  return cursorOf(String(id)) ?? malformed({ field, value: id, message: 'must be the id of an event' });
}

interface Entered {
  readonly listening: Listening;
  readonly seat: Seat;
}

/** Lets somebody in as far as the first answer: what can be wrong is found out before it. */
async function enter({ push, listeners }: Service, ask: Ask): Promise<Entered | Problem> {
  const after = afterOf(ask);
  if (after instanceof Problem) return after;
  const { sub } = ask.caller;
  const seat = listeners.enter(sub);
  if (seat instanceof Problem) return seat;
  try {
    const listening = await push.join(sub, after);
    if (!listeners.isDraining) return { listening, seat };
    listening.leave();
  } catch (error) {
    seat.leave();
    if (!(error instanceof FeedCursorError)) throw error;
    return malformed({ field: 'lastEventId', value: after && idOf(after), message: 'is of another feed' });
  }
  seat.leave();
  return new Problem('PUSH_UNAVAILABLE', { headers: ['Retry-After', '5'] });
}

const outletOf = (
  { pushCounters: counters, maxPushBuffer: maxBuffer }: Service,
  ask: Ask,
  wire: Wire,
  entered: Entered,
) => new PushOutlet(wire, { ...entered, counters, maxBuffer, expiresAt: ask.caller.expiresAt });

const sseHead = { status: 200, headers: ['X-Accel-Buffering', 'no'], type: 'text/event-stream' } as const;

const example = [`id: ${anId}`, 'event: order.status', `data: ${JSON.stringify(orderExamples.status)}`, '', ''].join(
  '\n',
);

export const pushRoutes = (service: Service): Route[] => [
  route({
    ...connects,
    path: EVENTS,
    name: 'events',
    connects: 'SSE',
    summary:
      'Be told of one’s own orders and coupons, as server-sent events. `Last-Event-ID` goes on after an event; a ticket stands in for a token.',
    answers: { 200: { description: 'Events, until the token ends.', type: 'text/event-stream', example } },
    refusals,
    handle: async (ask): Promise<Reply | Problem> => {
      if (ask.call.method === 'HEAD') return { ...sseHead, body: '' };
      const entered = await enter(service, ask);
      if (entered instanceof Problem) return entered;
      return {
        ...sseHead,
        body: response => {
          response.write(greeting(idOf(entered.listening.from)));
          outletOf(service, ask, sseWire(response), entered).start();
        },
      };
    },
  }),
  route({
    ...connects,
    path: WEB_SOCKET_PATH,
    name: 'webSocket',
    connects: 'WEB_SOCKET',
    summary: 'The same as messages `{id, event, data}` of a WebSocket. `lastEventId` goes on after an event.',
    answers: { 101: { description: 'Messages, until the token ends.' } },
    refusals: [...refusals, 'UPGRADE_REQUIRED'],
    handle: async (ask): Promise<Reply | Problem> => {
      const flaw = flawOfHandshake(ask.call);
      if (flaw) return flaw;
      const entered = await enter(service, ask);
      if (entered instanceof Problem) return entered;
      const body = () => {
        if (shakeHands(ask.call, wire => outletOf(service, ask, wire, entered).start())) return;
        entered.listening.leave();
        entered.seat.leave();
      };
      return { status: 101, headers: [], type: '', body };
    },
  }),
  route({
    method: 'POST',
    path: `${EVENTS}/tickets`,
    name: 'ticket',
    area,
    summary: 'Get what stands in a URL instead of a token: good once, for half a minute, for one’s own events.',
    roles: everybody,
    answers: {
      201: {
        description: 'The ticket, and where to go on from so that nothing is missed from now on.',
        shape: ticket,
        example: {
          ticket: 'v1xT2o4mJ0Zr8bq7uE3kWc5nY6sA9dFgHjKlPzXcVbN',
          expiresAt: '2026-11-21T03:00:30.000Z',
          expiresIn: TICKET_SECONDS,
          lastEventId: anId,
        },
      },
    },
    handle: async ({ caller: { sub, expiresAt: until } }) => {
      const lastEventId = idOf(await service.push.now());
      const issued = await service.push.issue({ userId: sub, until });
      return json(201, ticketBody(issued, lastEventId), ['Location', '/api/v1/events']);
    },
  }),
];
