import type { AggregateRepository, Change, LoadOptions, Versioned } from '../ports/aggregate-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { frozen } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

/** Aggregates of one kind by id. A kind with more to uphold than versions overrides `uphold`. */
export class InMemoryAggregates<State> implements AggregateRepository<State> {
  readonly rows: Table<Versioned<State>>;
  private readonly initial: Versioned<State>;

  constructor(name: string, initial: State) {
    this.rows = new Table(name);
    this.initial = frozen({ version: 0, state: initial });
  }

  async load(tx: Transaction, ids: readonly string[], { lock = false }: LoadOptions = {}) {
    await (lock ? this.rows.lock(tx, ids) : InMemoryTransaction.inTurn(tx));
    return new Map(ids.map(id => [id, this.rows.get(tx, id) ?? this.initial]));
  }

  async save(tx: Transaction, changes: readonly Change<State>[]) {
    const written = new Set<string>();
    const ids = changes.map(({ id }) => id);
    await this.rows.lock(tx, ids);
    for (const { id, expectedVersion, version, state } of changes) {
      const before = this.rows.get(tx, id) ?? this.initial;
      if (before.version !== expectedVersion) continue;
      const after = frozen({ version, state });
      await this.uphold(tx, id, before.state, after.state);
      this.rows.set(tx, id, after);
      written.add(id);
    }
    return written;
  }

  protected async uphold(_tx: Transaction, _id: string, _before: State, _after: State): Promise<void> {}
}
