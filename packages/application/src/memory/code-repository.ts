import type { CodeSpace } from '@org/domain';
import type { LoadOptions } from '../ports/aggregate-repository.js';
import type { CodeJob, CodeRepository, CodeSpaceState, NewCode, StoredCode } from '../ports/code-repository.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { ConstraintError } from './errors.js';
import { frozen, keyOf } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

interface CodeRow extends StoredCode {
  readonly display: string;
}

/** One text per shape, whatever the order of its fields. */
const descriptorOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

export class InMemoryCodeRepository implements CodeRepository {
  readonly rows = new Table<CodeRow>('codes');
  readonly positions = new Table<string>('codes by policy and position');
  readonly jobs = new Table<CodeJob>('code jobs');
  private readonly counts = new Table<number>('last position by policy');
  private readonly shapes = new Table<CodeSpaceState>('code spaces by shape');
  private readonly shapeOf = new Map<string, string>();

  constructor(private readonly ids: IdGenerator) {}

  async find(tx: Transaction, codes: readonly string[], { lock = false }: LoadOptions = {}) {
    if (lock) await this.rows.lock(tx, codes);
    const found = new Map<string, StoredCode>();
    for (const code of codes) {
      const row = this.rows.get(tx, code);
      if (row) found.set(code, frozen({ code, policyId: row.policyId, couponId: row.couponId }));
    }
    return found;
  }

  async redeem(tx: Transaction, redeemed: readonly { readonly code: string; readonly couponId: string }[]) {
    const free = new Set<string>();
    await this.rows.lock(
      tx,
      redeemed.map(({ code }) => code),
    );
    for (const { code, couponId } of redeemed) {
      const row = this.rows.get(tx, code);
      if (!row || row.couponId !== null) continue;
      this.rows.set(tx, code, frozen({ ...row, couponId }));
      free.add(code);
    }
    return free;
  }

  async add(tx: Transaction, policyId: string, firstPosition: number, codes: readonly NewCode[]) {
    await this.counts.lock(tx, [policyId]);
    await this.rows.lock(
      tx,
      codes.map(({ code }) => code),
    );
    let position = firstPosition;
    for (const { code, display } of codes) {
      if (this.rows.get(tx, code)) continue;
      await this.positions.insert(tx, keyOf(policyId, position), code);
      this.rows.set(tx, code, frozen({ code, display, policyId, couponId: null }));
      position += 1;
    }
    const last = Math.max(this.counts.get(tx, policyId) ?? 0, position - 1);
    this.counts.set(tx, policyId, last);
    return position - firstPosition;
  }

  async lockSpace(tx: Transaction, space: CodeSpace, key: string) {
    const shape = descriptorOf(space);
    await this.shapes.lock(tx, [shape]);
    const known = this.shapes.get(tx, shape);
    if (known) return known;
    const begun = frozen({ spaceId: this.ids.next(), space, key, nextIndex: 0n });
    this.shapeOf.set(begun.spaceId, shape);
    this.shapes.set(tx, shape, begun);
    return begun;
  }

  async spaces(tx: Transaction) {
    return this.shapes.entries(tx).map(([, { space }]) => space);
  }

  async pendingIn(tx: Transaction, spaceId: string) {
    const running = this.jobs.entries(tx).filter(([, job]) => job.spaceId === spaceId && job.status === 'RUNNING');
    return running.reduce((sum, [, { count, created }]) => sum + BigInt(count - created), 0n);
  }

  async startJob(tx: Transaction, job: CodeJob) {
    await this.jobs.insert(tx, job.jobId, frozen(job));
  }

  async lockJob(tx: Transaction, jobId: string) {
    if (!this.jobs.tryLock(tx, jobId)) return null;
    const job = this.jobs.get(tx, jobId);
    if (!job) return null;
    await this.shapes.lock(tx, [this.shapeOf.get(job.spaceId) ?? '']);
    return { job, space: this.space(tx, job.spaceId) };
  }

  async advance(tx: Transaction, job: CodeJob, nextIndex: bigint) {
    const space = this.space(tx, job.spaceId);
    this.jobs.set(tx, job.jobId, frozen(job));
    this.shapes.set(tx, this.shapeOf.get(job.spaceId) ?? '', frozen({ ...space, nextIndex }));
  }

  async unfinishedJobs(tx: Transaction) {
    return this.jobs
      .entries(tx)
      .filter(([, { status }]) => status === 'RUNNING')
      .map(([jobId]) => jobId);
  }

  async countOf(tx: Transaction, policyId: string) {
    return this.counts.get(tx, policyId) ?? 0;
  }

  private space(tx: Transaction, spaceId: string): CodeSpaceState {
    const stored = this.shapes.get(tx, this.shapeOf.get(spaceId) ?? '');
    if (!stored) throw InMemoryTransaction.of(tx).fail(new ConstraintError(`no code space ${spaceId}`));
    return stored;
  }
}
