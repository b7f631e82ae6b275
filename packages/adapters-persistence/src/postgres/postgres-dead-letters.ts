import {
  type DeadLetter,
  type DeadLetterStatus,
  type DeadLetters,
  type EventFeed,
  type GroupFigures,
  MOST_REDRIVES,
  type Page,
  type Paged,
  type UnitOfWork,
} from '@org/application';
import { cursorOf, datedPlace } from './cursor.js';
import { eventIdOf } from './postgres-event-feed.js';
import { rowsOf, type Statement, statement, type Value } from './statement.js';
import { toMilliseconds } from './values.js';

const letter = `p.id, p.group_name, p.status, p.stream_id, p.stream_version, p.type, p.key, p.data, p.attempts, p.redrives,
  p.error_name, p.error_message, p.error_stack, ${toMilliseconds('p.first_failed_at')} as first_failed_at,
  ${toMilliseconds('p.last_failed_at')} as last_failed_at,
  (extract(epoch from p.last_failed_at) * 1000000)::bigint as place`;
const isDead = `p.status <> 'WAITING'`;
const redriven = `status = 'REDRIVEN', redrives = redrives + 1, due_at = clock_timestamp()`;

const sql = {
  list: statement(
    'deadLetters.list',
    `select ${letter} from parked_events p where ${isDead} and ($1::text is null or p.group_name = $1::text)
       and ($2::text is null or p.status = $2::text)
       and (p.last_failed_at, p.id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::bigint)
     order by p.last_failed_at desc, p.id desc limit $5::int`,
  ),
  find: statement('deadLetters.find', `select ${letter} from parked_events p where p.id = $1::bigint and ${isDead}`),
  redrive: statement(
    'deadLetters.redrive',
    `update parked_events set ${redriven} where id = $1::bigint and status = 'DEAD' and redrives < ${MOST_REDRIVES}
     returning status`,
  ),
  redriveDue: statement(
    'deadLetters.redriveDue',
    `with due as materialized (select p.id from parked_events p where p.status = 'DEAD' and ${isDead} and p.redrives < ${MOST_REDRIVES}
       and p.last_failed_at <= clock_timestamp() - $1::float8 * interval '1 second'
       order by p.last_failed_at, p.id limit $2::int for update skip locked)
     update parked_events set ${redriven} from due where parked_events.id = due.id returning parked_events.id`,
  ),
  groups: statement(
    'deadLetters.groups',
    `select g.name, g.types, ${toMilliseconds('clock_timestamp()')} as now,
       (select json_agg(json_build_object('slice', s.slice, 'cursor', s.cursor) order by s.slice)
        from event_slices s where s.group_name = g.name) as slices,
       count(p.id) filter (where p.status = 'WAITING') as parked,
       count(p.id) filter (where p.status = 'DEAD') as dead, count(p.id) filter (where p.status = 'FAILED') as failed,
       ${toMilliseconds(`min(p.recorded_at) filter (where p.status = 'WAITING')`)} as oldest
     from event_groups g left join parked_events p on p.group_name = g.name group by g.name order by g.name`,
  ),
};

interface LetterRow extends Record<string, unknown> {
  readonly id: number;
  readonly group_name: string;
  readonly status: DeadLetterStatus;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly type: string;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly redrives: number;
  readonly error_name: string;
  readonly error_message: string;
  readonly error_stack: string;
  readonly first_failed_at: number;
  readonly last_failed_at: number;
  readonly place: number;
}

const letterOf = (row: LetterRow): DeadLetter => ({
  id: String(row.id),
  group: row.group_name,
  status: row.status,
  eventId: eventIdOf(row),
  type: row.type,
  key: row.key,
  data: row.data,
  error: { name: row.error_name, message: row.error_message, stack: row.error_stack },
  attempts: row.attempts,
  firstFailedAt: row.first_failed_at,
  lastFailedAt: row.last_failed_at,
  redrives: row.redrives,
});

interface GroupRow extends Record<string, unknown> {
  readonly name: string;
  readonly types: readonly string[];
  readonly now: number;
  readonly slices: readonly { readonly slice: number; readonly cursor: string | null }[];
  readonly parked: number;
  readonly dead: number;
  readonly failed: number;
  readonly oldest: number | null;
}

/** Ids that were never given out, and what is no id at all, find nothing. */
const isId = (id: string) => /^[1-9]\d{0,14}$/.test(id);
// Beyond every letter there is; microseconds, because many fail within a millisecond.
const [LATEST, LARGEST] = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

export class PostgresDeadLetters implements DeadLetters {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly feed: EventFeed,
  ) {}

  /** With the plans of a transaction: a plan that was made while nothing was dead must not serve for ever. */
  private ask<Row extends Record<string, unknown>>(asked: Statement, values: readonly Value[] = []): Promise<Row[]> {
    return this.unitOfWork.run(tx => rowsOf<Row>(tx, asked, values));
  }

  async list({
    group,
    status,
    limit,
    cursor,
  }: { group: string | null; status: DeadLetterStatus | null } & Page): Promise<Paged<DeadLetter>> {
    const [at, id] = datedPlace(cursor) ?? [LATEST, String(LARGEST)];
    const before = isId(id) ? [at, id] : [LATEST, LARGEST];
    const rows = await this.ask<LetterRow>(sql.list, [group, status, ...before, limit + 1]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(letterOf),
      nextCursor: last && rows.length > limit ? cursorOf([last.place, String(last.id)]) : null,
    };
  }

  async find(id: string): Promise<DeadLetter | null> {
    const [row] = isId(id) ? await this.ask<LetterRow>(sql.find, [id]) : [];
    return row ? letterOf(row) : null;
  }

  async redrive(id: string): Promise<DeadLetterStatus | null> {
    if (!isId(id)) return null;
    const [row] = await this.ask<{ status: DeadLetterStatus }>(sql.redrive, [id]);
    return row?.status ?? (await this.find(id))?.status ?? null;
  }

  async redriveDue(afterSeconds: number, limit: number): Promise<number> {
    return (await this.ask(sql.redriveDue, [afterSeconds, limit])).length;
  }

  async figures(): Promise<readonly GroupFigures[]> {
    const groups = await this.ask<GroupRow>(sql.groups);
    const figures: GroupFigures[] = [];
    for (const group of groups) {
      const { name, now, parked, dead, failed } = group;
      figures.push({ group: name, lagMs: Math.max(0, now - (await this.oldest(group))), parked, dead, failed });
    }
    return figures;
  }

  /** When the oldest event happened that was not handed over yet; for ever in the future when there is none. */
  private async oldest({ types, slices, oldest }: GroupRow): Promise<number> {
    const cursors = [...new Set(slices.map(({ cursor }) => cursor))];
    const found = [oldest ?? Number.POSITIVE_INFINITY];
    // A broker brings this group its events, and knows how far it is.
    if (types.length === 0) return Math.min(...found);
    for (const cursor of cursors) {
      const indices = slices.filter(each => each.cursor === cursor).map(({ slice }) => slice);
      const part = { indices, of: slices.length };
      let after = cursor;
      for (let more = true; more; ) {
        const page = await this.feed.read({ after, types, limit: 1, slices: part });
        found.push(...page.events.map(({ recordedAt }) => recordedAt));
        after = page.next;
        more = page.more && page.events.length === 0;
      }
    }
    return Math.min(...found);
  }
}
