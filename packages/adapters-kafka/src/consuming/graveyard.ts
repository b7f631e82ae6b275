import { type Aside, causeOf, type GroupProgress, isOfInfrastructure, sliceOf } from '@org/application';
import {
  type Broker,
  bytesOf,
  type NewRecord,
  type RecordHeaders,
  RecordTooLargeError,
  type StoredRecord,
} from '../client/broker.js';
import type { Read, ReadEvent } from './reading.js';
import { unreadableEvent } from './unreadable.js';

export interface DeadRecord {
  readonly group: string;
  readonly record: StoredRecord;
  readonly read: Exclude<Read, { kind: 'OTHER' }>;
  /** How often it was tried. */
  readonly attempts: number;
  readonly error: Error;
}

/** Where records go that were given up. */
export const deadLetterTopicOf = (topic: string): string => `${topic}-dlt`;

/** Headers have to leave room for the record itself. */
const [LONGEST_MESSAGE, LONGEST_STACK] = [1_000, 4_000];
/** Bytes of key and headers. A letter may leave more out, and of an event the store has only what its headers mean. */
const LONGEST_BESIDE = 50_000;

const headersOf = ({ group, record, attempts, error }: DeadRecord): RecordHeaders => {
  const { name, message, stack } = causeOf(error);
  return {
    'dlt-error-name': name.slice(0, LONGEST_MESSAGE),
    'dlt-error-message': message.slice(0, LONGEST_MESSAGE),
    'dlt-error-stack': stack.slice(0, LONGEST_STACK),
    'dlt-topic': record.topic,
    'dlt-partition': String(record.partition),
    'dlt-offset': String(record.offset),
    'dlt-timestamp': String(record.timestamp),
    'dlt-group': group,
    'dlt-attempts': String(attempts),
  };
};

/** Ever smaller ones, for a broker that takes no larger one. Each tells what it leaves out; the store has all of it. */
function lettersOf(dead: DeadRecord): readonly NewRecord[] {
  const { key, value, headers } = dead.record;
  const topic = deadLetterTopicOf(dead.record.topic);
  const own = headersOf(dead);
  const withoutValue = { ...own, 'dlt-value': 'too large' };
  const bare = { ...withoutValue, 'dlt-key': 'too large', 'dlt-headers': 'too large' };
  return [
    { topic, key, value, headers: { ...headers, ...own } },
    { topic, key, value: null, headers: { ...headers, ...withoutValue } },
    { topic, key: null, value: null, headers: bare },
  ];
}

/** What was read of it, in the form in which events are put aside. */
function asideOf(event: ReadEvent, { attempts, error }: DeadRecord): Aside {
  const slice = sliceOf(event.key);
  const cause = causeOf(error);
  return { event: { ...event, position: 0 }, slice, status: 'DEAD', attempts, dueInMs: null, cause };
}

/** Dead letters in both places: on a topic for everybody, with all their bytes, and in the store, to be sent round again. */
export class Graveyard {
  constructor(
    private readonly broker: Pick<Broker, 'send'>,
    private readonly progress: Pick<GroupProgress, 'bury'>,
  ) {}

  /** Both or an error: whoever gets one has to try again, and the second time changes nothing in the store. */
  async bury(dead: DeadRecord): Promise<void> {
    await this.keep(dead);
    await this.send(lettersOf(dead));
  }

  private async keep(dead: DeadRecord): Promise<void> {
    const { read, record, group } = dead;
    const raw = () => this.progress.bury(group, [asideOf(unreadableEvent(record), dead)]);
    if (read.kind === 'FLAWED' || bytesOf({ ...record, value: null }) > LONGEST_BESIDE) return raw();
    try {
      await this.progress.bury(group, [asideOf(read.event, dead)]);
    } catch (error) {
      if (isOfInfrastructure(error)) throw error;
      // There is JSON that a store can't hold. Bytes it can.
      await raw();
    }
  }

  /** The largest that the broker takes. */
  private async send(letters: readonly NewRecord[]): Promise<void> {
    const [letter, ...smaller] = letters;
    if (!letter) return;
    try {
      await this.broker.send([letter]);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError) || smaller.length === 0) throw error;
      await this.send(smaller);
    }
  }
}
