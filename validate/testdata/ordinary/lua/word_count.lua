#!/usr/bin/env lua
-- usage: lua word_count.lua [file]
local sample = [[
The shell reads a line, and the shell will execute the command.
The command may fork; os.execute and io.popen would start it from Lua.
]]

local function read(path)
  if not path then return sample end
  local f, err = io.open(path, "r")
  if not f then
    io.stderr:write(err, "\n")
    os.exit(1)
  end
  local text = f:read("*a")
  f:close()
  return text
end

local counts, total = {}, 0
for word in read(arg and arg[1]):lower():gmatch("[%a']+") do
  counts[word] = (counts[word] or 0) + 1
  total = total + 1
end

local words = {}
for word in pairs(counts) do words[#words + 1] = word end
table.sort(words, function(a, b)
  if counts[a] ~= counts[b] then return counts[a] > counts[b] end
  return a < b
end)

for i = 1, math.min(10, #words) do
  local w = words[i]
  print(string.format("%-10s %3d %s", w, counts[w], ("*"):rep(counts[w])))
end
print(total .. " words, " .. #words .. " different")

local lengths = setmetatable({}, { __index = function() return 0 end })
for _, w in ipairs(words) do lengths[#w] = lengths[#w] + 1 end
for n = 1, 12 do
  if lengths[n] > 0 then io.write(n, ":", lengths[n], " ") end
end
print()
