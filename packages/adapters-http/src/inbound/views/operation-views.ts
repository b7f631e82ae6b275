import { type DeadLetter, type GroupFigures, TICKET_SECONDS, type Ticket } from '@org/application';
import { utc } from '../instants.js';
import type { Readiness } from '../service.js';
import {
  about,
  anyFields,
  type Body,
  callerId,
  count,
  instant,
  listOf,
  named,
  object,
  open,
  optional,
  page,
  text,
  whole,
  word,
} from './shapes.js';

export const ticket = named(
  'Ticket',
  object({
    ticket: about(text, 'Stands in a URL instead of a token, once.'),
    expiresAt: instant,
    expiresIn: about(whole(1), 'Seconds.'),
    lastEventId: about(text, 'Where to go on from, so that nothing is missed from now on.'),
  }),
);
export const ticketBody = ({ ticket: word, expiresAt }: Ticket, lastEventId: string): Body<typeof ticket> => ({
  ticket: word,
  expiresAt: utc(expiresAt),
  expiresIn: TICKET_SECONDS,
  lastEventId,
});

const letterStatus = word('DEAD', 'REDRIVEN', 'FAILED');
const letter = object({
  ...{ id: callerId, group: text, status: letterStatus, eventId: text },
  type: about(text, 'Of the event.'),
  key: text,
  data: about(anyFields, 'Of the event.'),
  error: about(object({ name: text, message: text }), 'Of the last attempt.'),
  attempts: about(count, 'All redrives together.'),
  firstFailedAt: instant,
  lastFailedAt: instant,
  redrives: count,
});
export const deadLetterPage = page('DeadLetterPage', named('DeadLetter', letter));
/** Without the stack, which is for the log and the database. */
export const letterBody = (of: DeadLetter): Body<typeof letter> => {
  const { id, group, status, eventId, type, key, data, error, attempts, redrives } = of;
  return {
    ...{ id, group, status, eventId, type, key, data, attempts, redrives },
    error: { name: error.name, message: error.message },
    firstFailedAt: utc(of.firstFailedAt),
    lastFailedAt: utc(of.lastFailedAt),
  };
};

export const redriven = named('RedrivenLetter', object({ id: callerId, status: letterStatus }));

export const eventGroups = named(
  'EventGroups',
  object({
    items: listOf(
      named(
        'EventGroup',
        object({
          group: text,
          lagMs: about(count, 'Age of the oldest event that was not handed over; 0 = none.'),
          parked: about(count, 'Failed events that are tried again, and those that wait behind them.'),
          dead: count,
          failed: count,
        }),
      ),
    ),
  }),
);
export const groupsBody = (items: readonly GroupFigures[]): Body<typeof eventGroups> => ({ items });

export const health = named(
  'Health',
  object({ status: word('UP', 'DOWN'), checks: optional(about(anyFields, 'By the name of what it depends on.')) }),
);
export const healthBody = ({ ready, checks }: Readiness): Body<typeof health> => ({
  status: ready ? 'UP' : 'DOWN',
  ...(checks && { checks }),
});

/** Every job has figures of its own. */
export const jobReport = named('JobReport', open({ job: callerId }));
export const reportBody = (job: string, report: object): Body<typeof jobReport> => ({ job, ...report });
