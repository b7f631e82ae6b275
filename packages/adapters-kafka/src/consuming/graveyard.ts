import { type Aside, causeOf, type GroupProgress, isOfInfrastructure, sliceOf } from '@org/application';
import { type Broker, type NewRecord, RecordTooLargeError, type StoredRecord } from '../client/broker.js';
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

function letterOf({ group, record, attempts, error }: DeadRecord): NewRecord {
  const { name, message, stack } = causeOf(error);
  return {
    topic: deadLetterTopicOf(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      'dlt-error-name': name,
      'dlt-error-message': message.slice(0, LONGEST_MESSAGE),
      'dlt-error-stack': stack.slice(0, LONGEST_STACK),
      'dlt-topic': record.topic,
      'dlt-partition': String(record.partition),
      'dlt-offset': String(record.offset),
      'dlt-timestamp': String(record.timestamp),
      'dlt-group': group,
      'dlt-attempts': String(attempts),
    },
  };
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
    await this.send(letterOf(dead));
  }

  private async keep(dead: DeadRecord): Promise<void> {
    const { read, record, group } = dead;
    const raw = () => this.progress.bury(group, [asideOf(unreadableEvent(record), dead)]);
    if (read.kind === 'FLAWED') return raw();
    try {
      await this.progress.bury(group, [asideOf(read.event, dead)]);
    } catch (error) {
      if (isOfInfrastructure(error)) throw error;
      // There is JSON that a store can't hold. Bytes it can.
      await raw();
    }
  }

  private async send(letter: NewRecord): Promise<void> {
    try {
      await this.broker.send([letter]);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      await this.broker.send([{ ...letter, value: null, headers: { ...letter.headers, 'dlt-value': 'too large' } }]);
    }
  }
}
