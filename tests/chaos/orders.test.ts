import { ordersInTrouble } from './support/order-trouble.js';

ordersInTrouble('the service is killed again and again', {
  orders: Number(process.env.CHAOS_ORDERS ?? 200),
  killEveryMs: Number(process.env.CHAOS_KILL_MS ?? 1_500),
  roles: ['all'],
});
