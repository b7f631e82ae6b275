export { asyncApi } from './async-api.js';
export { eventId, fromRecord, type KafkaRecord, type Parsed, type ReceivedEvent, toRecord } from './cloud-events.js';
export { cloudEventHeaders, deadLetterHeaders } from './header-schemas.js';
export { deadLetterTopicOf, type Topic, topicOf, topics } from './topics.js';
