import type { Transaction, UnitOfWork } from '@org/application';
import type { DataSource } from 'typeorm';
import { feedSql } from './feed-statements.js';
import { read, rowsOf } from './statement.js';

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

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * @param ceiling a position that was read by a statement that has ended
   * @returns whether there is a new mark
   */
  async make(ceiling: number): Promise<boolean> {
    if (ceiling < this.made + MARK_EVERY) return false;
    this.made = ceiling;
    const [row] = await read<{ xid: number; position: number }>(this.dataSource, feedSql.mark, [ceiling]);
    if (row) this.known.push({ xid: BigInt(row.xid), position: row.position });
    if (this.known.length > MOST_REMEMBERED) this.known.shift();
    return true;
  }

  /** All positions of transactions from `xid` on are higher than this one. */
  async before(xid: bigint): Promise<number> {
    const known = this.known.findLast(mark => mark.xid <= xid);
    if (known) return known.position;
    const found = (tx: Transaction) => rowsOf<{ position: number }>(tx, feedSql.markBefore, [xid]);
    return (await this.unitOfWork.run(found))[0]?.position ?? 0;
  }
}
