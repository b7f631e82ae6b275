import assert from 'node:assert/strict';
import { stockItemId } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { aStockHold, counted } from './catalogue-samples.js';
import { meanwhile, rolledBack, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameMembers } from './same-data.js';
import { AN_INSTANT, born, DAY } from './samples.js';

export type StockRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'stock' | 'stockHolds' | 'clock'>;
type Fixture = StockRepositoryFixture;

const itemOf = (optionId: string) => stockItemId('mug', optionId);

/** A hold on every option named, ending so many milliseconds from now; ids are `hold-<option>-<index>`. */
async function held(fixture: Fixture, ends: Readonly<Record<string, readonly number[]>>): Promise<void> {
  const { unitOfWork, clock, stock, stockHolds } = fixture;
  await unitOfWork.run(async tx => {
    const now = await clock.now(tx);
    const entries = Object.entries(ends);
    await stock.save(
      tx,
      entries.map(([option, list]) => born(itemOf(option), counted(0, 2 * list.length))),
    );
    const holds = entries.flatMap(([optionId, list]) =>
      list.map((end, i) => born(`hold-${optionId}-${i}`, aStockHold({ optionId, expiresAt: now + end }))),
    );
    await stockHolds.save(tx, holds);
  });
}

const lockOverdue = ({ unitOfWork, stock }: Fixture, limit = 100) =>
  unitOfWork.run(async tx => [...(await stock.lockOverdue(tx, limit)).keys()]);
const overdueOf = ({ unitOfWork, stockHolds }: Fixture, options: readonly string[], limit: number | null = null) =>
  unitOfWork.run(async tx => [...(await stockHolds.overdueOf(tx, options.map(itemOf), limit)).keys()]);

/** Ends what is overdue as a sweeper does; answers the holds that it has ended. */
async function sweep({ unitOfWork, stock, stockHolds }: Fixture, limit: number): Promise<readonly string[]> {
  const ended: string[] = [];
  for (let round = 0; ; round++) {
    assert.ok(round < 1_000, 'the sweep comes to an end');
    const batch = await unitOfWork.run(async tx => {
      const locked = await stock.lockOverdue(tx, limit);
      const due = [...(await stockHolds.overdueOf(tx, [...locked.keys()], limit))];
      const changes = due.map(([id, { version, state }]) => {
        assert.ok(state.status === 'HELD');
        const next = { ...state, status: 'EXPIRED', endedAt: AN_INSTANT } as const;
        return { id, expectedVersion: version, version: version + 1, state: next };
      });
      return [...(await stockHolds.save(tx, changes))];
    });
    if (batch.length === 0) return ended;
    ended.push(...batch);
  }
}

const skipsTheLocked = 'skips items that somebody else is at, without waiting';

export const stockRepositoryContract = contract<Fixture>(
  'StockRepository and StockHoldRepository',
  {
    async 'gets a store of its own for every case'(fixture, another) {
      await held(fixture, { blue: [-1_000] });
      sameData(await lockOverdue(await another()), []);
    },
    async 'throws when a figure would fall below zero, and writes nothing of that transaction'(fixture) {
      const { unitOfWork, stock } = fixture;
      const save = (id: string, free: number, heldUnits: number, sold: number) =>
        unitOfWork.run(tx => stock.save(tx, [born(id, counted(free, heldUnits, sold))]));
      await assert.rejects(save(itemOf('a'), -1, 0, 0));
      await assert.rejects(save(itemOf('a'), 0, -1, 0));
      await assert.rejects(save(itemOf('a'), 0, 0, -1));
      await save(itemOf('a'), 0, 0, 0);
    },
    async 'throws for a hold of nothing, and for more units that come back than were sold'(fixture) {
      const { unitOfWork, stockHolds } = fixture;
      const returns = [{ returnId: 'r', quantity: 3 }];
      const wrong = [
        aStockHold({ quantity: 0 }),
        aStockHold({ status: 'POSTED', endedAt: AN_INSTANT, returns }),
        aStockHold({ returns: [{ returnId: 'r', quantity: 1 }] }),
      ];
      for (const hold of wrong) await assert.rejects(unitOfWork.run(tx => stockHolds.save(tx, [born('hold-1', hold)])));
    },
    async 'finds the items of holds that the time has ended, each once, and of none that still has time'(fixture) {
      await held(fixture, { blue: [-DAY, -1, DAY], red: [-2_000], green: [60_000, DAY] });
      sameMembers(await lockOverdue(fixture), [itemOf('blue'), itemOf('red')]);
      sameData(await overdueOf(fixture, ['blue', 'green']), ['hold-blue-0', 'hold-blue-1']);
      sameData(await overdueOf(fixture, []), []);
    },
    async 'answers the earliest first, and no more than the limit'(fixture) {
      await held(fixture, { blue: [-3_000, -9_000], red: [-6_000] });
      sameData(await lockOverdue(fixture, 1), [itemOf('blue')]);
      sameData(await overdueOf(fixture, ['red', 'blue'], 2), ['hold-blue-1', 'hold-red-0']);
      sameData(await overdueOf(fixture, ['red', 'blue']), ['hold-blue-1', 'hold-red-0', 'hold-blue-0']);
    },
    async 'answers the state and version that the change of it needs'(fixture) {
      await held(fixture, { blue: [-1_000] });
      const { unitOfWork, stock, stockHolds } = fixture;
      await unitOfWork.run(async tx => {
        const id = itemOf('blue');
        sameData((await stock.lockOverdue(tx, 1)).get(id), (await stock.load(tx, [id])).get(id));
        const due = (await stockHolds.overdueOf(tx, [id], 1)).get('hold-blue-0');
        sameData(due, (await stockHolds.load(tx, ['hold-blue-0'])).get('hold-blue-0'));
        assert.equal(due?.version, 1);
      });
    },
    async 'leaves alone what was resolved'(fixture) {
      const { unitOfWork, stock, stockHolds } = fixture;
      const ended = { expiresAt: AN_INSTANT - 365 * DAY, endedAt: AN_INSTANT - 366 * DAY };
      await unitOfWork.run(async tx => {
        await stock.save(tx, [born(itemOf('blue'), counted(1))]);
        const statuses = ['POSTED', 'VOIDED', 'EXPIRED'] as const;
        await stockHolds.save(
          tx,
          statuses.map(status => born(`hold-${status}`, aStockHold({ status, ...ended }))),
        );
      });
      sameData(await lockOverdue(fixture), []);
      sameData(await overdueOf(fixture, ['blue']), []);
    },
    async [skipsTheLocked](fixture) {
      await held(fixture, { blue: [-3_000], red: [-2_000] });
      const seen = await meanwhile(
        fixture.unitOfWork,
        tx => fixture.stock.load(tx, [itemOf('blue')], { lock: true }),
        async tx => [...(await fixture.stock.lockOverdue(tx, 100)).keys()],
      );
      sameData(seen, [itemOf('red')]);
    },
    async 'finds again what a failed transaction had locked'(fixture) {
      await held(fixture, { blue: [-3_000] });
      await rolledBack(fixture.unitOfWork, tx => fixture.stock.lockOverdue(tx, 100));
      sameData(await lockOverdue(fixture), [itemOf('blue')]);
    },
    async 'lets twenty sweepers end everything, each hold once'(fixture) {
      const options = ['a', 'b', 'c', 'd', 'e'];
      const ends = Array.from({ length: 12 }, (_, i) => -1_000 - i);
      await held(fixture, Object.fromEntries(options.map(option => [option, ends])));
      const ended = (await twenty(() => sweep(fixture, 7))).flat();
      sameMembers(
        [...ended, ...(await sweep(fixture, 7))],
        options.flatMap(option => ends.map((_, i) => `hold-${option}-${i}`)),
      );
    },
  },
  { [skipsTheLocked]: 'concurrent transactions' },
);
