import type { Instant } from '@org/domain';
import type { Subscription } from '../ports/event-bus.js';
import type { FeedCursor } from '../ports/event-feed.js';
import {
  type Aside,
  GROUP_SLICES,
  type GroupProgress,
  type Member,
  type Settlement,
  type Tenure,
} from '../ports/group-progress.js';
import { frozen } from './frozen.js';
import type { ManualClock } from './manual-clock.js';
import type { ParkedEvents, ParkedRow } from './parked-events.js';

interface Slice extends Tenure {
  readonly cursor: FeedCursor | null;
  readonly owner: string | null;
  readonly leaseUntil: Instant;
}

export interface Group {
  readonly types: readonly string[];
  readonly slices: Slice[];
  readonly members: Map<string, Instant>;
}

const byPosition = (a: ParkedRow, b: ParkedRow) => a.event.position - b.event.position;

/** Every call is one step: nobody else's comes between its parts. */
export class InMemoryGroupProgress implements GroupProgress {
  readonly groups = new Map<string, Group>();

  constructor(
    private readonly parked: ParkedEvents,
    private readonly clock: Pick<ManualClock, 'time'>,
  ) {}

  private known(group: string): Group {
    const known = this.groups.get(group);
    if (!known) throw new Error(`group ${group} was never opened`);
    return known;
  }

  /** Changes the slices that are still this member's. */
  private change({ group, member }: Member, tenures: readonly Tenure[], changed: Partial<Slice>): ReadonlySet<number> {
    const { slices } = this.known(group);
    const mine = tenures.filter(
      ({ slice, fence }) => slices[slice]?.owner === member && slices[slice]?.fence === fence,
    );
    for (const { slice } of mine) slices[slice] = { ...(slices[slice] as Slice), ...changed };
    return new Set(mine.map(({ slice }) => slice));
  }

  async open(group: string, types: readonly string[], cursor: FeedCursor | null) {
    const fresh = (): Slice[] =>
      Array.from({ length: GROUP_SLICES }, (_, slice) => ({ slice, fence: 0, cursor, owner: null, leaseUntil: 0 }));
    const { slices, members } = this.groups.get(group) ?? { slices: fresh(), members: new Map<string, Instant>() };
    this.groups.set(group, { types: [...types], slices, members });
  }

  async beat({ group, member }: Member, leaseMs: number) {
    const { slices, members } = this.known(group);
    const now = this.clock.time;
    const leaseUntil = now + leaseMs;
    members.set(member, leaseUntil);
    for (const [other, until] of members) if (until <= now) members.delete(other);
    const share = Math.ceil(GROUP_SLICES / members.size);
    let count = slices.filter(({ owner }) => owner === member).length;
    for (const [i, each] of slices.entries()) {
      if (each.owner === member) slices[i] = { ...each, leaseUntil };
      else if (count < share && (each.owner === null || each.leaseUntil <= now)) {
        slices[i] = { ...each, owner: member, fence: each.fence + 1, leaseUntil };
        count++;
      }
    }
    const mine = slices.filter(({ owner }) => owner === member);
    return { tenures: mine.map(({ slice, fence }) => ({ slice, fence })), share };
  }

  async release(member: Member, tenures: readonly Tenure[]) {
    this.change(member, tenures, { owner: null });
  }

  async leave(member: Member) {
    const { slices, members } = this.known(member.group);
    this.change(member, slices, { owner: null });
    members.delete(member.member);
  }

  async load({ group, member }: Member, tenures: readonly Tenure[]) {
    const { slices } = this.known(group);
    return tenures.flatMap(({ slice, fence }) => {
      const found = slices[slice];
      if (found?.owner !== member || found.fence !== fence) return [];
      const waiting = this.parked.of(group).filter(row => row.slice === slice && row.status === 'WAITING');
      return [{ slice, fence, cursor: found.cursor, blocked: waiting.map(({ event }) => event.key) }];
    });
  }

  async advance(member: Member, tenures: readonly Tenure[], cursor: FeedCursor, aside: readonly Aside[]) {
    const written = this.change(member, tenures, { cursor });
    const kept = aside.filter(({ slice }) => written.has(slice));
    this.park(member.group, kept);
    return written;
  }

  async bury(group: string, dead: readonly Aside[]) {
    this.known(group);
    this.park(group, dead);
  }

  private park(group: string, aside: readonly Aside[]) {
    const now = this.clock.time;
    for (const { event, slice, status, attempts, dueInMs, cause } of aside) {
      const failedAt = cause === null ? null : now;
      const dueAt = dueInMs === null ? null : now + dueInMs;
      const times = { dueAt, firstFailedAt: failedAt, lastFailedAt: failedAt };
      const facts = { group, event: frozen(event), slice, status, attempts, cause };
      this.parked.add({ ...facts, ...times, redrives: 0 });
    }
  }

  async due(
    { group, member }: Member,
    tenures: readonly Tenure[],
    limit: number,
    order: NonNullable<Subscription['order']>,
  ) {
    const { slices } = this.known(group);
    const isMine = (row: ParkedRow) =>
      tenures.some(({ slice, fence }) => slice === row.slice && slices[slice]?.fence === fence) &&
      slices[row.slice]?.owner === member;
    const rows = this.parked.of(group).filter(isMine);
    const isDue = ({ dueAt }: ParkedRow) => dueAt !== null && dueAt <= this.clock.time;
    const keys = new Set(rows.filter(row => row.status === 'WAITING' && isDue(row)).map(({ event }) => event.key));
    return rows
      .filter(row => isDue(row) || (order === 'KEY' && row.status === 'WAITING' && keys.has(row.event.key)))
      .sort(byPosition)
      .slice(0, limit)
      .map(({ id, event, slice, status, attempts, redrives }) => {
        return { id, event, slice, attempts, redrives, status: status === 'REDRIVEN' ? status : 'WAITING' } as const;
      });
  }

  async settle(member: Member, tenures: readonly Tenure[], settlements: readonly Settlement[]) {
    const written = this.change(member, tenures, {});
    const now = this.clock.time;
    const settled = settlements.filter(({ parked }) => written.has(parked.slice));
    for (const { parked, failure } of settled) {
      if (failure === null) {
        this.parked.remove(parked.id);
        continue;
      }
      const { status, dueInMs, cause } = failure;
      const firstFailedAt = this.parked.get(parked.id)?.firstFailedAt ?? now;
      const dueAt = dueInMs === null ? null : now + dueInMs;
      const attempts = parked.attempts + 1;
      this.parked.change(parked.id, { status, dueAt, cause, attempts, firstFailedAt, lastFailedAt: now });
    }
    const keys = [...new Set(settled.map(({ parked }) => parked.event.key))];
    const first = (key: string) =>
      this.parked
        .of(member.group)
        .filter(row => row.status === 'WAITING' && row.event.key === key)
        .sort(byPosition)[0];
    for (const key of keys) {
      const next = first(key);
      if (next && next.dueAt === null) this.parked.change(next.id, { dueAt: now });
    }
    return { written, freed: keys.filter(key => first(key) === undefined) };
  }
}
