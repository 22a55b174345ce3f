local function counter(start, step)
  local n = (start or 0) - (step or 1)
  return function()
    n = n + (step or 1)
    return n
  end
end

local c = counter(10, 5)
print(c(), c(), c())

local function range(from, to, step)
  step = step or 1
  return function(_, i)
    i = i + step
    if i <= to then return i end
  end, nil, from - step
end

local sum = 0
for i in range(1, 10) do sum = sum + i end
print("sum", sum)

local function fibonacci(n)
  return coroutine.wrap(function()
    local a, b = 0, 1
    for _ = 1, n do
      coroutine.yield(a)
      a, b = b, a + b
    end
  end)
end
for f in fibonacci(10) do io.write(f, " ") end
print()

local function map(t, f) local o = {} for i, v in ipairs(t) do o[i] = f(v) end return o end
local function filter(t, f) local o = {} for _, v in ipairs(t) do if f(v) then o[#o + 1] = v end end return o end
local function reduce(t, f, a) for _, v in ipairs(t) do a = f(a, v) end return a end
local function compose(f, g) return function(...) return f(g(...)) end end

local squares = map({ 1, 2, 3, 4, 5 }, function(x) return x * x end)
print(table.concat(filter(squares, function(x) return x % 2 == 1 end), ","), reduce(squares, math.max, 0))
print(compose(string.upper, string.reverse)("lave"))

local function memoize(f)
  return setmetatable({}, { __index = function(t, k) local v = f(k) rawset(t, k, v) return v end, __call = function(t, k) return t[k] end, __mode = "k" })
end
local fact
fact = memoize(function(n) return n < 2 and 1 or n * fact(n - 1) end)
print(fact(20), fact[5])

local function permute(a, n)
  if n == 0 then coroutine.yield(a) end
  for i = 1, n do
    a[n], a[i] = a[i], a[n]
    permute(a, n - 1)
    a[n], a[i] = a[i], a[n]
  end
end
local count = 0
for _ in coroutine.wrap(function() permute({ "a", "b", "c", "d" }, 4) end) do count = count + 1 end
print(count, _G.print == print, _VERSION:match("^Lua") ~= nil)
