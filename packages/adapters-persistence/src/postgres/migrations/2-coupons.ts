import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Coupons and the holds on them. Sequences are unique and never above the total, ordinals are unique and never above
 * the limit per user: so neither limit can be passed, whatever a caller does. Whoever adds coupons without counting
 * them in the campaign fails at the commit.
 */
export class Coupons1767225600002 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table coupons (
        issued_at timestamptz not null,
        valid_from timestamptz not null,
        expires_at timestamptz,
        reserved_until timestamptz,
        used_at timestamptz,
        cancelled_at timestamptz,
        ended_at timestamptz,
        discount bigint,
        version int not null,
        policy_version int not null,
        sequence int not null,
        ordinal int not null,
        id uuid not null,
        policy_id uuid not null,
        user_id text collate "C" not null,
        status text collate "C" not null,
        way text collate "C" not null,
        code text collate "C",
        cause text collate "C",
        reservation_id text collate "C",
        order_number text collate "C",
        reason text,
        constraint coupons_pkey primary key (id),
        constraint coupons_ordinal unique (user_id, policy_id, ordinal),
        constraint coupons_sequence unique (policy_id, sequence),
        constraint coupons_counted check (version > 0 and sequence > 0 and ordinal > 0),
        constraint coupons_way check (way in ('FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT')),
        constraint coupons_status check (case status
          when 'ISSUED' then num_nonnulls(reserved_until, used_at, cancelled_at, ended_at, discount, reservation_id, order_number, reason) = 0
          when 'RESERVED' then num_nonnulls(reserved_until, discount, reservation_id, order_number) = 4
            and num_nonnulls(used_at, cancelled_at, ended_at, reason) = 0 and discount >= 0
          when 'USED' then num_nonnulls(used_at, discount, order_number) = 3
            and num_nonnulls(reserved_until, ended_at, reason) = 0 and discount >= 0
          when 'EXPIRED' then ended_at is not null
            and num_nonnulls(reserved_until, used_at, cancelled_at, discount, reservation_id, order_number, reason) = 0
          when 'REVOKED' then num_nonnulls(ended_at, reason) = 2
            and num_nonnulls(reserved_until, used_at, cancelled_at, discount, reservation_id, order_number) = 0
          else false end)
      );
      create unique index coupons_cause on coupons (policy_id, user_id, cause) where cause is not null;
      create index coupons_overdue_holds on coupons (reserved_until) where status = 'RESERVED';
      create index coupons_overdue on coupons (expires_at) where status = 'ISSUED' and expires_at is not null;
      create index coupons_figures on coupons (policy_id, status) where status <> 'ISSUED';

      create table reservations (
        id text collate "C" primary key,
        version int not null check (version > 0),
        coupon_id uuid not null,
        user_id text collate "C" not null,
        order_number text collate "C" not null,
        discount bigint not null check (discount >= 0),
        status text not null check (status in ('RESERVED', 'CONFIRMED', 'RELEASED', 'EXPIRED')),
        expires_at timestamptz not null,
        ended_at timestamptz,
        constraint reservations_end check ((status = 'RESERVED') = (ended_at is null))
      );
      create unique index reservations_held on reservations (coupon_id) where status = 'RESERVED';

      -- The last sequence that was added per policy: its trigger looks at the campaign when the transaction commits.
      create unlogged table coupon_counts (policy_id uuid primary key, sequence int not null) with (fillfactor = 50);

      create function check_added_coupons() returns trigger language plpgsql as $$
      declare
        breach text;
      begin
        insert into coupon_counts select policy_id, max(sequence) from added group by policy_id order by policy_id
          on conflict (policy_id) do update set sequence = excluded.sequence;
        select 'policy ' || c.policy_id || ' has ' || c.total_limit || ' coupons in all' into breach
          from (select policy_id, max(sequence) as sequence from added group by policy_id) a
          join campaigns c on c.policy_id = a.policy_id where a.sequence > c.total_limit limit 1;
        if breach is null then
          select 'a user has ' || v.per_user || ' coupons of policy ' || v.policy_id || ' at most' into breach
            from (select policy_id, policy_version, max(ordinal) as ordinal from added group by 1, 2) a
            join coupon_policy_versions v on v.policy_id = a.policy_id and v.version = a.policy_version
            where a.ordinal > v.per_user limit 1;
        end if;
        if breach is not null then
          raise exception '%', breach using errcode = 'check_violation', constraint = 'coupons_limits';
        end if;
        return null;
      end $$;
      create trigger coupons_added after insert on coupons referencing new table as added
        for each statement execute function check_added_coupons();

      create function check_counted_coupons() returns trigger language plpgsql as $$
      begin
        if exists (select from campaigns where policy_id = new.policy_id and issued < new.sequence) then
          raise exception 'coupon % of policy % is not counted in its campaign', new.sequence, new.policy_id
            using errcode = 'check_violation', constraint = 'coupons_uncounted';
        end if;
        return null;
      end $$;
      create constraint trigger coupon_counts_checked after insert or update on coupon_counts
        deferrable initially deferred for each row execute function check_counted_coupons();
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query(`
      drop table coupon_counts, reservations, coupons;
      drop function check_added_coupons(), check_counted_coupons();
    `);
  }
}
