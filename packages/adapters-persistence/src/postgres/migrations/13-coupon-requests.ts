import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests are events and no table; whom a refusal is about stands in its data. */
export class CouponRequests1767225600013 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create index events_of_requests on events ((data->>'userId'), position) where type like 'coupon.request-%'
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop index events_of_requests');
  }
}
