-- What the verbs share. Moments and lengths are whole microseconds, below 2^53, where Lua counts exactly. What is over is told by the
-- moments that are stored; that a key expires only gives its memory back.

-- CERTAIN, MAX_SIGNALS: of package quota, put in front of this.
local MINUTE = 60000000

-- keep lets a key live until a moment.
local function keep(key, till)
  redis.call('PEXPIREAT', key, math.ceil(till / 1000))
end

-- first_within is the place of the first of a list's n moments that lies within a length of now. They are in order. It looks at the
-- first one first: mostly that is it.
local function first_within(key, n, length)
  local low, middle, high = 0, 0, n
  while low < high do
    if now - redis.call('LINDEX', key, middle) >= length then low = middle + 1 else high = middle end
    middle = math.floor((low + high) / 2)
  end
  return low
end

-- within is how many moments of a list lie within a length of now. It forgets the others.
local function within(key, length)
  local n = redis.call('LLEN', key)
  local old = first_within(key, n, length)
  if old > 0 then redis.call('LTRIM', key, old, -1) end
  return n - old
end

-- see counts an event in windows, each a length and a most, and keeps no more moments than they need.
local function see(key, windows)
  local longest, most = 0, 0
  for i = 1, #windows, 2 do
    longest, most = math.max(longest, windows[i]), math.max(most, windows[i + 1])
  end
  within(key, longest)
  local n = redis.call('RPUSH', key, now)
  if n > most + 1 then
    redis.call('LTRIM', key, -(most + 1), -1)
    n = most + 1
  end
  keep(key, now + longest)
  local seen = {}
  for i = 1, #windows, 2 do
    seen[#seen + 1] = math.min(n - first_within(key, n, windows[i]), windows[i + 1] + 1)
  end
  return seen
end

-- known is what is known against a subject: the score, for how long it is blocked, why, and how many signals of each kind there are.
local function known(signals, block)
  local score, kinds = 0, {}
  for _, signal in ipairs(redis.call('LRANGE', signals, 0, -1)) do
    local till, weight, kind = string.match(signal, '^(%S+) (%S+) (.*)$')
    if tonumber(till) > now then
      score = math.min(score + weight, CERTAIN)
      kinds[kind] = (kinds[kind] or 0) + 1
    end
  end
  local till, reason = string.match(redis.call('GET', block) or '', '^(%S+) (.*)$')
  local left = till and till - now or 0
  if left <= 0 then return score, 0, '', kinds end
  return score, left, reason, kinds
end

-- listed is the same as an answer.
local function listed(signals, block)
  local score, left, reason, kinds = known(signals, block)
  local answer = {score, left, reason}
  for kind, n in pairs(kinds) do
    answer[#answer + 1] = kind
    answer[#answer + 1] = n
  end
  return answer
end

-- enter puts a subject into an index until a moment, and drops from it what is over.
local function enter(index, subject, till)
  redis.call('ZADD', index, 'GT', till, subject)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')
  if last[2] then keep(index, last[2]) end
end
