import { byKafka, leftOut } from '../e2e/support/world.js';
import { ordersInTrouble } from './support/order-trouble.js';

const title = 'the processes of all roles, over Kafka, are killed in turn';

if (await byKafka())
  ordersInTrouble(title, {
    orders: Number(process.env.CHAOS_ORDERS ?? 150),
    killEveryMs: Number(process.env.CHAOS_KILL_MS ?? 2_000),
    roles: ['api', 'order-worker,scheduler', 'coupon-worker,point-worker', 'stock-worker,relay'],
  });
else leftOut(title);
