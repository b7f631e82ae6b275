import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last number of every lock, by which a holder is told from those before him. A row that is gone would let one return. */
export class LockFences1767225600016 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table lock_fences (
        fence bigint not null,
        key text collate "C" primary key,
        constraint lock_fences_positive check (fence > 0)
      ) with (fillfactor = 50);
      create function refuse_lower_fence() returns trigger language plpgsql as $$
      begin
        raise exception 'the fence of % never falls', old.key using errcode = 'restrict_violation';
      end $$;
      create trigger lock_fences_rise before update on lock_fences
        for each row when (new.fence < old.fence) execute function refuse_lower_fence();
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query('drop table lock_fences; drop function refuse_lower_fence();');
  }
}
