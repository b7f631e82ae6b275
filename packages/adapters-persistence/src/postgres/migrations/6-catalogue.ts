import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products, what is there of their options, the holds on it, and shopping carts. No figure of stock falls below zero. */
export class Catalogue1767225600006 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table products (
        created_at timestamptz not null,
        updated_at timestamptz not null,
        version int not null check (version > 0),
        id text collate "C" primary key,
        kind text collate "C" not null,
        name text not null,
        category_ids jsonb not null,
        options jsonb not null,
        constraint products_kind check (kind in ('GOODS', 'EBOOK')),
        constraint products_lists check (jsonb_typeof(category_ids) = 'array' and jsonb_typeof(options) = 'array')
      );

      create table stock_items (
        free bigint,
        held bigint not null,
        sold bigint not null,
        version int not null check (version > 0),
        id text collate "C" primary key,
        status text collate "C" not null,
        constraint stock_items_status check (case status
          when 'COUNTED' then free is not null when 'UNCOUNTED' then free is null else false end),
        constraint stock_items_figures check (free >= 0 and held >= 0 and sold >= 0)
      ) with (fillfactor = 50);

      create table stock_holds (
        expires_at timestamptz not null,
        ended_at timestamptz,
        version int not null check (version > 0),
        quantity int not null,
        returned int not null,
        id text collate "C" primary key,
        product_id text collate "C" not null,
        option_id text collate "C" not null,
        item_id text collate "C" not null generated always as (product_id || '/' || option_id) stored,
        order_number text collate "C" not null,
        status text collate "C" not null,
        returns jsonb not null,
        constraint stock_holds_status check (status in ('HELD', 'POSTED', 'VOIDED', 'EXPIRED')),
        constraint stock_holds_end check ((status = 'HELD') = (ended_at is null)),
        constraint stock_holds_units check (quantity > 0
          and returned between 0 and case when status = 'POSTED' then quantity else 0 end)
      ) with (fillfactor = 70);
      create index stock_holds_overdue on stock_holds (expires_at) where status = 'HELD';
      create index stock_holds_of_item on stock_holds (item_id, expires_at) where status = 'HELD';

      create table carts (
        version int not null check (version > 0),
        id text collate "C" primary key,
        lines jsonb not null,
        constraint carts_lines check (jsonb_typeof(lines) = 'array')
      ) with (fillfactor = 70);
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table carts, stock_holds, stock_items, products');
  }
}
