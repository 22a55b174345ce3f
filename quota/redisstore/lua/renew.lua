-- KEYS: leases. ARGV: lease, ttl. Answers whether it was alive.
local leases, lease, ttl = KEYS[1], ARGV[1], tonumber(ARGV[2])
local till = redis.call('ZSCORE', leases, lease)
if not till or tonumber(till) <= now then return {0} end
redis.call('ZADD', leases, now + ttl, lease)
keep(leases, redis.call('ZRANGE', leases, -1, -1, 'WITHSCORES')[2])
return {1}
