import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

/** Rows as TypeORM sees them, for reports and simple reads. Aggregates are written by their repositories only. */
type Row = Record<string, unknown>;
type Columns = Record<string, EntitySchemaColumnOptions>;

const entity = (tableName: string, primary: readonly string[], columns: Columns) =>
  new EntitySchema<Row>({
    name: tableName,
    tableName,
    // The tables are made by migrations: constraints and partitions say more than metadata can.
    synchronize: false,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, options]) => [name, { ...options, primary: primary.includes(name) }]),
    ),
  });

const uuid = { type: 'uuid' } as const;
const text = { type: 'text' } as const;
const int = { type: 'int4' } as const;
const bigint = { type: 'int8' } as const;
const jsonb = { type: 'jsonb' } as const;
const instant = { type: 'timestamptz' } as const;
const optional = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true });

export const entities = [
  entity('coupon_policies', ['id'], {
    id: uuid,
    version: int,
    status: text,
    terms_version: int,
    code: optional(text),
    created_at: instant,
  }),
  entity('coupon_policy_versions', ['policy_id', 'version'], {
    policy_id: uuid,
    version: int,
    terms: jsonb,
    per_user: optional(int),
  }),
  entity('campaigns', ['policy_id'], {
    policy_id: uuid,
    issued: int,
    total_limit: optional(int),
    day: optional({ type: 'date' }),
    issued_today: int,
    per_day_limit: optional(int),
    budget_taken: bigint,
    budget_limit: optional(bigint),
  }),
  entity('coupons', ['id'], {
    id: uuid,
    version: int,
    policy_id: uuid,
    policy_version: int,
    user_id: text,
    sequence: int,
    ordinal: int,
    way: text,
    status: text,
    code: optional(text),
    cause: optional(text),
    issued_at: instant,
    valid_from: instant,
    expires_at: optional(instant),
    reservation_id: optional(text),
    order_number: optional(text),
    discount: optional(bigint),
    reserved_until: optional(instant),
    used_at: optional(instant),
    cancelled_at: optional(instant),
    ended_at: optional(instant),
    reason: optional(text),
  }),
  entity('reservations', ['id'], {
    id: text,
    version: int,
    coupon_id: uuid,
    user_id: text,
    order_number: text,
    discount: bigint,
    status: text,
    expires_at: instant,
    ended_at: optional(instant),
  }),
  entity('code_spaces', ['id'], {
    id: uuid,
    descriptor: text,
    space: jsonb,
    key: text,
    next_index: { type: 'numeric', precision: 78, scale: 0 },
  }),
  entity('code_jobs', ['id'], {
    id: uuid,
    policy_id: uuid,
    space_id: uuid,
    count: int,
    created: int,
    status: text,
    started_at: instant,
  }),
  entity('coupon_codes', ['code'], {
    code: text,
    display: text,
    policy_id: uuid,
    position: int,
    coupon_id: optional(uuid),
  }),
  entity('events', ['stream_id', 'stream_version', 'period'], {
    position: bigint,
    stream_id: text,
    stream_version: int,
    type: text,
    data: jsonb,
    key: text,
    virtual_partition: { type: 'int2' },
    actor: text,
    traceparent: optional(text),
    recorded_at: instant,
    period: { type: 'date' },
  }),
  entity('idempotency_keys', ['owner', 'key'], {
    owner: text,
    key: text,
    fingerprint: text,
    response: text,
    created_at: instant,
  }),
  entity('accounts', ['id'], {
    id: uuid,
    version: int,
    created_at: instant,
    email_index: text,
    email: text,
    name: text,
    phone: optional(text),
    password_hash: text,
    roles: text,
    status: text,
  }),
  entity('sessions', ['id'], {
    id: uuid,
    version: int,
    user_id: text,
    generation: int,
    started_at: instant,
    expires_at: instant,
    ended_at: optional(instant),
    status: text,
    reason: optional(text),
  }),
  entity('refresh_tokens', ['id'], {
    id: text,
    version: int,
    session_id: uuid,
    generation: int,
    issued_at: instant,
    used_at: optional(instant),
    status: text,
  }),
  entity('throttles', ['id'], {
    id: text,
    version: int,
    touched_at: instant,
    since: optional(instant),
    locked_until: optional(instant),
    attempts: optional(int),
    status: text,
  }),
  entity('logins', ['id'], {
    id: uuid,
    at: instant,
    user_id: optional(text),
    result: text,
    address: text,
    user_agent: optional(text),
  }),
];
