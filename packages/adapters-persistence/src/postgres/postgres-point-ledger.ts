import type {
  OrderEarning,
  PointHoldRef,
  PointLedger,
  PointPosting,
  StoredPointHold,
  Transaction,
  Versioned,
  WantedAccount,
} from '@org/application';
import { isUuid, type PointAccount, type PointLot, type PointSpending } from '@org/domain';
import {
  type AccountRow,
  accountOf,
  type EarningRow,
  type HoldRow,
  type LotRow,
  type SpendingRow,
} from './point-rows.js';
import { pointSql as sql } from './point-statements.js';
import { rowsOf, send } from './statement.js';
import { plainArray, textArray } from './values.js';

/** Whoever locks or writes several users does it in this order, so that two batches wait instead of deadlocking. */
const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function grouped<Row extends { readonly user_id: string }>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.user_id);
    if (group) group.push(row);
    else groups.set(row.user_id, [row]);
  }
  return groups;
}

/** A column of a set. */
const texts = <Item>(items: readonly Item[], of: (item: Item) => string | null) => textArray(items.map(of));
const plain = <Item>(items: readonly Item[], of: (item: Item) => string | number | null) => plainArray(items.map(of));

export class PostgresPointLedger implements PointLedger {
  async owners(tx: Transaction, pointIds: readonly string[]) {
    const ids = pointIds.filter(isUuid);
    const rows =
      ids.length > 0
        ? await rowsOf<{ point_id: string; user_id: string }>(tx, sql.owners, [plainArray([...new Set(ids)])])
        : [];
    return new Map(rows.map(row => [row.point_id, row.user_id]));
  }

  async lock(tx: Transaction, wanted: readonly WantedAccount[]): Promise<Map<string, Versioned<PointAccount>>> {
    const users = [...new Set(wanted.map(({ userId }) => userId))].sort(inOrder);
    if (users.length === 0) return new Map();
    const all = textArray(users);
    const named = wanted.flatMap(({ pointIds }) => pointIds.filter(isUuid));
    const keys = wanted.flatMap(({ userId, keys: own }) => own.map(key => ({ userId, key })));
    const byKey = [texts(keys, ({ userId }) => userId), texts(keys, ({ key }) => key)];
    // In one go; the second one sees what those who had the locks before have committed.
    const [rows, spent] = await Promise.all([
      rowsOf<AccountRow>(tx, sql.lock, [all]),
      rowsOf<SpendingRow>(tx, sql.spendings, [all, plainArray(named), ...byKey]),
    ]);
    // A spending is nothing without the lots that it has taken from.
    const parts = spent.flatMap(row => row.parts.map(({ lotId }) => lotId));
    const lots = grouped(await rowsOf<LotRow>(tx, sql.lots, [all, plainArray([...named, ...parts]), ...byKey]));
    const spendings = grouped(spent);
    const accounts = new Map(rows.map(row => [row.user_id, row]));
    return new Map(
      users.map(userId => {
        const row = accounts.get(userId);
        const state = accountOf(row, lots.get(userId) ?? [], spendings.get(userId) ?? []);
        return [userId, { version: row?.version ?? 0, state }];
      }),
    );
  }

  async post(tx: Transaction, postings: readonly PointPosting[]): Promise<ReadonlySet<string>> {
    const sorted = [...postings].sort((a, b) => inOrder(a.userId, b.userId));
    const written = new Set([
      ...(await openAccounts(
        tx,
        sorted.filter(({ expectedVersion }) => expectedVersion === 0),
      )),
      ...(await advanceAccounts(
        tx,
        sorted.filter(({ expectedVersion }) => expectedVersion > 0),
      )),
    ]);
    const posted = sorted.filter(({ userId }) => written.has(userId));
    // The server keeps their order: transfers need the lots that they move points of.
    writeLots(tx, posted);
    writeTransfers(tx, posted);
    writeSpendings(tx, posted);
    writeEntries(tx, posted);
    return written;
  }

  async holds(tx: Transaction, refs: readonly PointHoldRef[]): Promise<readonly (StoredPointHold | null)[]> {
    if (refs.length === 0) return [];
    const keys = [texts(refs, ({ userId }) => userId), texts(refs, ({ key }) => key)];
    const rows = await rowsOf<HoldRow>(tx, sql.holds, keys);
    return rows.map(({ point_id: pointId, status, until }) => (pointId === null ? null : { pointId, status, until }));
  }

  async earnedWith(tx: Transaction, userId: string, orderNumber: string): Promise<readonly OrderEarning[]> {
    const rows = await rowsOf<EarningRow>(tx, sql.earnedWith, [userId, orderNumber]);
    return rows.map(({ point_id: pointId, points, reversed, status }) => ({ pointId, points, reversed, status }));
  }

  async lockOverdue(tx: Transaction, limit: number) {
    const rows = await rowsOf<{ user_id: string }>(tx, sql.lockOverdue, [limit]);
    return this.lock(
      tx,
      rows.map(({ user_id }) => ({ userId: user_id, pointIds: [], keys: [] })),
    );
  }
}

type Users = { readonly user_id: string };
const usersOf = (rows: readonly Users[]) => rows.map(({ user_id }) => user_id);

async function openAccounts(tx: Transaction, born: readonly PointPosting[]): Promise<readonly string[]> {
  if (born.length === 0) return [];
  const values = [
    texts(born, ({ userId }) => userId),
    plain(born, ({ version }) => version),
    plain(born, ({ account }) => account.earnings),
  ];
  return usersOf(await rowsOf<Users>(tx, sql.openAccounts, values));
}

async function advanceAccounts(tx: Transaction, grown: readonly PointPosting[]): Promise<readonly string[]> {
  if (grown.length === 0) return [];
  const values = [
    texts(grown, ({ userId }) => userId),
    plain(grown, ({ expectedVersion }) => expectedVersion),
    plain(grown, ({ version }) => version),
    plain(grown, ({ account }) => account.earnings),
  ];
  return usersOf(await rowsOf<Users>(tx, sql.advanceAccounts, values));
}

/** Those of the items that events of these types are about. */
function touched<Item extends { readonly pointId: string }>(
  { userId, events }: PointPosting,
  items: readonly Item[],
  types: readonly string[],
): readonly (Item & { readonly userId: string })[] {
  const ids = new Set<string>(events.filter(({ type }) => types.includes(type)).map(({ pointId }) => pointId));
  return items.filter(({ pointId }) => ids.has(pointId)).map(item => ({ ...item, userId }));
}

function writeLots(tx: Transaction, posted: readonly PointPosting[]) {
  const born = posted.flatMap(posting => touched<PointLot>(posting, posting.account.lots, ['PointsEarned']));
  if (born.length > 0)
    send(tx, sql.addLots, [
      plain(born, ({ pointId }) => pointId),
      texts(born, ({ userId }) => userId),
      texts(born, ({ key }) => key),
      texts(born, ({ orderNumber }) => orderNumber),
      texts(born, ({ content }) => content),
      plain(born, ({ position }) => position),
      plain(born, ({ points }) => points),
      plain(born, ({ earnedAt }) => earnedAt),
      plain(born, ({ availableAt }) => availableAt),
      plain(born, ({ expiresAt }) => expiresAt),
    ]);
  const types = ['EarningCancelled', 'EarningReversed'];
  const changed = posted.flatMap(posting => touched<PointLot>(posting, posting.account.lots, types));
  if (changed.length > 0)
    send(tx, sql.changeLots, [
      plain(changed, ({ pointId }) => pointId),
      texts(changed, ({ status }) => status),
      texts(changed, ({ reversals }) => JSON.stringify(reversals)),
    ]);
}

function writeSpendings(tx: Transaction, posted: readonly PointPosting[]) {
  const born = posted.flatMap(posting =>
    touched<PointSpending>(posting, posting.account.spendings, ['PointsUsed', 'PointsHeld']),
  );
  if (born.length > 0)
    send(tx, sql.addSpendings, [
      plain(born, ({ pointId }) => pointId),
      texts(born, ({ userId }) => userId),
      texts(born, ({ kind }) => kind),
      texts(born, ({ status }) => status),
      texts(born, ({ key }) => key),
      texts(born, ({ orderNumber }) => orderNumber),
      texts(born, ({ content }) => content),
      texts(born, ({ parts }) => JSON.stringify(parts)),
      plain(born, ({ points }) => points),
      plain(born, ({ until }) => until),
      plain(born, ({ returned }) => returned),
      texts(born, ({ reversals }) => JSON.stringify(reversals)),
    ]);
  // What was born in the same transaction was written as it is by now.
  const isBorn = new Set<string>(born.map(({ pointId }) => pointId));
  const types = ['HoldPosted', 'HoldVoided', 'HoldExpired', 'UseCancelled', 'UseReturned'];
  const changed = posted
    .flatMap(posting => touched<PointSpending>(posting, posting.account.spendings, types))
    .filter(({ pointId }) => !isBorn.has(pointId));
  if (changed.length > 0)
    send(tx, sql.changeSpendings, [
      plain(changed, ({ pointId }) => pointId),
      texts(changed, ({ status }) => status),
      plain(changed, ({ points }) => points),
      texts(changed, ({ parts }) => JSON.stringify(parts)),
      plain(changed, ({ returned }) => returned),
      texts(changed, ({ reversals }) => JSON.stringify(reversals)),
    ]);
}

function writeTransfers(tx: Transaction, posted: readonly PointPosting[]) {
  const rows = posted.flatMap(({ userId, expectedVersion, events }) =>
    events.flatMap(({ pointId, transfers }, i) =>
      transfers.map((transfer, line) => ({
        ...transfer,
        ...{ userId, pointId, sequence: expectedVersion + i + 1, line: line + 1 },
      })),
    ),
  );
  if (rows.length === 0) return;
  send(tx, sql.addTransfers, [
    texts(rows, ({ userId }) => userId),
    plain(rows, ({ sequence }) => sequence),
    plain(rows, ({ line }) => line),
    plain(rows, ({ pointId }) => pointId),
    plain(rows, ({ lotId }) => lotId),
    texts(rows, ({ from }) => from),
    texts(rows, ({ to }) => to),
    plain(rows, ({ points }) => points),
  ]);
}

function writeEntries(tx: Transaction, posted: readonly PointPosting[]) {
  const rows = posted.flatMap(({ userId, entries }) => entries.map(entry => ({ ...entry, userId })));
  if (rows.length === 0) return;
  send(tx, sql.addEntries, [
    texts(rows, ({ userId }) => userId),
    plain(rows, ({ sequence }) => sequence),
    plain(rows, ({ pointId }) => pointId),
    texts(rows, ({ type }) => type),
    plain(rows, ({ points }) => points),
    plain(rows, ({ balance }) => balance),
    texts(rows, ({ orderNumber }) => orderNumber),
    plain(rows, ({ at }) => at),
  ]);
}
