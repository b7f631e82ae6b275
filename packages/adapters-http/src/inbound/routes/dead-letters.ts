import type { DeadLetterStatus } from '@org/application';
import { sealCursor } from '../dto/query.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { deadLetterPage, eventGroups, groupsBody, letterBody, redriven } from '../views/operation-views.js';

const area = 'Operations';
const roles = ['operator', 'admin'] as const;
const statuses = ['DEAD', 'REDRIVEN', 'FAILED'] as const satisfies readonly DeadLetterStatus[];

const example = {
  ...{ id: '17', group: 'order-saga', status: 'DEAD', eventId: 'order/order-1:1', type: 'order.placed.v1', key: 'ann' },
  ...{
    data: { orderNumber: 'order-1' },
    error: { name: 'TypeError', message: 'no such option' },
    attempts: 4,
    redrives: 0,
  },
  ...{ firstFailedAt: '2026-03-01T12:34:56.789Z', lastFailedAt: '2026-03-01T12:35:02.812Z' },
};

/** What consumers of events could not handle, for operators. */
export const deadLetterRoutes = ({ deadLetters }: Pick<Service, 'deadLetters'>): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/dead-letters',
    name: 'deadLetters',
    area,
    summary: 'Events that a group of consumers has given up, the newest failure first.',
    roles,
    query: { status: { words: statuses }, limit: 'limit', cursor: 'cursor' },
    answers: {
      200: { description: 'A page.', shape: deadLetterPage, example: { items: [example], nextCursor: null } },
    },
    handle: async ({ query: { words, limit, cursor }, path }) => {
      const status = (words.status ?? null) as DeadLetterStatus | null;
      const { items, nextCursor } = await deadLetters.list({ group: null, status, limit, cursor });
      return json(200, { items: items.map(letterBody), nextCursor: sealCursor(path, nextCursor) });
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/dead-letters/{id}/redrive',
    name: 'redriveDeadLetter',
    area,
    summary: 'Send a dead letter to its group again, out of turn; five times at most.',
    roles,
    params: { id: { form: 'ID', unknown: 'DEAD_LETTER_NOT_FOUND' } },
    answers: {
      200: { description: 'It is on its way.', shape: redriven, example: { id: '17', status: 'REDRIVEN' } },
    },
    refusals: ['DEAD_LETTER_NOT_FOUND', 'DEAD_LETTER_FAILED'],
    handle: async ({ params: { id = '' } }) => {
      const status = await deadLetters.redrive(id);
      if (status === null) return new Problem('DEAD_LETTER_NOT_FOUND', { data: { id } });
      return status === 'FAILED' ? new Problem('DEAD_LETTER_FAILED', { data: { id } }) : json(200, { id, status });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/event-groups',
    name: 'eventGroups',
    area,
    summary: 'How far each group of consumers is behind, and what it has put aside.',
    roles,
    answers: {
      200: {
        description: 'All groups; `lagMs` is the age of the oldest event that was not handed over.',
        shape: eventGroups,
        example: { items: [{ group: 'order-saga', lagMs: 12, parked: 0, dead: 1, failed: 0 }] },
      },
    },
    handle: async () => json(200, groupsBody(await deadLetters.figures())),
  }),
];
