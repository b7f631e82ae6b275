import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Version, name of the key, and at least a nonce and a tag in base64url. */
const sealed = String.raw`'^v1\.[A-Za-z0-9_-]{1,16}\.[A-Za-z0-9_-]{38,}$'`;

/**
 * Accounts, the sessions that log-ins begin, the refresh tokens of each, and who tried to get in. Names, addresses and
 * phone numbers come sealed: the checks refuse what is legible, whoever writes it.
 */
export class Accounts1767225600009 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query(`
      create table accounts (
        id uuid primary key,
        version int not null check (version > 0),
        created_at timestamptz not null,
        email_index text collate "C" not null,
        email text not null,
        name text not null,
        phone text,
        password_hash text not null,
        roles text not null,
        status text not null check (status = 'ACTIVE'),
        constraint accounts_sealed check (email_index ~ '^[A-Za-z0-9_-]{43}$' and email ~ ${sealed} and name ~ ${sealed}
          and phone ~ ${sealed}),
        constraint accounts_password check (password_hash like '$argon2id$%'),
        constraint accounts_roles check (roles ~ '^(shopper|operator|admin|service)(,(shopper|operator|admin|service))*$')
      );
      create unique index accounts_email on accounts (email_index);

      create table sessions (
        id uuid primary key,
        version int not null check (version > 0),
        user_id text collate "C" not null,
        generation int not null check (generation > 0),
        started_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz,
        status text collate "C" not null,
        reason text,
        constraint sessions_length check (expires_at > started_at),
        constraint sessions_status check (case status
          when 'OPEN' then num_nonnulls(ended_at, reason) = 0
          when 'ENDED' then ended_at is not null and reason in ('LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'EXPIRED')
          else false end)
      );
      create index sessions_open on sessions (user_id) where status = 'OPEN';
      create index sessions_over on sessions (coalesce(ended_at, expires_at));

      create table refresh_tokens (
        id text collate "C" primary key,
        version int not null check (version > 0),
        session_id uuid not null,
        generation int not null check (generation > 0),
        issued_at timestamptz not null,
        used_at timestamptz,
        status text collate "C" not null,
        constraint refresh_tokens_digest check (id ~ '^[0-9a-f]{64}$'),
        constraint refresh_tokens_status check (case status
          when 'FRESH' then used_at is null when 'USED' then used_at is not null else false end)
      );
      create index refresh_tokens_family on refresh_tokens (session_id);

      create table throttles (
        id text collate "C" primary key,
        version int not null check (version > 0),
        touched_at timestamptz not null default clock_timestamp(),
        since timestamptz,
        locked_until timestamptz,
        attempts int,
        status text collate "C" not null,
        constraint throttles_digest check (id ~ '^[A-Za-z0-9_-]{43,64}$'),
        constraint throttles_status check (case status
          when 'CLEAR' then num_nonnulls(since, locked_until, attempts) = 0
          when 'COUNTING' then num_nonnulls(since, attempts) = 2 and locked_until is null and attempts > 0
          when 'LOCKED' then locked_until is not null and num_nonnulls(since, attempts) = 0
          else false end)
      );
      create index throttles_age on throttles (touched_at);
      create function touch_throttle() returns trigger language plpgsql as $$
      begin
        new.touched_at := clock_timestamp();
        return new;
      end $$;
      create trigger throttles_touched before update on throttles for each row execute function touch_throttle();

      create table logins (
        id uuid primary key,
        at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
        user_id text collate "C",
        result text not null check (result in ('SUCCEEDED', 'FAILED', 'LOCKED')),
        address text not null,
        user_agent text check (length(user_agent) <= 200)
      );
      create index logins_newest on logins (user_id, at, id) where user_id is not null;
      create index logins_age on logins (at);
    `);
  }

  async down(runner: QueryRunner) {
    await runner.query(`
      drop table logins, throttles, refresh_tokens, sessions, accounts;
      drop function touch_throttle();
    `);
  }
}
