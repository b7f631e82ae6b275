import type { StoredEvent } from '@org/application';
import type { Instant } from '@org/domain';
import type { DataSource } from 'typeorm';
import { eventColumns } from './feed-statements.js';
import { type EventRow, eventOf } from './postgres-event-feed.js';
import { read, statement } from './statement.js';
import { textArray, toTimestamp } from './values.js';

/** Months that are over are left out as a whole. */
const between = statement(
  'queries.eventsBetween',
  `select ${eventColumns('e')} from events e
   where e.position > $1::bigint and e.period >= date_trunc('month', ${toTimestamp('$2::bigint')} at time zone 'utc')::date
     and e.recorded_at >= ${toTimestamp('$2::bigint')} and e.recorded_at < ${toTimestamp('$3::bigint')}
     and e.type = any($4::text[])
   order by e.position limit $5::int`,
);

const PAGE = 2_000;

/** Committed events of these types that were recorded in `[from, to)`, page by page; each aggregate's in order. */
export async function* eventsBetween(
  dataSource: DataSource,
  { from, to, types }: { readonly from: Instant; readonly to: Instant; readonly types: readonly string[] },
): AsyncGenerator<StoredEvent> {
  for (let last = 0; ; ) {
    const rows = await read<EventRow>(dataSource, between, [last, from, to, textArray(types), PAGE]);
    for (const row of rows) {
      const { id: _, position: __, ...event } = eventOf(row);
      yield event;
    }
    const { position } = rows.at(-1) ?? {};
    if (position === undefined || rows.length < PAGE) return;
    last = position;
  }
}
