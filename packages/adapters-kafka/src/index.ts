export { asyncApi } from './async-api.js';
export {
  type Broker,
  type GroupListener,
  type Joining,
  LONGEST_NOTE,
  type Membership,
  type NewRecord,
  type Place,
  type Position,
  RecordTooLargeError,
  type StoredRecord,
} from './client/broker.js';
export { KafkajsBroker } from './client/kafkajs-broker.js';
export { KafkajsLog } from './client/kafkajs-log.js';
export { KafkajsTopics } from './client/kafkajs-topics.js';
export type { KafkaSettings } from './client/settings.js';
export { eventId, fromRecord, type KafkaRecord, type Parsed, type ReceivedEvent, toRecord } from './cloud-events.js';
export { deadLetterTopicOf } from './consuming/graveyard.js';
export { cloudEventHeaders, deadLetterHeaders } from './header-schemas.js';
export { type KafkaConsumerOptions, type KafkaConsumerParts, KafkaEventConsumer } from './kafka-event-consumer.js';
export { type RelayOptions, relaySubscription } from './relay.js';
export { findMissing, type Missing, type ResendParts, resend } from './resend.js';
export { type TopicDifference, type TopicOptions, type TopicPlan, topicPlans } from './topic-plans.js';
export { type Topic, topicOf, topics } from './topics.js';
