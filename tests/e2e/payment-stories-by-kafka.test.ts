import { byKafka, leftOut } from './support/world.js';

if (await byKafka()) await import('./payment-stories.test.js');
else leftOut('the payment stories by Kafka');
