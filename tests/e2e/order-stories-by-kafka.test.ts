import { byKafka, leftOut } from './support/world.js';

if (await byKafka()) await import('./order-stories.test.js');
else leftOut('the order stories by Kafka');
