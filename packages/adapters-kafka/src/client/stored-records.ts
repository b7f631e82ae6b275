import type { KafkaMessage } from 'kafkajs';
import type { Place, StoredRecord } from './broker.js';

/** A message of kafkajs as a record of ours. Offsets are whole numbers well below 2^53. */
export const storedOf = ({ topic, partition }: Place, message: KafkaMessage): StoredRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  timestamp: Number(message.timestamp),
  key: message.key,
  value: message.value,
  headers: message.headers ?? {},
});
