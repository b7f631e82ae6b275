import type { StoredEvent } from '@org/application';
import { topicOf } from './topics.js';

/** A Kafka record as any client library takes it: text in, text out. */
export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An event as it came over the wire. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** Null = it has none. */
  readonly time: number | null;
  readonly subject: string | null;
  readonly sequence: number | null;
  readonly traceparent: string | null;
  /** Who did it; null = it doesn't say. */
  readonly actor: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Parsed =
  | { readonly ok: true; readonly event: ReceivedEvent }
  | { readonly ok: false; readonly cause: string };

/** Unique for ever: an aggregate has one event of each version. */
export const eventId = ({ streamId, streamVersion }: Pick<StoredEvent, 'streamId' | 'streamVersion'>) =>
  `${streamId}:${streamVersion}`;

/** `ce_source` of all that comes from our own log. */
export const SOURCE = '/promotions';

/** An event of ours in CloudEvents 1.0 binary mode, on the topic of its area. @param prefix of the topic's name */
export function toRecord(event: StoredEvent, prefix = ''): KafkaRecord {
  const { traceparent } = event.origin;
  return {
    topic: prefix + topicOf(event.type).name,
    key: event.key,
    value: JSON.stringify(event.data),
    headers: {
      ce_specversion: '1.0',
      ce_id: eventId(event),
      ce_type: event.type,
      ce_source: SOURCE,
      ce_time: new Date(event.recordedAt).toISOString(),
      ce_subject: event.streamId,
      ce_sequence: String(event.streamVersion),
      ce_actor: event.origin.actor,
      'content-type': 'application/json',
      ...(traceparent && { traceparent }),
    },
  };
}

const required = ['ce_specversion', 'ce_id', 'ce_type', 'ce_source'] as const;

/**
 * Reads a record of any producer. Headers and value come as bytes or text, as the client library gives them.
 * What can't be read is told with its cause, for the dead letter topic; nothing throws.
 */
export function fromRecord(record: {
  readonly value: Uint8Array | string | null;
  readonly headers?: Readonly<Record<string, Uint8Array | string | readonly (Uint8Array | string)[] | undefined>>;
}): Parsed {
  const header = (name: string) => textOf(first(record.headers?.[name]));
  const [version, id, type, source] = required.map(header);
  if (!version || !id || !type || !source)
    return { ok: false, cause: `header ${required.find(name => !header(name))} is missing` };
  if (version !== '1.0') return { ok: false, cause: `ce_specversion "${version}" is not 1.0` };
  const time = header('ce_time');
  const at = time === null ? null : Date.parse(time);
  if (Number.isNaN(at)) return { ok: false, cause: `ce_time "${time}" is not a time` };
  const data = jsonObject(textOf(record.value));
  if (!data) return { ok: false, cause: 'the value is not a JSON object' };
  const sequence = Number(header('ce_sequence') ?? Number.NaN);
  return {
    ok: true,
    event: {
      id,
      type,
      source,
      time: at,
      subject: header('ce_subject'),
      sequence: Number.isSafeInteger(sequence) ? sequence : null,
      traceparent: header('traceparent'),
      actor: header('ce_actor'),
      data,
    },
  };
}

type Text = Uint8Array | string;
const decoder = new TextDecoder();
const BYTE_ORDER_MARK = 0xfeff;
/** Every record has some ten texts: one decoder reads them all, and a `Buffer` its own. */
export function decoded(bytes: Uint8Array): string {
  if (!Buffer.isBuffer(bytes)) return decoder.decode(bytes);
  const text = bytes.toString();
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

const first = (value: Text | readonly Text[] | undefined) =>
  (Array.isArray(value) ? value[0] : value) as Text | undefined;

function textOf(value: Text | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : decoded(value);
}

function jsonObject(text: string | null): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
