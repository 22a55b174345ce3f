-- KEYS: signals, block, suspects. ARGV: subject, kind, weight, ttl; how many suspects there may be. Answers what is known.
local signals, block, suspects = unpack(KEYS)
local subject, kind, weight, ttl, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('RPUSH', signals, string.format('%.0f ', now + ttl) .. weight .. ' ' .. kind)
redis.call('LTRIM', signals, -MAX_SIGNALS, -1)
enter(suspects, subject, now + ttl)
keep(signals, redis.call('ZSCORE', suspects, subject))
-- What is known against the one that has been quiet for longest is forgotten. Its key lies beside this one.
local beside = string.sub(signals, 1, #signals - #subject)
for _ = most + 1, redis.call('ZCARD', suspects) do
  redis.call('DEL', beside .. redis.call('ZPOPMIN', suspects)[1])
end
return listed(signals, block)
