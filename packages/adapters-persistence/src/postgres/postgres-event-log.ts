import { type EventLog, type NewEvent, type StoredEvent, type Transaction, virtualPartitionOf } from '@org/application';
import { rowsOf, send, statement } from './statement.js';
import { column, either, plainArray, textArray, toMilliseconds } from './values.js';

// JSON has no raw line breaks, so they can part the documents: no quote has to be escaped.
const append = statement(
  'events.append',
  `insert into events (stream_id, stream_version, type, key, virtual_partition, actor, traceparent, data)
   select i.stream_id, ${either('$2::int[]', 'i.stream_version')}, ${either('$3::text[]', 'i.type')},
     ${either('$4::text[]', 'i.key')}, ${either('$5::smallint[]', 'i.virtual_partition')},
     ${either('$6::text[]', 'i.actor')}, ${either('$7::text[]', 'i.traceparent')}, i.data::jsonb
   from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[],
       string_to_array($8::text, E'\\n'))
     as i(stream_id, stream_version, type, key, virtual_partition, actor, traceparent, data)`,
);

const stream = statement(
  'events.stream',
  `select e.stream_id, e.stream_version, e.type, e.data, e.key, e.actor, e.traceparent,
     ${toMilliseconds('e.recorded_at')} as recorded_at
   from events e where e.stream_id = $1::text order by e.stream_version, e.period`,
);

const versions = statement(
  'events.versions',
  `select coalesce((select e.stream_version from events e where e.stream_id = s.id
     order by e.stream_version desc limit 1), 0) as version
   from unnest($1::text[]) with ordinality as s(id, place) order by s.place`,
);

interface Row extends Record<string, unknown> {
  readonly stream_id: string;
  readonly stream_version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly actor: string;
  readonly traceparent: string | null;
  readonly recorded_at: number;
}

export class PostgresEventLog implements EventLog {
  async append(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const keys = column(events.map(({ key }) => key));
    send(tx, append, [
      textArray(events.map(({ streamId }) => streamId)),
      plainArray(column(events.map(({ streamVersion }) => streamVersion))),
      textArray(column(events.map(({ type }) => type))),
      textArray(keys),
      plainArray(keys.map(virtualPartitionOf)),
      textArray(column(events.map(({ origin }) => origin.actor))),
      textArray(column(events.map(({ origin }) => origin.traceparent))),
      events.map(({ data }) => JSON.stringify(data)).join('\n'),
    ]);
  }

  async stream(tx: Transaction, streamId: string): Promise<readonly StoredEvent[]> {
    const rows = await rowsOf<Row>(tx, stream, [streamId]);
    return rows.map(row => ({
      streamId: row.stream_id,
      streamVersion: row.stream_version,
      type: row.type,
      data: row.data,
      key: row.key,
      origin: { actor: row.actor, traceparent: row.traceparent },
      recordedAt: row.recorded_at,
    }));
  }

  async versions(tx: Transaction, streamIds: readonly string[]): Promise<readonly number[]> {
    if (streamIds.length === 0) return [];
    const rows = await rowsOf<{ version: number }>(tx, versions, [textArray(streamIds)]);
    return rows.map(({ version }) => version);
  }
}
