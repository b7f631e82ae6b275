import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events from outside have no stream but their own name, which may count per key: two of one name that are of two
 * keys are two dead letters. Keys may be of any length, those of an index may not: it holds their digests.
 */
export class ParkedByKey1767225600017 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      alter table parked_events
        drop constraint parked_events_group_name_stream_id_stream_version_key;
      create unique index parked_events_once on parked_events (group_name, stream_id, stream_version, md5(key));
    `);
  }

  /** Of those of one name the first stays. */
  async down(runner: QueryRunner) {
    await runner.query(`
      delete from parked_events p using parked_events o
        where (o.group_name, o.stream_id, o.stream_version) = (p.group_name, p.stream_id, p.stream_version) and o.id < p.id;
      drop index parked_events_once;
      alter table parked_events
        add constraint parked_events_group_name_stream_id_stream_version_key unique (group_name, stream_id, stream_version);
    `);
  }
}
