local function copy(t) return table.move(t, 1, #t, 1, {}) end

local sorts = {}

function sorts.bubble(a)
  for n = #a - 1, 1, -1 do
    for i = 1, n do
      if a[i] > a[i + 1] then a[i], a[i + 1] = a[i + 1], a[i] end
    end
  end
  return a
end

function sorts.quick(a, lo, hi)
  lo, hi = lo or 1, hi or #a
  if lo < hi then
    local pivot, i = a[hi], lo
    for j = lo, hi - 1 do
      if a[j] < pivot then
        a[i], a[j] = a[j], a[i]
        i = i + 1
      end
    end
    a[i], a[hi] = a[hi], a[i]
    sorts.quick(a, lo, i - 1)
    sorts.quick(a, i + 1, hi)
  end
  return a
end

function sorts.merge(a)
  if #a < 2 then return a end
  local mid = #a // 2
  local l = sorts.merge(table.move(a, 1, mid, 1, {}))
  local r = sorts.merge(table.move(a, mid + 1, #a, 1, {}))
  local out, i, j = {}, 1, 1
  while i <= #l or j <= #r do
    if j > #r or (i <= #l and l[i] <= r[j]) then
      out[#out + 1] = l[i]
      i = i + 1
    else
      out[#out + 1] = r[j]
      j = j + 1
    end
  end
  return out
end

local data = {}
for i = 1, 200 do data[i] = math.random(1000) end
local expected = copy(data)
table.sort(expected)
expected = table.concat(expected, ",")

for name, sort in pairs(sorts) do
  local start = os.clock()
  local ok = table.concat(sort(copy(data)), ",") == expected
  local seconds = os.clock() - start
  print(name, ok and "ok" or "WRONG", seconds < 5 and "fast" or "slow")
end
