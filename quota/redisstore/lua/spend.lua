-- KEYS: bucket, events, signals, block. ARGV: tokens per minute, burst, whether it slides, cost; then the windows that watch.
-- Answers ok, remaining, retry, reset, score, block's rest and reason; then what each window has seen.
local bucket, events, signals, block = unpack(KEYS)
local per_minute, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local slides = ARGV[3] == '1'
local ok, remaining, retry, reset = 0, 0, 0, 0

-- slide spends from a window of a minute: a list with a moment for each token.
local function slide()
  local n = within(bucket, MINUTE)
  local over = n + cost - per_minute
  if over <= 0 then
    ok = 1
    for _ = 1, cost do redis.call('RPUSH', bucket, now) end
    if cost > 0 then keep(bucket, now + MINUTE) end
    n = n + cost
  elseif cost <= per_minute then
    retry = redis.call('LINDEX', bucket, over - 1) + MINUTE - now
  end
  remaining = math.max(0, per_minute - n)
  if n > 0 then reset = redis.call('LINDEX', bucket, math.max(0, n - per_minute)) + MINUTE - now end
end

-- pour spends from a token bucket: its level at a moment. A token is MINUTE units of it, and per_minute come back in a microsecond.
local function pour()
  local full, need = burst * MINUTE, cost * MINUTE
  local level, at = string.match(redis.call('GET', bucket) or '', '^(%S+) (%S+)$')
  level = tonumber(level or full)
  if level < full then
    level = math.min(full, level + math.max(0, now - at) * per_minute)
  else
    level = full
  end
  if level >= need then
    ok, level = 1, level - need
  elseif cost <= burst then
    retry = math.ceil((need - level) / per_minute)
  end
  remaining = math.floor(level / MINUTE)
  if remaining < burst then reset = math.ceil(((remaining + 1) * MINUTE - level) / per_minute) end
  if level < full then
    redis.call('SET', bucket, string.format('%.0f %.0f', level, now),
      'PXAT', math.ceil((now + math.ceil((full - level) / per_minute)) / 1000))
  end
end

local score, left, reason = known(signals, block)
if left > 0 then return {0, 0, 0, 0, score, left, reason} end
if slides then slide() else pour() end
local answer = {ok, remaining, retry, reset, score, left, reason}
if #ARGV > 4 then
  local windows = {}
  for i = 5, #ARGV do windows[i - 4] = tonumber(ARGV[i]) end
  for _, n in ipairs(see(events, windows)) do answer[#answer + 1] = n end
end
return answer
