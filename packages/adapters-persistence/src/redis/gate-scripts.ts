import { Script } from './script.js';

/**
 * KEYS of all of them: 1 figures of the campaign, 2 coupons of each user, 3 pending requests (`place user`),
 * 4 pending requests of each user, 5 pending requests by the time of their admission, 6 stream of admissions.
 */
const take = `
  local function take(request)
    local slot = redis.call('HGET', KEYS[3], request)
    if not slot then return nil end
    redis.call('HDEL', KEYS[3], request)
    redis.call('ZREM', KEYS[5], request)
    local user = string.sub(slot, string.find(slot, ' ', 1, true) + 1)
    if redis.call('HINCRBY', KEYS[4], user, -1) <= 0 then redis.call('HDEL', KEYS[4], user) end
    return user
  end`;
const now = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** What `admit` answers besides places, which are positive. */
export const answers = { UNDECIDED: 0, ALREADY: -1, SOLD_OUT: -2, UNKNOWN: -3 } as const;

/** ARGV: revision, longest stream, lifetime in ms, then request and user of each wish. Answers one number each. */
export const admit = new Script(`${now}
  local known = redis.call('HMGET', KEYS[1], 'revision', 'total', 'perUser', 'issued')
  local answers = {}
  if known[1] ~= ARGV[1] then
    for i = 4, #ARGV, 2 do answers[#answers + 1] = ${answers.UNKNOWN} end
    return answers
  end
  local total, perUser, issued = tonumber(known[2]), tonumber(known[3]), tonumber(known[4])
  local pending = redis.call('HLEN', KEYS[3])
  local function decide(request, user)
    local slot = redis.call('HGET', KEYS[3], request)
    if slot then return tonumber(string.sub(slot, 1, string.find(slot, ' ', 1, true) - 1)) end
    if perUser then
      local held = tonumber(redis.call('HGET', KEYS[2], user) or '0')
      if held >= perUser then return ${answers.ALREADY} end
      if held + tonumber(redis.call('HGET', KEYS[4], user) or '0') >= perUser then return ${answers.UNDECIDED} end
    end
    if issued >= total then return ${answers.SOLD_OUT} end
    if issued + pending >= total then return ${answers.UNDECIDED} end
    pending = pending + 1
    local place = issued + pending
    redis.call('HSET', KEYS[3], request, string.format('%d %s', place, user))
    redis.call('HINCRBY', KEYS[4], user, 1)
    redis.call('ZADD', KEYS[5], now, request)
    redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[2], '*', 'request', request, 'user', user, 'place', place)
    return place
  end
  for i = 4, #ARGV, 2 do answers[#answers + 1] = decide(ARGV[i], ARGV[i + 1]) end
  for i = 3, 6 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
  return answers`);

/** ARGV: lifetime in ms, number of issued requests, these, and those that are given back. */
export const settle = new Script(`${take}
  local issued = tonumber(ARGV[2])
  for i = 3, #ARGV do
    local user = take(ARGV[i])
    if user and i < issued + 3 then
      redis.call('HINCRBY', KEYS[2], user, 1)
      redis.call('HINCRBY', KEYS[1], 'issued', 1)
    end
  end
  redis.call('PEXPIRE', KEYS[2], ARGV[1])`);

/** ARGV: age in ms from which on a pending request is stale. Answers revision, total, issued, pending, stale; nothing = no gate. */
export const state = new Script(`${now}
  local known = redis.call('HMGET', KEYS[1], 'revision', 'total', 'issued')
  if not known[1] then return {} end
  local stale = redis.call('ZCOUNT', KEYS[5], '-inf', now - tonumber(ARGV[1]))
  return { tonumber(known[1]), tonumber(known[2]), tonumber(known[3]), redis.call('HLEN', KEYS[3]), stale }`);

/** KEYS[7]: who is opening it. ARGV: that, and how long he may take, ms. Answers 0 when somebody else is at it. */
export const beginOpening = new Script(`
  if not redis.call('SET', KEYS[7], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5])
  return 1`);

/** KEYS[7] as before. ARGV: who is opening it, lifetime in ms, revision, total, per user (empty = no limit), issued. */
export const endOpening = new Script(`
  if redis.call('GET', KEYS[7]) ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'revision', ARGV[3], 'total', ARGV[4], 'perUser', ARGV[5], 'issued', ARGV[6])
  for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  redis.call('DEL', KEYS[7])
  return 1`);
