import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By the name of the key that has sealed an account, so that those of an older one are found when few are left. */
export class Resealing1767225600014 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`create index accounts_sealed_by on accounts (split_part(email, '.', 2), id)`);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop index accounts_sealed_by');
  }
}
