import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Unique codes, the spaces that they are drawn from, and the jobs that draw them. */
export class Codes1767225600003 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table code_spaces (
        id uuid primary key,
        descriptor text collate "C" not null unique,
        space jsonb not null,
        key text not null,
        next_index numeric(78, 0) not null default 0 check (next_index >= 0)
      );
      create table code_jobs (
        id uuid primary key,
        policy_id uuid not null,
        space_id uuid not null references code_spaces,
        count int not null check (count > 0),
        created int not null check (created between 0 and count),
        status text not null check (status in ('RUNNING', 'DONE', 'FAILED')),
        started_at timestamptz not null default clock_timestamp()
      );
      create index code_jobs_unfinished on code_jobs (started_at) where status = 'RUNNING';
      create table coupon_codes (
        policy_id uuid not null,
        coupon_id uuid,
        position int not null check (position > 0),
        code text collate "C" primary key,
        display text not null,
        constraint coupon_codes_position unique (policy_id, position)
      );
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table coupon_codes, code_jobs, code_spaces');
  }
}
