import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets that open somebody's own events, known by their digests alone. Losing them all is harmless: others are fetched. */
export class Tickets1767225600012 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create unlogged table push_tickets (
        expires_at timestamptz not null,
        until timestamptz not null,
        digest text collate "C" primary key,
        user_id text collate "C" not null,
        constraint push_tickets_digest check (digest ~ '^[0-9a-f]{64}$')
      );
      create index push_tickets_age on push_tickets (expires_at);
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table push_tickets');
  }
}
