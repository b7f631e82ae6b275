import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The answers that were given to requests with a key, kept to be repeated. */
export class Idempotency1767225600005 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table idempotency_keys (
        created_at timestamptz not null default clock_timestamp(),
        owner text collate "C" not null,
        key text collate "C" not null,
        fingerprint text not null,
        response text not null,
        primary key (owner, key)
      );
      create index idempotency_keys_age on idempotency_keys (created_at);
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table idempotency_keys');
  }
}
