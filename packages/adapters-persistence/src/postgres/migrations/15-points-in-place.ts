import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Points are moved without a new entry in every index: an index that asks for a figure counts it as changed with every
 * transfer, one that asks for a flag only when the flag turns. And what is held by a user is never looked up by its time.
 */
export class PointsInPlace1767225600015 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      drop index point_lots_alive, point_lots_overdue, point_spendings_overdue;
      alter table point_lots
        add column alive boolean not null generated always as (pending + available + held + debt > 0) stored,
        add column usable boolean not null generated always as (available > 0) stored;
      create index point_lots_alive on point_lots (user_id) where alive;
      create index point_lots_overdue on point_lots (expires_at) where usable;
      -- With the condition of point_spendings_held, and figures of a moment without holds, the planner takes either.
      create index point_spendings_overdue on point_spendings (until) where status = 'HELD' and kind = 'HOLD';
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query(`
      drop index point_lots_alive, point_lots_overdue, point_spendings_overdue;
      alter table point_lots drop column alive, drop column usable;
      create index point_lots_alive on point_lots (user_id) where pending + available + held + debt > 0;
      create index point_lots_overdue on point_lots (expires_at) where available > 0;
      create index point_spendings_overdue on point_spendings (until) where status = 'HELD';
    `);
  }
}
