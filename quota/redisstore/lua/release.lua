-- KEYS: leases, starts. ARGV: lease, whether its start is forgotten. Answers nothing.
local leases, starts = unpack(KEYS)
local lease, undo = ARGV[1], ARGV[2] == '1'
local till = redis.call('ZSCORE', leases, lease)
if till and tonumber(till) > now then
  redis.call('ZREM', leases, lease)
  if undo then redis.call('ZREM', starts, lease) end
end
return {}
