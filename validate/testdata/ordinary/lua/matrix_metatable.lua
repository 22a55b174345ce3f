local Matrix = {}
Matrix.__index = Matrix

function Matrix.new(rows)
  return setmetatable(rows, Matrix)
end

function Matrix.identity(n)
  local m = {}
  for i = 1, n do
    m[i] = {}
    for j = 1, n do m[i][j] = i == j and 1 or 0 end
  end
  return Matrix.new(m)
end

function Matrix.__mul(a, b)
  if #a[1] ~= #b then error("sizes do not match", 2) end
  local out = {}
  for i = 1, #a do
    out[i] = {}
    for j = 1, #b[1] do
      local sum = 0
      for k = 1, #b do sum = sum + a[i][k] * b[k][j] end
      out[i][j] = sum
    end
  end
  return Matrix.new(out)
end

function Matrix.__pow(m, n)
  local result = Matrix.identity(#m)
  while n > 0 do
    if n & 1 == 1 then result = result * m end
    m = m * m
    n = n >> 1
  end
  return result
end

function Matrix.__eq(a, b)
  for i = 1, #a do
    for j = 1, #a[1] do
      if a[i][j] ~= b[i][j] then return false end
    end
  end
  return true
end

function Matrix.__tostring(m)
  local lines = {}
  for i, row in ipairs(m) do lines[i] = table.concat(row, "\t") end
  return table.concat(lines, "\n")
end

local fib = Matrix.new({ { 1, 1 }, { 1, 0 } })
print(fib ^ 30)
print(fib * Matrix.identity(2) == fib)
local ok, message = pcall(function() return fib * Matrix.new({ { 1, 2 } }) end)
print(ok, (message:gsub("^.*: ", "")))
