import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { handled } from '@org/application';

const source = await postgresDataSource({ url: process.env.DATABASE_URL, poolSize: 5 }).initialize();
const { eventConsumer } = postgresAdapters(source, { bus: { leaseMs: 1_500, maxIdleMs: 20, retryDelayMs: 50 } });

// The effect has the id of its event as its key: what comes again changes nothing.
const effect = `insert into seen (id, key, version, member)
  select * from unnest($1::text[], $2::text[], $3::int[], array_fill($4::text, array[$5::int])) on conflict do nothing`;

await eventConsumer.subscribe({
  group: 'chaos',
  types: ['chaos.happened.v1'],
  maxBatch: 50,
  async handle(events) {
    const columns = ['id', 'key', 'streamVersion'].map(name => events.map(event => event[name]));
    await source.query(effect, [...columns, process.env.MEMBER, events.length]);
    return events.map(() => handled);
  },
});
// The timers of a bus keep no process alive: its service does.
setInterval(() => undefined, 1_000);
