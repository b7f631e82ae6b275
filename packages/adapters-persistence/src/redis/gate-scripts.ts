import { Script } from './script.js';

/**
 * KEYS of all of them: 1 figures of the campaign, 2 coupons of each user, 3 pending requests (`place user`),
 * 4 pending requests of each user, 5 pending requests by the time of their admission, 6 stream of admissions.
 */
const sets = `
  local call = redis.call
  -- The numbers of these users under a key, by user.
  local function counts(key, users)
    local numbers = {}
    if #users == 0 then return numbers end
    for i, number in ipairs(call('HMGET', key, unpack(users))) do numbers[users[i]] = tonumber(number or '0') end
    return numbers
  end
  -- Writes what has become of the numbers of these users; none is no entry.
  local function keep(key, users, numbers)
    local some, none = {}, {}
    for _, user in ipairs(users) do
      if numbers[user] > 0 then
        some[#some + 1] = user
        some[#some + 1] = numbers[user]
      else none[#none + 1] = user end
    end
    if #some > 0 then call('HSET', key, unpack(some)) end
    if #none > 0 then call('HDEL', key, unpack(none)) end
  end
  local function at(slot) return string.find(slot, ' ', 1, true) end`;
const now = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** What `admit` answers besides places, which are positive. */
export const answers = { UNDECIDED: 0, ALREADY: -1, SOLD_OUT: -2, UNKNOWN: -3 } as const;

/**
 * ARGV: revision, longest stream, lifetime in ms, then request and user of each wish. Answers one number each. What is read
 * and written of them goes together, but for the records of the stream: a command costs more than what it does.
 */
export const admit = new Script(`${sets}${now}
  local known = call('HMGET', KEYS[1], 'revision', 'total', 'perUser', 'issued')
  local answers = {}
  if known[1] ~= ARGV[1] then
    for i = 4, #ARGV, 2 do answers[#answers + 1] = ${answers.UNKNOWN} end
    return answers
  end
  local total, perUser, issued = tonumber(known[2]), tonumber(known[3]), tonumber(known[4])
  local requests, users = {}, {}
  for i = 4, #ARGV, 2 do
    requests[#requests + 1] = ARGV[i]
    users[#users + 1] = ARGV[i + 1]
  end
  local slots, pending = call('HMGET', KEYS[3], unpack(requests)), call('HLEN', KEYS[3])
  local held, hoping = counts(KEYS[2], perUser and users or {}), counts(KEYS[4], users)
  local places, taken, hopes, since = {}, {}, {}, {}
  local function decide(request, user, slot)
    if slot then return tonumber(string.sub(slot, 1, at(slot) - 1)) end
    if places[request] then return places[request] end
    if perUser then
      if held[user] >= perUser then return ${answers.ALREADY} end
      if held[user] + hoping[user] >= perUser then return ${answers.UNDECIDED} end
    end
    if issued >= total then return ${answers.SOLD_OUT} end
    if issued + pending >= total then return ${answers.UNDECIDED} end
    pending = pending + 1
    local place = issued + pending
    places[request] = place
    hoping[user] = hoping[user] + 1
    taken[#taken + 1] = request
    taken[#taken + 1] = string.format('%d %s', place, user)
    hopes[#hopes + 1] = user
    since[#since + 1] = now
    since[#since + 1] = request
    call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[2], '*', 'request', request, 'user', user, 'place', place)
    return place
  end
  for i, request in ipairs(requests) do answers[i] = decide(request, users[i], slots[i]) end
  if #taken > 0 then
    call('HSET', KEYS[3], unpack(taken))
    call('ZADD', KEYS[5], unpack(since))
    keep(KEYS[4], hopes, hoping)
    for i = 3, 6 do call('PEXPIRE', KEYS[i], ARGV[3]) end
  end
  return answers`);

/** ARGV: lifetime in ms, number of issued requests, these, and those that are given back. */
export const settle = new Script(`${sets}
  local issued = tonumber(ARGV[2])
  local requests, users, winners, gone, seen = {}, {}, {}, {}, {}
  for i = 3, #ARGV do requests[#requests + 1] = ARGV[i] end
  for i, slot in ipairs(call('HMGET', KEYS[3], unpack(requests))) do
    local request = requests[i]
    if slot and not seen[request] then
      seen[request] = true
      gone[#gone + 1] = request
      users[#users + 1] = string.sub(slot, at(slot) + 1)
      if i <= issued then winners[#winners + 1] = users[#users] end
    end
  end
  if #gone == 0 then return end
  call('HDEL', KEYS[3], unpack(gone))
  call('ZREM', KEYS[5], unpack(gone))
  local hoping, held = counts(KEYS[4], users), counts(KEYS[2], winners)
  for _, user in ipairs(users) do hoping[user] = hoping[user] - 1 end
  for _, user in ipairs(winners) do held[user] = held[user] + 1 end
  keep(KEYS[4], users, hoping)
  keep(KEYS[2], winners, held)
  if #winners > 0 then call('HINCRBY', KEYS[1], 'issued', #winners) end
  call('PEXPIRE', KEYS[2], ARGV[1])`);

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
