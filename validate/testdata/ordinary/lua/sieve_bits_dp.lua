local function sieve(n)
  local composite, primes = {}, {}
  for i = 2, n do
    if not composite[i] then
      primes[#primes + 1] = i
      for k = i * i, n, i do composite[k] = true end
    end
  end
  return primes
end

local function gcd(a, b) return b == 0 and a or gcd(b, a % b) end

local function power(b, e, m)
  local r = 1
  b = b % m
  while e > 0 do
    if e & 1 == 1 then r = r * b % m end
    b = b * b % m
    e = e >> 1
  end
  return r
end

local function lcs(a, b)
  local t = {}
  for i = 0, #a do
    t[i] = {}
    for j = 0, #b do
      if i == 0 or j == 0 then t[i][j] = ""
      elseif a:sub(i, i) == b:sub(j, j) then t[i][j] = t[i - 1][j - 1] .. a:sub(i, i)
      else t[i][j] = #t[i - 1][j] >= #t[i][j - 1] and t[i - 1][j] or t[i][j - 1] end
    end
  end
  return t[#a][#b]
end

local function queens(n)
  local solutions = 0
  local function place(row, cols, d1, d2)
    if row == n then solutions = solutions + 1 return end
    for c = 0, n - 1 do
      local bit = 1 << c
      if cols & bit == 0 and d1 & (1 << row + c) == 0 and d2 & (1 << row - c + n) == 0 then
        place(row + 1, cols | bit, d1 | 1 << row + c, d2 | 1 << row - c + n)
      end
    end
  end
  place(0, 0, 0, 0)
  return solutions
end

local function hanoi(n, a, b, c)
  if n == 0 then return 0 end
  return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
end

print(table.concat(sieve(60), " "))
print(gcd(1071, 462), power(2, 1000, 1000007), lcs("executable", "exchangeable"), queens(6), hanoi(10, "A", "B", "C"))
print(~0 & 0xFF, 0xF0 ~ 0x3C, 7 // 2, -7 // 2, -7 % 3, 2 ^ 10, 10 / 4, math.type(1), math.type(1.0), math.maxinteger + 1 == math.mininteger)
