export { eventId, fromRecord, type KafkaRecord, type Parsed, type ReceivedEvent, toRecord } from './cloud-events.js';
export { type Topic, topicOf, topics } from './topics.js';
