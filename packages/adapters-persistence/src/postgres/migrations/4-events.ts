import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The append-only log: outbox, event store and audit log in one. A partition per month, so that retention is a
 * dropped table; what finds no partition lies in the default one until it has a home. Nothing can be changed in it.
 */
export class Events1767225600004 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create sequence events_position;
      create table events (
        position bigint not null default nextval('events_position'),
        recorded_at timestamptz not null default clock_timestamp(),
        period date not null default date_trunc('month', transaction_timestamp() at time zone 'utc')::date,
        stream_version int not null check (stream_version > 0),
        virtual_partition smallint not null check (virtual_partition between 0 and 63),
        stream_id text collate "C" not null,
        type text collate "C" not null,
        key text collate "C" not null,
        actor text not null,
        traceparent text,
        data jsonb not null,
        primary key (stream_id, stream_version, period)
      ) partition by range (period);
      create table events_default partition of events default;
      create trigger events_immutable before update or delete on events
        for each row execute function refuse_change();
      create trigger events_kept before truncate on events
        for each statement execute function refuse_change();
      create trigger events_kept before truncate on events_default
        for each statement execute function refuse_change();
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table events; drop sequence events_position');
  }
}
