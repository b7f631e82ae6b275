import type { AccountEvent, SessionEvent } from '@org/domain';
import type { NewEvent, Origin } from './ports/event-log.js';

/** Types on the wire: `user.<event>.v<n>`. */
export const accountEventTypes = {
  SignedUp: 'user.signed-up.v1',
  ProfileChanged: 'user.profile-changed.v1',
  PasswordChanged: 'user.password-changed.v1',
  SessionStarted: 'user.session-started.v1',
  SessionRefreshed: 'user.session-refreshed.v1',
  SessionEnded: 'user.session-ended.v1',
} as const satisfies Record<AccountEvent['type'] | SessionEvent['type'], string>;

interface Stream<Event> {
  readonly id: string;
  readonly expectedVersion: number;
  readonly events: readonly Event[];
  readonly origin: Origin;
}

/** Ids, times and reasons only: neither who somebody is nor anything that opens a door. */
function written(stream: Stream<AccountEvent | SessionEvent>, userId: string, ids: object): NewEvent[] {
  const { id, expectedVersion, events, origin } = stream;
  return events.map((event, i) => ({
    streamId: id,
    streamVersion: expectedVersion + i + 1,
    type: accountEventTypes[event.type],
    data: {
      ...ids,
      at: new Date(event.at).toISOString(),
      ...(event.type === 'SessionRefreshed' && { generation: event.generation }),
      ...(event.type === 'SessionEnded' && { reason: event.reason }),
      ...(event.type === 'SessionStarted' && { expiresAt: new Date(event.expiresAt).toISOString() }),
    },
    key: userId,
    // Whoever logs in or refreshes has no token yet: it is the user himself.
    origin: origin.actor === '' ? { ...origin, actor: userId } : origin,
  }));
}

export const accountEvents = (stream: Stream<AccountEvent>): NewEvent[] =>
  written(stream, stream.id, { userId: stream.id });

export const sessionEvents = (stream: Stream<SessionEvent>, userId: string): NewEvent[] =>
  written(stream, userId, { sessionId: stream.id, userId });
