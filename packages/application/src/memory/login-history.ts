import type { LoginView } from '../ports/account-queries.js';
import type { Clock } from '../ports/clock.js';
import type { LoginAttempt, LoginHistory } from '../ports/login-history.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { frozen } from './frozen.js';
import { Table } from './table.js';

type Row = LoginAttempt & Pick<LoginView, 'at'>;

export class InMemoryLoginHistory implements LoginHistory {
  readonly rows = new Table<Row>('logins');

  constructor(private readonly clock: Clock) {}

  async append(tx: Transaction, attempts: readonly LoginAttempt[]) {
    const at = await this.clock.now(tx);
    for (const attempt of attempts) await this.rows.insert(tx, attempt.id, frozen({ ...attempt, at }));
  }

  async forget(tx: Transaction, retentionSeconds: number, limit: number) {
    const before = (await this.clock.now(tx)) - retentionSeconds * 1000;
    const old = this.rows
      .entries(tx)
      .filter(([id, { at }]) => at < before && this.rows.tryLock(tx, id))
      .slice(0, limit);
    for (const [id] of old) this.rows.set(tx, id, undefined);
    return old.length;
  }
}
