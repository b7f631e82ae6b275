import { NO_STREAM_VERSION } from '@org/application';
import type { StoredRecord } from '../client/broker.js';
import { decoded } from '../cloud-events.js';
import { keyOf, type ReadEvent } from './reading.js';

/** Under this type a record is put aside that is no event: its bytes are its data, so that it can be read once more. */
export const UNREADABLE = 'kafka.unreadable.v1';

/** No event, or none that anybody here knows: the dead letter says what is wrong with it. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

type Text = string | null;
type Packed = Readonly<Record<string, unknown>>;

const packed = (bytes: Uint8Array | string | null): Text =>
  bytes === null ? null : (typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes)).toString('base64');
const unpacked = (text: unknown): Uint8Array | null => (typeof text === 'string' ? Buffer.from(text, 'base64') : null);

/** Bytes of a key by which a letter is found in the store. An index holds no text of any length. */
const LONGEST_KEY = 500;
/** What dates can tell, epoch milliseconds: brokers take any number for a time. */
const [EARLIEST, LATEST] = [0, 8_640_000_000_000_000];

/**
 * Any store can hold it, whatever the record is: bytes are in base64, and where they stand as text or as a time, only
 * what every store knows is left of them.
 */
export function unreadableEvent(record: StoredRecord): ReadEvent {
  const { topic, partition, offset, timestamp, key, value } = record;
  const headers = Object.entries(record.headers).flatMap(([name, found]) =>
    (Array.isArray(found) ? found : [found]).map(each => [packed(Buffer.from(name)), packed(each ?? null)]),
  );
  const data = { topic, partition, offset, timestamp, key: packed(key), value: packed(value), headers };
  return {
    id: `${topic}/${partition}/${offset}@${timestamp}`,
    streamId: `${topic}/${partition}/${offset}@${timestamp}`,
    streamVersion: NO_STREAM_VERSION,
    type: UNREADABLE,
    data,
    key: keyOf({ key: key?.subarray(0, LONGEST_KEY) ?? null }).replaceAll('\0', ''),
    origin: { actor: 'kafka', traceparent: null },
    recordedAt: Math.min(Math.max(timestamp, EARLIEST), LATEST),
  };
}

/** The record as it was. */
export function recordOf(data: Packed): StoredRecord {
  const headers = new Map<string, Uint8Array[]>();
  for (const [name, value] of data.headers as [unknown, unknown][]) {
    const text = decoded(unpacked(name) ?? new Uint8Array());
    headers.set(text, [...(headers.get(text) ?? []), unpacked(value) ?? new Uint8Array()]);
  }
  return {
    topic: String(data.topic),
    partition: Number(data.partition),
    offset: Number(data.offset),
    timestamp: Number(data.timestamp),
    key: unpacked(data.key),
    value: unpacked(data.value),
    headers: Object.fromEntries(headers),
  };
}
