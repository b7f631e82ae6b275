import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Orders: one row each, written once when placed and once or twice as it goes on. What was settled at the placing is
 * never changed and lies last, so that an update neither parses nor logs it again.
 */
export class Orders1767225600011 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table orders (
        placed_at timestamptz not null,
        payment_deadline timestamptz,
        ended_at timestamptz,
        total bigint not null,
        points_used bigint not null,
        version int not null check (version > 0),
        id uuid primary key,
        user_id text collate "C" not null,
        status text collate "C" not null,
        progress jsonb not null,
        facts jsonb not null,
        constraint orders_status check (case status
          when 'PENDING' then ended_at is null
          when 'AWAITING_PAYMENT' then ended_at is null and payment_deadline is not null
          when 'COMPLETED' then ended_at is not null
          when 'CANCELLED' then ended_at is not null
          else false end),
        constraint orders_amounts check (total >= 0 and points_used >= 0),
        constraint orders_objects check (jsonb_typeof(progress) = 'object' and jsonb_typeof(facts) = 'object')
      ) with (fillfactor = 70);
      create index orders_of_user on orders (user_id, placed_at, id);
      create index orders_pending on orders (placed_at) where status = 'PENDING';
      create index orders_unpaid on orders (payment_deadline) where status = 'AWAITING_PAYMENT';

      -- Looks at which columns a statement names, not at their values: costs nothing.
      create trigger orders_settled
        before update of id, user_id, placed_at, payment_deadline, total, points_used, facts on orders
        for each row execute function refuse_change();
      create function refuse_other_order_end() returns trigger language plpgsql as $$
      begin
        raise exception 'order % has ended as % before', old.id, old.status
          using errcode = 'restrict_violation', constraint = 'orders_end';
      end $$;
      create trigger orders_end before update of status on orders for each row
        when (old.ended_at is not null and old.status <> new.status) execute function refuse_other_order_end();
      create trigger orders_kept before delete on orders for each row execute function refuse_change();
      create trigger orders_not_emptied before truncate on orders for each statement execute function refuse_change();

      create index point_lots_ordered on point_lots (user_id, order_number) where order_number is not null;
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop index point_lots_ordered; drop table orders; drop function refuse_other_order_end()');
  }
}
