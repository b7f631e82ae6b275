import {
  type Change,
  CodeTakenError,
  type LoadOptions,
  type PolicyRepository,
  type PolicyVersionRef,
  Recent,
  type Transaction,
  type Versioned,
} from '@org/application';
import {
  couponPolicy,
  isUuid,
  type Policy,
  type PolicyStatus,
  type PolicyTerms,
  type PolicyVersion,
} from '@org/domain';
import { codeOf, constraintOf } from './errors.js';
import { countOf, rowsOf, statement } from './statement.js';
import { type Cells, type TableMapping, TableRepository } from './table-repository.js';
import { plainArray, textArray } from './values.js';

/** A policy without its terms: those lie in a table of their own, by version. */
type Head = Policy | { readonly status: PolicyStatus; readonly version: number; readonly createdAt: number };

const policyTable: TableMapping<Head> = {
  table: 'coupon_policies',
  idType: 'uuid',
  initial: couponPolicy.initial,
  columns: [
    { name: 'status', type: 'text', of: head => head.status },
    { name: 'terms_version', type: 'int', of: head => (head.status === 'NONE' ? null : head.version) },
    { name: 'code', type: 'text', of: head => ('terms' in head ? head.terms.code : null) },
    { name: 'created_at', type: 'instant', fixed: true, of: head => (head.status === 'NONE' ? null : head.createdAt) },
  ],
  fromRow: (row: Cells) =>
    ({ status: row.status, version: row.terms_version, createdAt: row.created_at }) as Exclude<Head, Policy>,
};

const saveVersions = statement(
  'policies.saveVersions',
  `insert into coupon_policy_versions (policy_id, version, terms)
   select * from unnest($1::uuid[], $2::int[], $3::jsonb[]) on conflict do nothing`,
);

const loadVersions = statement(
  'policies.versions',
  `select v.policy_id, v.version, v.terms from unnest($1::uuid[], $2::int[]) as u(id, version)
   cross join lateral (select policy_id, version, terms from coupon_policy_versions
     where policy_id = u.id and version = u.version limit 1) v`,
);

// An ended policy has given its code up.
const idsByCode = statement(
  'policies.idsByCode',
  `select l.* from unnest($1::text[]) as u(code) cross join lateral (
     select id, code from coupon_policies where code = u.code and status <> 'ENDED' limit 1) l`,
);

const keyOf = ({ policyId, version }: PolicyVersionRef) => `${policyId} ${version}`;

function frozen<Data>(data: Data): Data {
  if (typeof data === 'object' && data !== null && !Object.isFrozen(data))
    Object.values(Object.freeze(data)).forEach(frozen);
  return data;
}

/** Versions of terms never change, so they are remembered; whoever reads within the transaction that wrote them does not. */
export class PostgresPolicyRepository implements PolicyRepository {
  private readonly heads = new TableRepository(policyTable);
  private readonly remembered: Recent<PolicyTerms>;
  private readonly writing = new WeakSet<Transaction>();

  /** @param capacity how many versions of terms to remember; default 1,000 */
  constructor(capacity = 1_000) {
    this.remembered = new Recent(capacity);
  }

  async load(tx: Transaction, ids: readonly string[], options: LoadOptions = {}) {
    const heads = await this.heads.load(tx, ids, options);
    const refs = [...heads].flatMap(([policyId, { state }]) =>
      state.status === 'NONE' ? [] : [{ policyId, version: state.version }],
    );
    const terms = await this.termsOf(tx, refs);
    const whole = ([id, { version, state }]: [string, Versioned<Head>]): [string, Versioned<Policy>] => {
      if (state.status === 'NONE') return [id, { version, state }];
      const own = termsIn(terms, { policyId: id, version: state.version });
      const { status, version: number, createdAt } = state;
      return [id, { version, state: { status, version: number, terms: own, createdAt } }];
    };
    return new Map([...heads].map(whole));
  }

  async save(tx: Transaction, changes: readonly Change<Policy>[]): Promise<ReadonlySet<string>> {
    if (changes.length === 0) return new Set();
    this.writing.add(tx);
    const written = await this.saveHeads(tx, changes);
    const versions = changes.flatMap(({ id, state }) =>
      written.has(id) && state.status !== 'NONE' ? [{ id, version: state.version, terms: state.terms }] : [],
    );
    if (versions.length > 0)
      await countOf(tx, saveVersions, [
        plainArray(versions.map(({ id }) => id)),
        plainArray(versions.map(({ version }) => version)),
        textArray(versions.map(({ terms }) => JSON.stringify(terms))),
      ]);
    return written;
  }

  private async saveHeads(tx: Transaction, changes: readonly Change<Policy>[]) {
    try {
      return await this.heads.save(tx, changes);
    } catch (error) {
      if (codeOf(error) !== '23505' || constraintOf(error) !== 'coupon_policies_code') throw error;
      throw new CodeTakenError('another policy has this code', { cause: error });
    }
  }

  async versions(tx: Transaction, refs: readonly PolicyVersionRef[]): Promise<readonly PolicyVersion[]> {
    const terms = await this.termsOf(tx, refs);
    return refs.map(ref => ({ ...ref, terms: termsIn(terms, ref) }) as PolicyVersion);
  }

  async idsByCode(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (codes.length === 0) return new Map();
    const rows = await rowsOf<{ id: string; code: string }>(tx, idsByCode, [textArray([...new Set(codes)])]);
    return new Map(rows.map(({ id, code }) => [code, id]));
  }

  private async termsOf(tx: Transaction, refs: readonly PolicyVersionRef[]): Promise<ReadonlyMap<string, PolicyTerms>> {
    const found = new Map<string, PolicyTerms>();
    const missing = new Map<string, PolicyVersionRef>();
    for (const ref of refs) {
      const terms = this.writing.has(tx) ? undefined : this.remembered.get(keyOf(ref));
      if (terms) found.set(keyOf(ref), terms);
      else if (isUuid(ref.policyId)) missing.set(keyOf(ref), ref);
    }
    if (missing.size === 0) return found;
    const asked = [...missing.values()];
    const rows = await rowsOf<{ policy_id: string; version: number; terms: PolicyTerms }>(tx, loadVersions, [
      plainArray(asked.map(({ policyId }) => policyId)),
      plainArray(asked.map(({ version }) => version)),
    ]);
    for (const { policy_id: policyId, version, terms } of rows) {
      const key = keyOf({ policyId, version });
      found.set(key, frozen(terms));
      if (!this.writing.has(tx)) this.remembered.set(key, terms);
    }
    return found;
  }
}

function termsIn(found: ReadonlyMap<string, PolicyTerms>, ref: PolicyVersionRef): PolicyTerms {
  const terms = found.get(keyOf(ref));
  if (!terms) throw new Error(`version ${ref.version} of policy ${ref.policyId} was never stored`);
  return terms;
}
