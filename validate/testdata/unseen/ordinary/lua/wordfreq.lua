-- counts words of a file
local name = arg[1]
if not name then
  io.stderr:write("usage: lua wordfreq.lua FILE\n")
  os.exit(1)
end

local f, err = io.open(name, "r")
if not f then error(err) end

local counts, words = {}, {}
for line in f:lines() do
  for w in line:lower():gmatch("%a+") do
    if not counts[w] then
      counts[w] = 0
      words[#words + 1] = w
    end
    counts[w] = counts[w] + 1
  end
end
f:close()

table.sort(words, function(a, b)
  if counts[a] ~= counts[b] then return counts[a] > counts[b] end
  return a < b
end)

for i = 1, math.min(10, #words) do
  print(string.format("%5d  %s", counts[words[i]], words[i]))
end
