-- KEYS: suspects, blocked. ARGV: what stands before a subject in the keys of its signals and its block, which lie beside these.
-- Answers each subject with what is known.
local answer, asked = {}, {}
for _, index in ipairs(KEYS) do
  for _, subject in ipairs(redis.call('ZRANGEBYSCORE', index, '(' .. string.format('%.0f', now), '+inf')) do
    if not asked[subject] then
      asked[subject] = true
      answer[#answer + 1] = {subject, listed(ARGV[1] .. subject, ARGV[2] .. subject)}
    end
  end
end
return answer
