-- recursive descent calculator
local Parser = {}
Parser.__index = Parser

local function tokenize(s)
  local tokens, i = {}, 1
  while i <= #s do
    local a, b = s:find("^%s+", i)
    if a then
      i = b + 1
    else
      a, b = s:find("^%d+%.?%d*", i)
      if not a then a, b = i, i end
      tokens[#tokens + 1] = s:sub(a, b)
      i = b + 1
    end
  end
  return tokens
end

function Parser.new(s) return setmetatable({ t = tokenize(s), i = 1 }, Parser) end
function Parser:peek() return self.t[self.i] end
function Parser:next() self.i = self.i + 1; return self.t[self.i - 1] end

function Parser:expr()
  local v = self:term()
  while self:peek() == "+" or self:peek() == "-" do
    if self:next() == "+" then v = v + self:term() else v = v - self:term() end
  end
  return v
end

function Parser:term()
  local v = self:factor()
  while self:peek() == "*" or self:peek() == "/" do
    if self:next() == "*" then v = v * self:factor() else v = v / self:factor() end
  end
  return v
end

function Parser:factor()
  local t = self:next()
  if t == "(" then
    local v = self:expr()
    assert(self:next() == ")", "missing )")
    return v
  elseif t == "-" then
    return -self:factor()
  end
  return tonumber(t) or error("unexpected " .. tostring(t))
end

for line in io.lines() do
  local ok, result = pcall(function() return Parser.new(line):expr() end)
  print(ok and result or ("error: " .. result))
end
