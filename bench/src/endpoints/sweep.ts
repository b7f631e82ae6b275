import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { createPromotions } from '@org/application';

// Writes down all overdue holds, batch after batch, beside a running service.
const [limit, most] = [Number(process.env.BATCH), Number(process.env.MOST)];
const dataSource = await postgresDataSource({ url: process.env.DATABASE_URL ?? '' }).initialize();
const promotions = createPromotions(postgresAdapters(dataSource));
const origin = { actor: 'reservation-timeout', traceparent: null };

console.log('ready');
const began = performance.now();
let swept = 0;
for (let found = limit; found === limit && swept < most; swept += found)
  found = await promotions.expireOverdue('HOLD', { limit, origin });
console.log(JSON.stringify({ swept, seconds: (performance.now() - began) / 1_000 }));
await dataSource.destroy();
