-- KEYS: block, blocked. ARGV: subject, reason, ttl. Answers nothing.
local block, blocked = unpack(KEYS)
local subject, reason, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3])
redis.call('DEL', block)
redis.call('ZREM', blocked, subject)
if ttl > 0 then
  redis.call('SET', block, string.format('%.0f ', now + ttl) .. reason, 'PXAT', math.ceil((now + ttl) / 1000))
  enter(blocked, subject, now + ttl)
end
return {}
