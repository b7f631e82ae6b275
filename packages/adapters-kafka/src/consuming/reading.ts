import { type DeliveredEvent, NO_STREAM_VERSION } from '@org/application';
import type { Instant } from '@org/domain';
import type { StoredRecord } from '../client/broker.js';
import { decoded, fromRecord, type ReceivedEvent, SOURCE } from '../cloud-events.js';

export type ReadEvent = Omit<DeliveredEvent, 'attempt'>;

/** What a record is to a group. */
export type Read =
  | { readonly kind: 'EVENT'; readonly event: ReadEvent }
  /** Known, and none of this group's business. */
  | { readonly kind: 'OTHER' }
  | { readonly kind: 'FLAWED'; readonly key: string; readonly cause: string };

export interface Reading {
  /** Those that the group subscribes to. */
  readonly types: ReadonlySet<string>;
  /** All that may be on the topics. */
  readonly known: ReadonlySet<string>;
  /** Events of our own log that happened until then are not for this group; null = all are. */
  readonly after: Instant | null;
}

export const keyOf = ({ key }: Pick<StoredRecord, 'key'>): string => (key === null ? '' : decoded(key));

/** Events from outside are in no stream of ours. */
function eventOf({ id, subject, sequence, ...received }: ReceivedEvent, record: StoredRecord): ReadEvent {
  const { type, data, traceparent, actor, source, time } = received;
  const isOurs = subject !== null && sequence !== null && id === `${subject}:${sequence}`;
  return {
    id,
    streamId: isOurs ? subject : id,
    streamVersion: isOurs ? sequence : NO_STREAM_VERSION,
    type,
    data,
    key: keyOf(record),
    origin: { actor: actor ?? source, traceparent },
    recordedAt: time ?? record.timestamp,
  };
}

export const readingOf =
  ({ types, known, after }: Reading) =>
  (record: StoredRecord): Read => {
    const parsed = fromRecord(record);
    if (!parsed.ok) return { kind: 'FLAWED', key: keyOf(record), cause: parsed.cause };
    const { type, source, time } = parsed.event;
    if (!types.has(type))
      return known.has(type)
        ? { kind: 'OTHER' }
        : { kind: 'FLAWED', key: keyOf(record), cause: `no consumer knows events of type "${type}"` };
    if (after !== null && source === SOURCE && time !== null && time <= after) return { kind: 'OTHER' };
    return { kind: 'EVENT', event: eventOf(parsed.event, record) };
  };
