import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Points: one book per user, kept by double entry. Whatever a caller does, figures move by transfers only (a trigger
 * adds them up, and nothing else may touch a figure), no figure falls below zero, every book balances, and a transfer
 * is never changed.
 */
export class Points1767225600008 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(tables);
    await runner.query(guards);
  }

  async down(runner: QueryRunner) {
    await runner.query(`
      drop table point_entries, point_transfers, point_spendings, point_lots, point_accounts;
      drop function apply_point_transfers(), refuse_point_figures(), check_point_holds(), refuse_second_end();
    `);
  }
}

const tables = `
  create table point_accounts (
    issued bigint not null default 0,
    pending bigint not null default 0,
    available bigint not null default 0,
    held bigint not null default 0,
    spent bigint not null default 0,
    expired bigint not null default 0,
    debt bigint not null default 0,
    version int not null check (version > 0),
    earnings int not null check (earnings >= 0),
    user_id text collate "C" primary key,
    constraint point_accounts_covered check (least(issued, pending, available, held, spent, expired, debt) >= 0),
    constraint point_accounts_balanced check (issued + debt = pending + available + held + spent + expired)
  ) with (fillfactor = 50);

  create table point_lots (
    points bigint not null check (points > 0),
    pending bigint not null default 0,
    available bigint not null default 0,
    held bigint not null default 0,
    expired bigint not null default 0,
    debt bigint not null default 0,
    reversed bigint not null default 0,
    earned_at timestamptz not null,
    available_at timestamptz not null,
    expires_at timestamptz,
    position int not null check (position > 0),
    point_id uuid primary key,
    user_id text collate "C" not null,
    status text collate "C" not null check (status in ('EARNED', 'CANCELLED')),
    key text collate "C" not null,
    order_number text collate "C",
    content text not null,
    reversals jsonb not null default '[]',
    constraint point_lots_covered check (least(pending, available, held, expired, debt, reversed) >= 0),
    constraint point_lots_whole check (pending + available + held <= points and reversed <= points),
    constraint point_lots_usable check (expires_at > available_at and available_at >= earned_at),
    constraint point_lots_key unique (user_id, key),
    constraint point_lots_position unique (user_id, position)
  ) with (fillfactor = 70);
  create index point_lots_alive on point_lots (user_id) where pending + available + held + debt > 0;
  create index point_lots_ripe on point_lots (available_at) where pending > 0;
  create index point_lots_overdue on point_lots (expires_at) where available > 0;

  create table point_spendings (
    points bigint not null check (points > 0),
    returned bigint not null default 0,
    until timestamptz,
    point_id uuid primary key,
    user_id text collate "C" not null,
    kind text collate "C" not null check (kind in ('USE', 'HOLD')),
    status text collate "C" not null check (status in ('HELD', 'POSTED', 'VOIDED', 'EXPIRED', 'CANCELLED')),
    key text collate "C" not null,
    order_number text collate "C" not null,
    content text not null,
    parts jsonb not null,
    reversals jsonb not null default '[]',
    constraint point_spendings_returned check (returned between 0 and points),
    constraint point_spendings_until check ((kind = 'HOLD') = (until is not null)),
    constraint point_spendings_use check (kind = 'HOLD' or status in ('POSTED', 'CANCELLED')),
    constraint point_spendings_key unique (user_id, kind, key)
  ) with (fillfactor = 70);
  create index point_spendings_held on point_spendings (user_id) where status = 'HELD';
  create index point_spendings_overdue on point_spendings (until) where status = 'HELD';

  create table point_transfers (
    recorded_at timestamptz not null default clock_timestamp(),
    points bigint not null check (points > 0),
    sequence int not null check (sequence > 0),
    line int not null check (line > 0),
    lot_id uuid not null,
    point_id uuid not null,
    user_id text collate "C" not null,
    from_account text collate "C" not null,
    to_account text collate "C" not null,
    primary key (user_id, sequence, line),
    constraint point_transfers_allowed check (case from_account
      when 'ISSUED' then to_account in ('PENDING', 'AVAILABLE', 'DEBT')
      when 'PENDING' then to_account in ('AVAILABLE', 'ISSUED')
      when 'AVAILABLE' then to_account in ('HELD', 'SPENT', 'EXPIRED', 'ISSUED')
      when 'HELD' then to_account in ('AVAILABLE', 'SPENT', 'EXPIRED', 'DEBT')
      when 'SPENT' then to_account in ('AVAILABLE', 'EXPIRED', 'DEBT')
      when 'EXPIRED' then to_account = 'ISSUED'
      when 'DEBT' then to_account = 'ISSUED'
      else false end)
  );

  create table point_entries (
    points bigint not null check (points >= 0),
    balance bigint not null check (balance >= 0),
    at timestamptz not null,
    sequence int not null check (sequence > 0),
    point_id uuid not null,
    user_id text collate "C" not null,
    type text collate "C" not null check (type in ('EARN', 'MATURE', 'USE', 'CANCEL', 'RETURN', 'REVERSE', 'EXPIRE')),
    order_number text collate "C",
    primary key (user_id, sequence)
  );
`;

/** What the transfers in `added` change of one account: in is more, or the other way round where it counts what has left. */
const change = (account: string, plus: 'to' | 'from') => {
  const minus = plus === 'to' ? 'from' : 'to';
  const name = account.toUpperCase();
  return `sum(case when ${plus}_account = '${name}' then points when ${minus}_account = '${name}' then -points else 0 end) as ${account}`;
};
const moved = [
  ...['pending', 'available', 'held', 'expired'].map(account => change(account, 'to')),
  change('debt', 'from'),
].join(', ');

const guards = `
  create function apply_point_transfers() returns trigger language plpgsql as $$
  declare
    changed int;
  begin
    update point_accounts a set issued = a.issued + d.issued, pending = a.pending + d.pending,
        available = a.available + d.available, held = a.held + d.held, spent = a.spent + d.spent,
        expired = a.expired + d.expired, debt = a.debt + d.debt
      from (select user_id, ${change('issued', 'from')}, ${change('spent', 'to')}, ${moved}
        from added group by user_id order by user_id) d
      where a.user_id = d.user_id;
    get diagnostics changed = row_count;
    if changed <> (select count(distinct user_id) from added) then
      raise exception 'points moved in a book that is not there'
        using errcode = 'foreign_key_violation', constraint = 'point_transfers_account';
    end if;
    update point_lots l set pending = l.pending + d.pending, available = l.available + d.available,
        held = l.held + d.held, expired = l.expired + d.expired, debt = l.debt + d.debt, reversed = l.reversed + d.reversed
      from (select user_id, lot_id, ${moved}, sum(case when to_account = 'ISSUED' then points else 0 end) as reversed
        from added group by user_id, lot_id order by lot_id) d
      where l.point_id = d.lot_id and l.user_id = d.user_id;
    get diagnostics changed = row_count;
    if changed <> (select count(*) from (select distinct user_id, lot_id from added) a) then
      raise exception 'points moved of a lot that the user does not have'
        using errcode = 'foreign_key_violation', constraint = 'point_transfers_lot';
    end if;
    return null;
  end $$;
  create trigger point_transfers_applied after insert on point_transfers referencing new table as added
    for each statement execute function apply_point_transfers();

  -- PointFigures begin at zero, and only the trigger above moves them: it is the first of two when this one runs.
  create function refuse_point_figures() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() < 2 then
      raise exception 'figures of % are moved by transfers only', tg_table_name
        using errcode = 'restrict_violation', constraint = tg_table_name || '_figures';
    end if;
    return new;
  end $$;
  create trigger point_accounts_empty before insert on point_accounts for each row
    when (greatest(new.issued, new.pending, new.available, new.held, new.spent, new.expired, new.debt) <> 0)
    execute function refuse_point_figures();
  create trigger point_accounts_moved before update on point_accounts for each row
    when ((old.issued, old.pending, old.available, old.held, old.spent, old.expired, old.debt, old.user_id)
      is distinct from (new.issued, new.pending, new.available, new.held, new.spent, new.expired, new.debt, new.user_id))
    execute function refuse_point_figures();
  create trigger point_lots_empty before insert on point_lots for each row
    when (greatest(new.pending, new.available, new.held, new.expired, new.debt, new.reversed) <> 0)
    execute function refuse_point_figures();
  create trigger point_lots_moved before update on point_lots for each row
    when ((old.pending, old.available, old.held, old.expired, old.debt, old.reversed, old.points, old.user_id, old.expires_at)
      is distinct from (new.pending, new.available, new.held, new.expired, new.debt, new.reversed, new.points, new.user_id, new.expires_at))
    execute function refuse_point_figures();

  -- What is held is held by somebody: looked at when the transaction commits.
  create function check_point_holds() returns trigger language plpgsql as $$
  begin
    if (select held from point_accounts where user_id = new.user_id) is distinct from
       (select coalesce(sum(points), 0) from point_spendings where user_id = new.user_id and status = 'HELD') then
      raise exception 'the holds of % do not come to what is held', new.user_id
        using errcode = 'check_violation', constraint = 'point_spendings_covered';
    end if;
    return null;
  end $$;
  create constraint trigger point_spendings_covered after insert or update on point_spendings
    deferrable initially deferred for each row execute function check_point_holds();
  create constraint trigger point_accounts_held after update of held on point_accounts
    deferrable initially deferred for each row when (old.held <> new.held) execute function check_point_holds();

  create function refuse_second_end() returns trigger language plpgsql as $$
  begin
    raise exception 'spending % has ended as % before', old.point_id, old.status
      using errcode = 'restrict_violation', constraint = 'point_spendings_end';
  end $$;
  create trigger point_spendings_end before update on point_spendings for each row
    when (old.status <> new.status and not (old.status = 'HELD' or (old.status = 'POSTED' and new.status = 'CANCELLED')))
    execute function refuse_second_end();

  ${['point_transfers', 'point_entries']
    .map(
      table => `
  create trigger ${table}_immutable before update or delete on ${table} for each row execute function refuse_change();
  create trigger ${table}_kept before truncate on ${table} for each statement execute function refuse_change();`,
    )
    .join('')}
  ${['point_accounts', 'point_lots', 'point_spendings']
    .map(
      table => `
  create trigger ${table}_kept before delete on ${table} for each row execute function refuse_change();
  create trigger ${table}_not_emptied before truncate on ${table} for each statement execute function refuse_change();`,
    )
    .join('')}
`;
