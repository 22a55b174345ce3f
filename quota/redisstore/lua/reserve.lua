-- KEYS: leases and starts, each by lease: until when it is held, when it was taken. ARGV: lease, its ttl, leases at a time; the starts'
-- window and how many there may be. Answers ok, full, held, started, retry, reset.
local leases, starts = unpack(KEYS)
local lease = ARGV[1]
local ttl, most, length, starts_most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local counted = starts_most > 0

-- left is how long it is until the nth start, from 0 on, is forgotten.
local function left(n)
  return redis.call('ZRANGE', starts, n, n, 'WITHSCORES')[2] + length - now
end

redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
local held, started, retry, reset = redis.call('ZCARD', leases), 0, 0, 0
if counted then
  redis.call('ZREMRANGEBYSCORE', starts, '-inf', now - length)
  started = redis.call('ZCARD', starts)
  if started >= starts_most then retry = left(started - starts_most) end
end
local full = held >= most
local ok = not full and retry == 0
if ok and lease ~= '' then
  held = held + redis.call('ZADD', leases, now + ttl, lease)
  keep(leases, redis.call('ZRANGE', leases, -1, -1, 'WITHSCORES')[2])
  if counted then
    started = started + redis.call('ZADD', starts, now, lease)
    keep(starts, now + length)
  end
end
if started > 0 then reset = left(0) end
return {ok and 1 or 0, full and 1 or 0, held, started, retry, reset}
