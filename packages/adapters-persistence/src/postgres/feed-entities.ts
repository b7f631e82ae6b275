import { bigint, entity, instant, int, jsonb, optional, text, uuid } from './entity.js';

const smallint = { type: 'int2' } as const;

/** What the feed and the bus remember. */
export const feedEntities = [
  entity('event_marks', ['xid'], { xid: bigint, position: bigint }),
  entity('event_groups', ['name'], { name: text, types: jsonb }),
  entity('event_slices', ['group_name', 'slice'], {
    group_name: text,
    slice: smallint,
    fence: int,
    cursor: optional(text),
    owner: optional(uuid),
    lease_until: optional(instant),
  }),
  entity('event_members', ['group_name', 'member'], { group_name: text, member: uuid, lease_until: instant }),
  entity('parked_events', ['id'], {
    id: bigint,
    group_name: text,
    position: bigint,
    recorded_at: instant,
    due_at: optional(instant),
    first_failed_at: optional(instant),
    last_failed_at: optional(instant),
    slice: smallint,
    stream_version: int,
    attempts: int,
    redrives: int,
    status: text,
    stream_id: text,
    type: text,
    key: text,
    actor: text,
    traceparent: optional(text),
    data: jsonb,
    error_name: optional(text),
    error_message: optional(text),
    error_stack: optional(text),
  }),
];
