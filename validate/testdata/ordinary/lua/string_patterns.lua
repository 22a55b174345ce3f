local text = "On 2024-03-01 ann@example.com paid 12.50 EUR, on 2024-12-24 bob@test.org paid 7 EUR."

for y, m, d in text:gmatch("(%d+)%-(%d+)%-(%d+)") do
  print(("%s.%s.%s"):format(d, m, y))
end

local total = 0
for amount in text:gmatch("paid ([%d%.]+) EUR") do total = total + tonumber(amount) end
print("total", total)

print((text:gsub("(%w+)@(%w+)%.%w+", "%1 at %2")))
print(select(2, text:gsub("%d", "")) .. " digits")

local vars = { name = "World", cmd = "os.execute('rm -rf /')" }
print((("Hello ${name}, not ${cmd}, ${missing}"):gsub("%${(%w+)}", function(k) return vars[k] or "?" end)))

local function split(s, sep)
  local out = {}
  for part in (s .. sep):gmatch("(.-)" .. sep:gsub("%p", "%%%0")) do out[#out + 1] = part end
  return out
end
print(table.concat(split("a,b,,c", ","), "|"))

local function caesar(s, k)
  return (s:gsub("%a", function(c)
    local base = c:match("%l") and 97 or 65
    return string.char((c:byte() - base + k) % 26 + base)
  end))
end
print(caesar("Hello", 3), caesar(caesar("Hello", 3), -3))

local function is_palindrome(s)
  s = s:lower():gsub("%A", "")
  return s == s:reverse()
end
print(is_palindrome("A man, a plan, a canal: Panama"), is_palindrome("load"))

local function wrap(s, width)
  local lines, line = {}, ""
  for word in s:gmatch("%S+") do
    if #line + #word + 1 > width then
      lines[#lines + 1] = line
      line = word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  return table.concat(lines, "\n") .. "\n" .. line
end
print(wrap("the quick brown fox jumps over the lazy dog and runs away", 20))
print(("x"):rep(3, "-"), ("%q"):format('say "hi"'), "\x48\x65\x6c\x6c\x6f", utf8.char(9731), #"\u{2603}")
print(string.pack(">I4", 0xDEADBEEF):byte(1, -1))
