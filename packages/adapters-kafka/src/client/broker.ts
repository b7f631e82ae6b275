/** What this package needs of a Kafka client: nothing else here knows which one it is. */

type Bytes = Uint8Array | string;
export type RecordHeaders = Readonly<Record<string, Bytes | readonly Bytes[] | undefined>>;

/** A part of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Unique among places: names of topics have no slash. */
export const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

/** A record as it lies on the broker. */
export interface StoredRecord extends Place {
  readonly offset: number;
  /** By the broker or the producer, epoch milliseconds. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: RecordHeaders;
}

export interface NewRecord {
  readonly topic: string;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers: RecordHeaders;
}

/** What a record costs beside its key, value and headers. */
const OVERHEAD = 64;

const sizeOf = (part: Bytes | null | undefined): number =>
  part === null || part === undefined ? 0 : typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength;

/** About what it takes on its way, a little more rather than less. */
export function bytesOf({ key, value, headers }: Omit<NewRecord, 'topic'>): number {
  let bytes = OVERHEAD + sizeOf(key) + sizeOf(value);
  for (const [name, found] of Object.entries(headers))
    for (const part of Array.isArray(found) ? found : [found]) bytes += name.length + sizeOf(part) + 4;
  return bytes;
}

/** Everything before the offset is done; the note is kept with it, at most `LONGEST_NOTE` characters of ASCII. */
export interface Position extends Place {
  readonly offset: number;
  readonly note: string;
}

/** Brokers keep 4,096 bytes with a position, unless they are told otherwise. */
export const LONGEST_NOTE = 4_000;

/** What came of one part in one go. */
export interface Arrival extends Place {
  readonly records: readonly StoredRecord[];
  /** Where the next arrival begins: some offsets have no record. */
  readonly next: number;
  /** Behind the last record that the broker has. */
  readonly end: number;
}

/** One that is told what a member of a group gets. */
export interface GroupListener {
  /** These parts, and no others, are this member's now, each from its place on. */
  assigned(positions: readonly Position[]): void;
  /** Nothing is this member's any more once it resolves: until then it may finish and commit. */
  revoked(): Promise<void>;
  arrived(arrival: Arrival): void;
}

export interface Membership {
  /** One attempt. @throws when it was not written, also because the parts are somebody else's by now */
  commit(positions: readonly Position[]): Promise<void>;
  pause(places: readonly Place[]): void;
  resume(places: readonly Place[]): void;
  leave(): Promise<void>;
}

export interface Joining {
  readonly group: string;
  readonly topics: readonly string[];
  /** Where a group begins that has no position yet. */
  readonly from: 'START' | 'NOW';
}

export interface Broker {
  /**
   * Resolves when all in-sync replicas have them; those of one key are in the order of the call.
   * @throws RecordTooLargeError for what the broker never takes; anything else may have been written, or not
   */
  send(records: readonly NewRecord[]): Promise<void>;
  /** Becomes a member of the group and stays one, whatever becomes of brokers, until it leaves. */
  join(joining: Joining, listener: GroupListener): Promise<Membership>;
  /** Whether the group has a position in any of the topics. */
  isKnown(group: string, topics: readonly string[]): Promise<boolean>;
  close(): Promise<void>;
}

/** No further attempt would help. */
export class RecordTooLargeError extends Error {
  readonly code = 'RECORD_TOO_LARGE';
}
