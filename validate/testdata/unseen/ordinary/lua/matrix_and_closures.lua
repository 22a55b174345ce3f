local function matmul(a, b)
  local c = {}
  for i = 1, #a do
    c[i] = {}
    for j = 1, #b[1] do
      local s = 0
      for k = 1, #b do s = s + a[i][k] * b[k][j] end
      c[i][j] = s
    end
  end
  return c
end

local function matpow(m, n)
  local r = { { 1, 0 }, { 0, 1 } }
  while n > 0 do
    if n % 2 == 1 then r = matmul(r, m) end
    m = matmul(m, m)
    n = math.floor(n / 2)
  end
  return r
end

local function compose(...)
  local fs = { ... }
  return function(x)
    for i = #fs, 1, -1 do x = fs[i](x) end
    return x
  end
end

local function memoize(f)
  local cache = setmetatable({}, { __mode = "k" })
  return function(n)
    if cache[n] == nil then cache[n] = f(n) end
    return cache[n]
  end
end

local fib = memoize(function(n) return matpow({ { 1, 1 }, { 1, 0 } }, n)[1][2] end)
local t = os.clock()
for i = 0, 20 do io.write(fib(i), " ") end
print()
print(compose(math.sqrt, math.abs)(-16), select("#", 1, nil, 3))
print(os.clock() - t < 1)
