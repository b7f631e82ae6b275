import type { DataSource } from 'typeorm';
import { feedSql } from './feed-statements.js';
import { read } from './statement.js';

/** After so many positions a new mark is made. */
const MARK_EVERY = 512;
const MOST_REMEMBERED = 64;

interface Mark {
  readonly xid: bigint;
  readonly position: number;
}

/**
 * From which position on a transaction can have written. A mark is a position that was given out before its xid was:
 * whoever got a later xid got later positions. Made by whoever reads the feed, shared through the store.
 */
export class EventMarks {
  private made = 0;
  /** Rising; those that are asked for are nearly always the last ones. */
  private readonly known: Mark[] = [];

  constructor(private readonly dataSource: DataSource) {}

  /** @param ceiling a position that was read by a statement that has ended */
  async make(ceiling: number): Promise<void> {
    if (ceiling < this.made + MARK_EVERY) return;
    this.made = ceiling;
    const [row] = await read<{ xid: number; position: number }>(this.dataSource, feedSql.mark, [ceiling]);
    if (row) this.known.push({ xid: BigInt(row.xid), position: row.position });
    if (this.known.length > MOST_REMEMBERED) this.known.shift();
  }

  /** All positions of transactions from `xid` on are higher than this one. */
  async before(xid: bigint): Promise<number> {
    const known = this.known.findLast(mark => mark.xid <= xid);
    if (known) return known.position;
    const [row] = await read<{ position: number }>(this.dataSource, feedSql.markBefore, [xid]);
    return row?.position ?? 0;
  }
}
