import {
  type EventFeed,
  type FedEvent,
  FeedCursorError,
  type FeedPage,
  type FeedQuestion,
  type FeedSlices,
  NO_STREAM_VERSION,
  type UnitOfWork,
} from '@org/application';
import type { DataSource } from 'typeorm';
import { EventMarks } from './event-marks.js';
import {
  cursorOfMoment,
  cursorOfPlace,
  cursorsBetween,
  firstNewcomer,
  isNotBefore,
  type Moment,
  momentOfCursor,
  NO_CEILING,
  type Place,
  placeOfCursor,
  type Snapshot,
  snapshotOf,
  type Written,
} from './feed-cursor.js';
import { feedSql } from './feed-statements.js';
import { read, rowsOf } from './statement.js';
import { plainArray, textArray } from './values.js';

/** How many positions one statement walks through at most: types that are rare must not make it long. */
const STRIDE = 20_000;
/** How many of these one read takes before it answers that there is more. */
const MOST_STRIDES = 10;

const ALL: FeedSlices = { indices: [0], of: 1 };

export interface EventRow extends Record<string, unknown> {
  readonly stream_id: string;
  readonly stream_version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly actor: string;
  readonly traceparent: string | null;
  readonly position: number;
  readonly recorded_at: number;
}

type FedRow = EventRow & Written;

/** An event from outside is called what it was called there. */
export const eventIdOf = ({ stream_id, stream_version }: Pick<EventRow, 'stream_id' | 'stream_version'>): string =>
  stream_version === NO_STREAM_VERSION ? stream_id : `${stream_id}:${stream_version}`;

export const eventOf = (row: EventRow): Omit<FedEvent, 'cursor'> => ({
  id: eventIdOf(row),
  streamId: row.stream_id,
  streamVersion: row.stream_version,
  type: row.type,
  data: row.data,
  key: row.key,
  origin: { actor: row.actor, traceparent: row.traceparent },
  recordedAt: row.recorded_at,
  position: row.position,
});

/**
 * The committed events by snapshots, not by positions: positions are given out before the commit, so whoever
 * remembers the last one loses what commits later. New is what the old snapshot does not see and the new one does;
 * an index finds it, because marks tell from which position on a transaction can have written.
 */
export class PostgresEventFeed implements EventFeed {
  private readonly marks: EventMarks;

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
  ) {
    this.marks = new EventMarks(dataSource, unitOfWork);
  }

  async now(): Promise<string> {
    return cursorOfMoment(await this.moment());
  }

  private async moment(): Promise<Moment> {
    const moment = await this.look();
    // What comes after the new mark is searched from there on.
    return (await this.marks.make(moment.ceiling)) ? this.look() : moment;
  }

  private async look(): Promise<Moment> {
    const [row] = await read<{ snapshot: string; ceiling: number }>(this.dataSource, feedSql.moment);
    const snapshot = row && snapshotOf(row.snapshot);
    if (!snapshot) throw new Error(`${row?.snapshot} is not a snapshot`);
    return { snapshot, ceiling: row.ceiling };
  }

  async read(question: Parameters<EventFeed['read']>[0]): Promise<FeedPage> {
    const place = placeOfCursor(question.after);
    if (place.stretch?.to.ceiling === NO_CEILING) return this.afterOne(place.from, place.stretch, question);
    const to = place.stretch?.to ?? (question.until ? momentOfCursor(question.until) : await this.moment());
    if (!place.stretch && !question.until) assertReached(place.from, to.snapshot, question.after);
    if (!place.stretch && (place.from.text === to.snapshot.text || !isNotBefore(place.from, to.snapshot)))
      return { events: [], next: question.after ?? cursorOfMoment(to), more: false };
    // Within a stretch all that lies below is read; only its beginning has to be found.
    let position = place.stretch?.position || (await this.marks.before(firstNewcomer(place.from, to.snapshot)));
    for (let stride = 0; position < to.ceiling && stride < MOST_STRIDES; stride++) {
      const high = Math.min(position + STRIDE, to.ceiling);
      const rows = await this.stretch(place.from, to, [position, high], question);
      const last = rows.at(-1);
      position = last && rows.length === question.limit ? last.position : high;
      if (rows.length === 0) continue;
      // Slices go on from the ends of pages: what their events are called is not worth the time.
      const isAll = !place.stretch && !question.slices && position >= to.ceiling;
      return pageOf(place.from, to, position, (isAll ? placedBetween : placed)(place.from, to, rows));
    }
    return pageOf(place.from, to, position, []);
  }

  /** From an event that is called after its transaction: the rest of that, or what comes after it. */
  private async afterOne(
    from: Snapshot,
    { to: one, position }: NonNullable<Place['stretch']>,
    question: Parameters<EventFeed['read']>[0],
  ): Promise<FeedPage> {
    const { ceiling } = await this.look();
    const to = { snapshot: one.snapshot, ceiling };
    const events = placed(from, one, await this.stretch(from, to, [position, ceiling], question));
    const last = events.at(-1);
    if (!last) return this.read({ ...question, after: cursorOfMoment(to) });
    return { events, next: last.cursor, more: true };
  }

  private async stretch(
    from: Snapshot,
    to: Moment,
    [low, high]: readonly [number, number],
    { types, slices = ALL, limit }: FeedQuestion & { readonly slices?: FeedSlices },
  ): Promise<readonly FedRow[]> {
    return read<FedRow>(this.dataSource, feedSql.stretch, [
      from.text,
      to.snapshot.text,
      low,
      high,
      textArray(types),
      slices.of,
      plainArray(slices.indices),
      limit,
    ]);
  }

  async ofUser(userId: string, { after, types, limit, until }: Parameters<EventFeed['ofUser']>[1]): Promise<FeedPage> {
    const { from, stretch } = placeOfCursor(after);
    const end = until === undefined ? await this.moment() : momentOfCursor(until);
    const middle = stretch ?? { to: { snapshot: from, ceiling: 0 }, position: 0 };
    if (!isNotBefore(middle.to.snapshot, end.snapshot)) {
      const now = until === undefined ? end : await this.moment();
      assertReached(middle.to.snapshot, now.snapshot, after);
      return { events: [], next: after ?? cursorOfMoment(end), more: false };
    }
    const values = [
      userId,
      from.text,
      middle.to.snapshot.text,
      middle.position,
      end.snapshot.text,
      textArray(types),
      limit + 1,
    ];
    const rows = await this.unitOfWork.run(tx => rowsOf<FedRow & { later: boolean }>(tx, feedSql.ofUser, values));
    const more = rows.length > limit;
    const page = rows.slice(0, limit);
    const earlier = page.filter(row => !row.later);
    const later = page.filter(row => row.later);
    const events = [
      ...placed(from, middle.to, earlier),
      ...(more ? placed : placedBetween)(middle.to.snapshot, end, later),
    ];
    return { events, next: (more && events.at(-1)?.cursor) || cursorOfMoment(end), more };
  }
}

const placed = (from: Snapshot, to: Moment, rows: readonly FedRow[]): readonly FedEvent[] =>
  rows.map(row => ({ ...eventOf(row), cursor: cursorOfPlace(from, to, row.position) }));

function placedBetween(from: Snapshot, to: Moment, rows: readonly FedRow[]): readonly FedEvent[] {
  const cursors = cursorsBetween(from, to, rows);
  return rows.map((row, i) => ({ ...eventOf(row), cursor: cursors[i] as string }));
}

/** @throws FeedCursorError for a snapshot that this database has yet to reach: it is of another one */
function assertReached(snapshot: Snapshot, now: Snapshot, cursor: string | null) {
  if (snapshot.xmax > now.xmax) throw new FeedCursorError(`${JSON.stringify(cursor)} is of another database`);
}

function pageOf(from: Snapshot, to: Moment, position: number, events: readonly FedEvent[]): FeedPage {
  const ended = position >= to.ceiling;
  return { events, next: ended ? cursorOfMoment(to) : cursorOfPlace(from, to, position), more: !ended };
}
