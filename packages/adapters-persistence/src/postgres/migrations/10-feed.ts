import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What reads the log on its way out. `xid` tells in which snapshots an event is visible; a transaction has one before
 * it takes its first position, so whoever notes a position and then takes an xid knows: all later xids have later
 * positions. These notes are `event_marks`.
 */
export class Feed1767225600010 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      alter table events add column xid xid8 not null default pg_current_xact_id();
      alter table events alter column position
        set default case when pg_current_xact_id() is not null then nextval('events_position') end;
      create index events_by_position on events (position);
      create index events_of_orders on events (key, position) where type like 'order.%';

      create table event_marks (
        xid bigint primary key,
        position bigint not null
      );
      insert into event_marks
        select pg_current_xact_id()::text::bigint, case when is_called then last_value else 0 end from events_position;

      create table event_groups (
        name text collate "C" primary key,
        types jsonb not null
      );
      create table event_slices (
        group_name text collate "C" not null references event_groups,
        slice smallint not null check (slice >= 0),
        fence int not null default 0,
        cursor text,
        owner uuid,
        lease_until timestamptz,
        primary key (group_name, slice),
        constraint event_slices_lease check (num_nonnulls(owner, lease_until) <> 1)
      ) with (fillfactor = 50);
      create table event_members (
        group_name text collate "C" not null references event_groups,
        member uuid not null,
        lease_until timestamptz not null,
        primary key (group_name, member)
      );

      create table parked_events (
        id bigint generated always as identity primary key,
        group_name text collate "C" not null references event_groups,
        position bigint not null,
        recorded_at timestamptz not null,
        due_at timestamptz,
        first_failed_at timestamptz,
        last_failed_at timestamptz,
        slice smallint not null,
        stream_version int not null,
        attempts int not null check (attempts >= 0),
        redrives int not null default 0 check (redrives between 0 and 5),
        status text collate "C" not null,
        stream_id text collate "C" not null,
        type text collate "C" not null,
        key text collate "C" not null,
        actor text not null,
        traceparent text,
        data jsonb not null,
        error_name text,
        error_message text,
        error_stack text,
        unique (group_name, stream_id, stream_version),
        constraint parked_events_status check (case status
          when 'WAITING' then true
          when 'REDRIVEN' then due_at is not null and last_failed_at is not null
          when 'DEAD' then due_at is null and last_failed_at is not null
          when 'FAILED' then due_at is null and last_failed_at is not null
          else false end)
      );
      create index parked_events_due on parked_events (group_name, due_at) where due_at is not null;
      create index parked_events_waiting on parked_events (group_name, key, position) where status = 'WAITING';
      create index parked_events_dead on parked_events (last_failed_at, id) where status <> 'WAITING';
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query(`
      drop table parked_events, event_members, event_slices, event_groups, event_marks;
      drop index events_of_orders, events_by_position;
      alter table events alter column position set default nextval('events_position');
      alter table events drop column xid;
    `);
  }
}
