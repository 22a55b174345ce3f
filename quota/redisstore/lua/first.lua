-- KEYS: once. ARGV: ttl. Answers whether nobody has asked.
local once, till = KEYS[1], now + ARGV[1]
if tonumber(redis.call('GET', once) or 0) > now then return {0} end
redis.call('SET', once, till, 'PXAT', math.ceil(till / 1000))
return {1}
