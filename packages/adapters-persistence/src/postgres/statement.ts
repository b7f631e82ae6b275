import { asError, type Transaction } from '@org/application';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { Connection, DeadConnections, inOneGo } from './connection.js';
import { isConnectionLost, translated } from './errors.js';
import { clientOf, onTheWay } from './transaction.js';
import { safeInteger } from './values.js';

/** A named SQL statement: parsed and planned once per connection. Every parameter carries its type. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Every statement that these adapters send, by name, so that a test can look at all of their plans. */
export const statements = new Map<string, Statement>();

export function statement(name: string, text: string): Statement {
  const compact = { name, text: text.replace(/\s+/g, ' ').trim() };
  statements.set(name, compact);
  return compact;
}

/** Money and counters are bigint: exact, or an error. */
const INT8 = 20;
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? safeInteger : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

export type Value = string | number | bigint | boolean | null;

const asked = ({ name, text }: Statement, values: readonly Value[]) => ({ name, text, values: [...values], types });

const ask = <Row extends pg.QueryResultRow>(tx: Transaction, sql: Statement, values: readonly Value[]) =>
  inOneGo(clientOf(tx) as unknown as pg.ClientBase).query<Row>(asked(sql, values));

/** Runs a statement in an open transaction. Errors are translated by the unit of work, which knows whether it was committing. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  tx: Transaction,
  sql: Statement,
  values: readonly Value[] = [],
): Promise<Row[]> {
  const { rows } = await ask<Row>(tx, sql, values);
  return rows;
}

export async function countOf(tx: Transaction, sql: Statement, values: readonly Value[] = []): Promise<number> {
  const { rowCount } = await ask(tx, sql, values);
  return rowCount ?? 0;
}

/** Sends a statement whose answer tells nothing: it fails the transaction at the latest when that is committed. */
export function send(tx: Transaction, sql: Statement, values: readonly Value[] = []): void {
  onTheWay(tx, ask(tx, sql, values));
}

/** Runs a statement on any connection, outside of transactions. A connection that turns out to be dead is replaced. */
export async function read<Row extends pg.QueryResultRow>(
  dataSource: DataSource,
  sql: Statement,
  values: readonly Value[] = [],
): Promise<Row[]> {
  try {
    const dead = new DeadConnections();
    for (;;) {
      const connection = await Connection.of(dataSource);
      try {
        const { rows } = await connection.client.query<Row>(asked(sql, values));
        return rows;
      } catch (error) {
        if (isConnectionLost(error)) connection.broken ??= asError(error);
        if (!connection.broken || !dead.mayGoOn(error)) throw error;
      } finally {
        connection.release();
      }
    }
  } catch (error) {
    throw translated(error);
  }
}
