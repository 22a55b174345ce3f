return {
  luhn = function(s)
    s = s:gsub("%s", "")
    if #s < 2 or s:match("%D") then return false end
    local sum = 0
    s = s:reverse()
    for i = 1, #s do
      local d = tonumber(s:sub(i, i))
      if i % 2 == 0 then
        d = d * 2
        if d > 9 then d = d - 9 end
      end
      sum = sum + d
    end
    return sum % 10 == 0
  end,

  acronym = function(s)
    return (s:gsub("(%a)([%a']*)[^%a]*", "%1"):upper())
  end,

  roman = function(n)
    local map = { { 1000, "M" }, { 900, "CM" }, { 500, "D" }, { 400, "CD" }, { 100, "C" }, { 90, "XC" },
      { 50, "L" }, { 40, "XL" }, { 10, "X" }, { 9, "IX" }, { 5, "V" }, { 4, "IV" }, { 1, "I" } }
    local out = ""
    for _, p in ipairs(map) do
      while n >= p[1] do
        out = out .. p[2]
        n = n - p[1]
      end
    end
    return out
  end,
}
