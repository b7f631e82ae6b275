import type { DataSource, EntityManager } from 'typeorm';

/** `2026-11`: the month of a partition, by UTC. */
export type Month = string;

const monthPattern = /^\d{4}-(0[1-9]|1[0-2])$/;

export const followingMonth = (month: Month): Month => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

const partitionOf = (month: Month) => `events_${month.replace('-', '_')}`;

/**
 * Makes the partitions of this month and of the next ones; run it at every start and once a day. Any number of
 * processes may do so at a time.
 * @param monthsAhead how many months after this one; default 3
 * @returns the partitions that were made
 */
export async function ensurePartitions(dataSource: DataSource, monthsAhead = 3): Promise<string[]> {
  return dataSource.transaction(async manager => {
    await manager.query(`select pg_advisory_xact_lock(hashtextextended('promotions partitions', 0))`);
    const [{ month }] = await manager.query<[{ month: Month }]>(
      `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM') as month`,
    );
    const existing = new Set(await partitionNames(manager));
    const made: string[] = [];
    let next = month;
    for (let i = 0; i <= monthsAhead; i++, next = followingMonth(next)) {
      if (existing.has(partitionOf(next))) continue;
      await createPartition(manager, next);
      made.push(partitionOf(next));
    }
    return made;
  });
}

/** Events of that month may lie in the default partition already, if nobody made the month's own in time: they move. */
async function createPartition(manager: EntityManager, month: Month) {
  const name = partitionOf(month);
  const first = `date '${month}-01'`;
  const [{ found }] = await manager.query<[{ found: boolean }]>(
    `select exists (select from events_default where period = ${first}) as found`,
  );
  const create = `create table ${name} partition of events for values from ('${month}-01') to ('${followingMonth(month)}-01')`;
  if (found)
    await manager.query(`
      alter table events detach partition events_default;
      ${create};
      with moved as (delete from events_default where period = ${first} returning *)
        insert into events (${columns}) select ${columns} from moved;
      alter table events attach partition events_default default`);
  else await manager.query(create);
  await manager.query(
    `create trigger events_kept before truncate on ${name} for each statement execute function refuse_change()`,
  );
}

const columns =
  'position, recorded_at, period, stream_version, virtual_partition, stream_id, type, key, actor, traceparent, data, xid';

const partitionNames = async (manager: EntityManager): Promise<string[]> => {
  const rows = await manager.query<{ name: string }[]>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'events'::regclass order by c.relname`,
  );
  return rows.map(({ name }) => name);
};

/**
 * Ends the retention of all months before `month`: their partitions are dropped, with everything in them.
 * @returns the partitions that were dropped
 */
export async function dropPartitionsBefore(dataSource: DataSource, month: Month): Promise<string[]> {
  if (!monthPattern.test(month)) throw new RangeError(`${month} is not a month like 2026-11`);
  return dataSource.transaction(async manager => {
    await manager.query(`select pg_advisory_xact_lock(hashtextextended('promotions partitions', 0))`);
    const over = (await partitionNames(manager)).filter(name => /^events_\d/.test(name) && name < partitionOf(month));
    for (const name of over) await manager.query(`drop table ${name}`);
    return over;
  });
}
