import {
  type Aside,
  type FeedCursor,
  GROUP_SLICES,
  type GroupProgress,
  type Member,
  type ParkedEvent,
  type Settlement,
  type SliceState,
  type Subscription,
  type Tenancy,
  type Tenure,
  type Transaction,
  type UnitOfWork,
} from '@org/application';
import type { DataSource } from 'typeorm';
import { type EventRow, eventOf } from './postgres-event-feed.js';
import { progressSql } from './progress-statements.js';
import { countOf, read, rowsOf, type Statement, type Value } from './statement.js';
import { plainArray, textArray } from './values.js';

type ParkedRow = EventRow & Pick<ParkedEvent, 'slice' | 'status' | 'attempts' | 'redrives'> & { readonly id: number };

const columnsOf = ({ group, member }: Member, tenures: readonly Tenure[]): Value[] => [
  group,
  member,
  plainArray(tenures.map(({ slice }) => slice)),
  plainArray(tenures.map(({ fence }) => fence)),
];

const slicesOf = (rows: readonly { readonly slice: number }[]): ReadonlySet<number> =>
  new Set(rows.map(({ slice }) => slice));

const isAbout = ({ event: { origin, ...event }, cause, ...facts }: Aside) => ({
  ...event,
  ...origin,
  ...facts,
  ...cause,
});

/** Slices are leased for a time and fenced: a member that was stopped and wakes up later can't move anything back. */
export class PostgresGroupProgress implements GroupProgress {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async open(group: string, types: readonly string[], cursor: FeedCursor | null): Promise<void> {
    await this.unitOfWork.run(async tx => {
      await countOf(tx, progressSql.openGroup, [group, JSON.stringify(types)]);
      await countOf(tx, progressSql.openSlices, [group, cursor, GROUP_SLICES]);
    });
  }

  async beat({ group, member }: Member, leaseMs: number): Promise<Tenancy> {
    const lease = Math.ceil(leaseMs);
    return this.unitOfWork.run(async tx => {
      await countOf(tx, progressSql.meet, [group, member, lease]);
      await countOf(tx, progressSql.miss, [group]);
      const [row] = await rowsOf<{ members: number }>(tx, progressSql.count, [group]);
      const share = Math.ceil(GROUP_SLICES / Math.max(1, row?.members ?? 1));
      const had = await rowsOf<Tenure & Row>(tx, progressSql.prolong, [group, member, lease]);
      const missing = share - had.length;
      const taken =
        missing > 0 ? await rowsOf<Tenure & Row>(tx, progressSql.claim, [group, member, lease, missing]) : [];
      return { tenures: [...had, ...taken].map(({ slice, fence }) => ({ slice, fence })), share };
    });
  }

  async release(member: Member, tenures: readonly Tenure[]): Promise<void> {
    await read(this.dataSource, progressSql.release, columnsOf(member, tenures));
  }

  async leave({ group, member }: Member): Promise<void> {
    await this.unitOfWork.run(async tx => {
      await countOf(tx, progressSql.releaseAll, [group, member]);
      await countOf(tx, progressSql.leave, [group, member]);
    });
  }

  async load(member: Member, tenures: readonly Tenure[]): Promise<readonly SliceState[]> {
    return this.ask<SliceState & Row>(progressSql.load, columnsOf(member, tenures));
  }

  /** With the plans of a transaction: these look-ups must never walk through a table. */
  private ask<Found extends Row>(statement: Statement, values: readonly Value[]): Promise<Found[]> {
    return this.unitOfWork.run(tx => rowsOf<Found>(tx, statement, values));
  }

  async advance(member: Member, tenures: readonly Tenure[], cursor: FeedCursor, aside: readonly Aside[]) {
    const values = [...columnsOf(member, tenures), cursor];
    if (aside.length === 0) return slicesOf(await read<Sliced>(this.dataSource, progressSql.advanceLightly, values));
    return this.unitOfWork.run(async tx => {
      const written = slicesOf(await rowsOf<Sliced>(tx, progressSql.advance, values));
      const rows = JSON.stringify(aside.map(isAbout));
      await countOf(tx, progressSql.park, [member.group, rows, plainArray([...written])]);
      return written;
    });
  }

  async bury(group: string, dead: readonly Aside[]): Promise<void> {
    const slices = plainArray([...new Set(dead.map(({ slice }) => slice))]);
    const rows = JSON.stringify(dead.map(isAbout));
    await this.unitOfWork.run(tx => countOf(tx, progressSql.park, [group, rows, slices]));
  }

  async due(
    { group }: Member,
    tenures: readonly Tenure[],
    limit: number,
    order: NonNullable<Subscription['order']>,
  ): Promise<readonly ParkedEvent[]> {
    const slices = plainArray(tenures.map(({ slice }) => slice));
    const rows = await this.ask<ParkedRow>(progressSql.due, [group, slices, limit, order]);
    return rows.map(row => ({
      id: String(row.id),
      event: eventOf(row),
      slice: row.slice,
      status: row.status,
      attempts: row.attempts,
      redrives: row.redrives,
    }));
  }

  async settle(member: Member, tenures: readonly Tenure[], settlements: readonly Settlement[]) {
    return this.unitOfWork.run(async tx => {
      const written = slicesOf(await rowsOf<Sliced>(tx, progressSql.hold, columnsOf(member, tenures)));
      const settled = settlements.filter(({ parked }) => written.has(parked.slice));
      await writeSettled(tx, settled);
      const keys = textArray([...new Set(settled.map(({ parked }) => parked.event.key))]);
      await countOf(tx, progressSql.next, [member.group, keys]);
      const freed = await rowsOf<{ key: string }>(tx, progressSql.freed, [member.group, keys]);
      return { written, freed: freed.map(({ key }) => key) };
    });
  }
}

type Row = Record<string, unknown>;
type Sliced = Row & { readonly slice: number };

async function writeSettled(tx: Transaction, settled: readonly Settlement[]) {
  const done = settled.filter(({ failure }) => failure === null).map(({ parked }) => parked.id);
  const failed = settled.flatMap(({ parked: { id }, failure }) =>
    failure ? [{ id, status: failure.status, dueInMs: failure.dueInMs, ...failure.cause }] : [],
  );
  if (done.length > 0) await countOf(tx, progressSql.done, [plainArray(done)]);
  if (failed.length > 0) await countOf(tx, progressSql.fail, [JSON.stringify(failed)]);
}
