import type {
  CodeJob,
  CodeRepository,
  CodeSpaceState,
  IdGenerator,
  LoadOptions,
  NewCode,
  StoredCode,
  Transaction,
} from '@org/application';
import { type CodeSpace, isUuid } from '@org/domain';
import { type CodeSpaceRow, codeSql as sql } from './code-statements.js';
import { countOf, rowsOf } from './statement.js';
import { plainArray, textArray } from './values.js';

/** JSON has no bigint: it travels as text. */
const plain = ({ capacity, ...shape }: CodeSpace) => ({ ...shape, capacity: String(capacity) });
const spaceOf = (stored: CodeSpaceRow['space']) => ({ ...stored, capacity: BigInt(stored.capacity) }) as CodeSpace;

/** One text per shape, whatever the order of its fields. */
const descriptorOf = (space: CodeSpace): string =>
  JSON.stringify(Object.fromEntries(Object.entries(plain(space)).sort(([a], [b]) => (a < b ? -1 : 1))));

const stateOf = ({ id, space, key, next_index }: CodeSpaceRow): CodeSpaceState => ({
  spaceId: id,
  space: spaceOf(space),
  key,
  nextIndex: BigInt(next_index),
});

interface JobRow extends Record<string, unknown> {
  readonly id: string;
  readonly policy_id: string;
  readonly space_id: string;
  readonly count: number;
  readonly created: number;
  readonly status: CodeJob['status'];
}

export class PostgresCodeRepository implements CodeRepository {
  constructor(private readonly ids: IdGenerator) {}

  async find(tx: Transaction, codes: readonly string[], { lock = false }: LoadOptions = {}) {
    const sorted = [...new Set(codes)].sort();
    if (sorted.length === 0) return new Map<string, StoredCode>();
    const rows = await rowsOf<{ code: string; policy_id: string; coupon_id: string | null }>(
      tx,
      lock ? sql.lock : sql.find,
      [textArray(sorted)],
    );
    return new Map(
      rows.map(({ code, policy_id, coupon_id }) => [code, { code, policyId: policy_id, couponId: coupon_id }]),
    );
  }

  async redeem(tx: Transaction, redeemed: readonly { readonly code: string; readonly couponId: string }[]) {
    const sorted = [...redeemed].sort((a, b) => (a.code < b.code ? -1 : 1));
    if (sorted.length === 0) return new Set<string>();
    const codes = textArray(sorted.map(({ code }) => code));
    const coupons = plainArray(sorted.map(({ couponId }) => couponId));
    const rows = await rowsOf<{ code: string }>(tx, sql.redeem, [codes, coupons]);
    return new Set(rows.map(({ code }) => code));
  }

  async add(tx: Transaction, policyId: string, firstPosition: number, codes: readonly NewCode[]): Promise<number> {
    const unique = [...new Map([...codes].reverse().map(each => [each.code, each])).values()].reverse();
    if (unique.length === 0) return 0;
    const normalised = textArray(unique.map(({ code }) => code));
    return countOf(tx, sql.add, [policyId, firstPosition, normalised, textArray(unique.map(({ display }) => display))]);
  }

  async lockSpace(tx: Transaction, space: CodeSpace, key: string): Promise<CodeSpaceState> {
    const descriptor = descriptorOf(space);
    await countOf(tx, sql.beginSpace, [this.ids.next(), descriptor, JSON.stringify(plain(space)), key]);
    const [row] = await rowsOf<CodeSpaceRow>(tx, sql.lockSpaceOfShape, [descriptor]);
    if (!row) throw new Error('a code space vanished');
    return stateOf(row);
  }

  async spaces(tx: Transaction): Promise<readonly CodeSpace[]> {
    const rows = await rowsOf<CodeSpaceRow>(tx, sql.spaces);
    return rows.map(({ space }) => spaceOf(space));
  }

  async pendingIn(tx: Transaction, spaceId: string): Promise<bigint> {
    const [row] = await rowsOf<{ pending: string }>(tx, sql.pendingIn, [spaceId]);
    return BigInt(row?.pending ?? 0);
  }

  async startJob(tx: Transaction, { jobId, policyId, spaceId, count, created, status }: CodeJob): Promise<void> {
    await countOf(tx, sql.startJob, [jobId, policyId, spaceId, count, created, status]);
  }

  async lockJob(tx: Transaction, jobId: string) {
    if (!isUuid(jobId)) return null;
    const [job] = await rowsOf<JobRow>(tx, sql.lockJob, [jobId]);
    if (!job) return null;
    const [space] = await rowsOf<CodeSpaceRow>(tx, sql.lockSpace, [job.space_id]);
    if (!space) throw new Error(`job ${jobId} has no code space`);
    // Jobs of one policy number their codes one after the other.
    await countOf(tx, sql.lockPositions, [job.policy_id]);
    const { id, policy_id, space_id, count, created, status } = job;
    return {
      job: { jobId: id, policyId: policy_id, spaceId: space_id, count, created, status },
      space: stateOf(space),
    };
  }

  async advance(tx: Transaction, { jobId, spaceId, created, status }: CodeJob, nextIndex: bigint): Promise<void> {
    await countOf(tx, sql.advanceJob, [jobId, created, status]);
    await countOf(tx, sql.advanceSpace, [spaceId, String(nextIndex)]);
  }

  async unfinishedJobs(tx: Transaction): Promise<readonly string[]> {
    const rows = await rowsOf<{ id: string }>(tx, sql.unfinishedJobs);
    return rows.map(({ id }) => id);
  }

  async countOf(tx: Transaction, policyId: string): Promise<number> {
    const [row] = await rowsOf<{ last: number }>(tx, sql.lastPosition, [policyId]);
    return row?.last ?? 0;
  }
}
