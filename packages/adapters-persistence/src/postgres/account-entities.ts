import { entity, instant, int, optional, text, uuid } from './entity.js';

/** The tables of the user area. */
export const accountEntities = [
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
