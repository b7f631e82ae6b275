import type { Instant, PointEvent } from '@org/domain';
import type { NewEvent, Origin } from './ports/event-log.js';

/** Types on the wire, as those of coupons. */
export const pointEventTypes = {
  PointsEarned: 'point.earned.v1',
  PointsMatured: 'point.matured.v1',
  PointsExpired: 'point.expired.v1',
  PointsUsed: 'point.used.v1',
  PointsHeld: 'point.held.v1',
  HoldPosted: 'point.hold-posted.v1',
  HoldVoided: 'point.hold-voided.v1',
  HoldExpired: 'point.hold-expired.v1',
  UseCancelled: 'point.use-cancelled.v1',
  UseReturned: 'point.use-returned.v1',
  EarningCancelled: 'point.earning-cancelled.v1',
  EarningReversed: 'point.earning-reversed.v1',
} as const satisfies Record<PointEvent['type'], string>;

const iso = (at: Instant) => new Date(at).toISOString();
const instants = new Set(['at', 'until', 'availableAt', 'expiresAt']);

/** Events of one account for the log; the stream is the user's book. */
export const pointEvents = (
  { userId, expectedVersion, events }: { userId: string; expectedVersion: number; events: readonly PointEvent[] },
  originOf: (index: number) => Origin,
): NewEvent[] =>
  events.map((event, i) => {
    const { type, ...fields } = event;
    const data: Record<string, unknown> = { userId };
    for (const [name, value] of Object.entries(fields))
      if (name !== 'content') data[name] = typeof value === 'number' && instants.has(name) ? iso(value) : value;
    return {
      streamId: `points:${userId}`,
      streamVersion: expectedVersion + i + 1,
      type: pointEventTypes[type],
      data,
      key: userId,
      origin: originOf(i),
    };
  });
