import type { Claim, IdempotencyStore, KeyedRequest, Transaction } from '@org/application';
import { countOf, rowsOf, send, statement } from './statement.js';
import { textArray } from './values.js';

// Locks end with the transaction. A stranger's key of the same 64-bit hash would look busy for a moment: harmless.
const lock = statement(
  'idempotency.lock',
  `select pg_try_advisory_xact_lock(hashtextextended(u.owner || chr(31) || u.key, 1)) as mine
   from unnest($1::text[], $2::text[]) as u(owner, key)`,
);

// A statement of its own, after the locks: it sees what their holders before us have committed.
const find = statement(
  'idempotency.find',
  `select l.* from unnest($1::text[], $2::text[]) as u(owner, key) cross join lateral (
     select owner, key, fingerprint, response from idempotency_keys k where k.owner = u.owner and k.key = u.key limit 1) l`,
);

const complete = statement(
  'idempotency.complete',
  `insert into idempotency_keys (owner, key, fingerprint, response)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
);

const forget = statement(
  'idempotency.forget',
  `delete from idempotency_keys k using (
     select owner, key from idempotency_keys where created_at < clock_timestamp() - $1::float8 * interval '1 second'
     order by created_at limit $2::int for update skip locked) old
   where k.owner = old.owner and k.key = old.key`,
);

const nameOf = ({ owner, key }: { readonly owner: string; readonly key: string }) => `${owner}\u001f${key}`;
const columnsOf = (requests: readonly KeyedRequest[]) => [
  textArray(requests.map(({ owner }) => owner)),
  textArray(requests.map(({ key }) => key)),
];

interface Stored {
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly response: string;
}

export class PostgresIdempotencyStore implements IdempotencyStore {
  async claim(tx: Transaction, requests: readonly KeyedRequest[]): Promise<readonly Claim[]> {
    if (requests.length === 0) return [];
    const firsts = [...new Map([...requests].reverse().map(request => [nameOf(request), request])).values()].reverse();
    const columns = columnsOf(firsts);
    // In one go; the server keeps their order.
    const [locks, rows] = await Promise.all([
      rowsOf<{ mine: boolean }>(tx, lock, columns),
      rowsOf<Stored & Record<string, unknown>>(tx, find, columns),
    ]);
    const stored = new Map(rows.map(row => [nameOf(row), row]));
    const mine = new Set(firsts.filter((_, i) => locks[i]?.mine));
    return requests.map((request): Claim => {
      const before = stored.get(nameOf(request));
      if (before && before.fingerprint !== request.fingerprint) return { claim: 'OTHER_REQUEST' };
      if (before) return { claim: 'REPLAY', response: before.response };
      return { claim: mine.has(request) ? 'NEW' : 'IN_FLIGHT' };
    });
  }

  async complete(tx: Transaction, answers: readonly (KeyedRequest & { readonly response: string })[]): Promise<void> {
    if (answers.length === 0) return;
    send(tx, complete, [
      ...columnsOf(answers),
      textArray(answers.map(({ fingerprint }) => fingerprint)),
      textArray(answers.map(({ response }) => response)),
    ]);
  }

  async forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number> {
    return countOf(tx, forget, [retentionSeconds, limit]);
  }
}
