import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies, the immutable versions of their terms, and the running figures that the limits are held against. */
export class Policies1767225600001 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table coupon_policies (
        id uuid primary key,
        version int not null check (version > 0),
        status text not null check (status in ('DRAFT', 'ACTIVE', 'PAUSED', 'ENDED')),
        terms_version int not null check (terms_version > 0),
        code text collate "C",
        created_at timestamptz not null
      );
      create unique index coupon_policies_code on coupon_policies (code) where code is not null and status <> 'ENDED';
      create index coupon_policies_newest on coupon_policies (created_at, id);

      create table coupon_policy_versions (
        policy_id uuid not null,
        version int not null check (version > 0),
        terms jsonb not null,
        per_user int generated always as ((terms -> 'limits' ->> 'perUser')::int) stored,
        primary key (policy_id, version)
      );

      create table campaigns (
        policy_id uuid primary key,
        issued int not null default 0 check (issued >= 0),
        total_limit int,
        day date,
        issued_today int not null default 0 check (issued_today >= 0),
        per_day_limit int,
        budget_taken bigint not null default 0,
        budget_limit bigint,
        constraint campaigns_total check (issued <= total_limit),
        constraint campaigns_per_day check (issued_today <= per_day_limit),
        constraint campaigns_budget check (budget_taken between 0 and coalesce(budget_limit, budget_taken))
      ) with (fillfactor = 50);

      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% of % is not allowed: its rows are written once', tg_op, tg_table_name
          using errcode = 'restrict_violation';
      end $$;
      create trigger coupon_policy_versions_immutable before update or delete on coupon_policy_versions
        for each row execute function refuse_change();
      create trigger coupon_policy_versions_kept before truncate on coupon_policy_versions
        for each statement execute function refuse_change();
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query(`
      drop table campaigns, coupon_policy_versions, coupon_policies;
      drop function refuse_change();
    `);
  }
}
