import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One event of a payment service is one payment, whichever orders it is sent for. */
export class PaymentEvents1767225600018 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table payment_events (
        event_id text collate "C" primary key,
        order_id uuid not null
      );
      insert into payment_events (event_id, order_id)
        select distinct on (p.payment->>'eventId') p.payment->>'eventId', o.id
        from orders o cross join lateral jsonb_array_elements(o.progress->'payments') as p(payment)
        order by p.payment->>'eventId', o.placed_at;
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table payment_events');
  }
}
