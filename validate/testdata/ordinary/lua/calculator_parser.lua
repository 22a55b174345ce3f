-- Calculator by recursive descent. load("return " .. text)() would be shorter, and dangerous.
local Calculator = {}
Calculator.__index = Calculator

local functions = { sqrt = math.sqrt, abs = math.abs, max = math.max }

function Calculator.new() return setmetatable({ vars = { pi = math.pi } }, Calculator) end

function Calculator:take(pattern)
  local s, e, found = self.text:find("^%s*(" .. pattern .. ")", self.pos)
  if s then
    self.pos = e + 1
    return found
  end
end

function Calculator:factor()
  local number = self:take("%d+%.?%d*")
  if number then return tonumber(number) end
  if self:take("%-") then return -self:factor() end
  if self:take("%(") then
    local value = self:expression()
    assert(self:take("%)"), "missing )")
    return value
  end
  local name = self:take("%a%w*") or error("number expected", 0)
  if self:take("%(") then
    local args = {}
    repeat args[#args + 1] = self:expression() until not self:take(",")
    assert(self:take("%)"), "missing )")
    return (functions[name] or error("no function " .. name, 0))(table.unpack(args))
  end
  return self.vars[name] or error("undefined " .. name, 0)
end

function Calculator:term()
  local value = self:factor()
  while true do
    if self:take("%*") then value = value * self:factor()
    elseif self:take("/") then value = value / self:factor()
    else return value end
  end
end

function Calculator:expression()
  local value = self:term()
  while true do
    if self:take("%+") then value = value + self:term()
    elseif self:take("%-") then value = value - self:term()
    else return value end
  end
end

function Calculator:eval(text)
  local name, rest = text:match("^%s*(%a%w*)%s*=(.*)$")
  self.text, self.pos = rest or text, 1
  local value = self:expression()
  if name then self.vars[name] = value end
  return value
end

local calc = Calculator.new()
for _, line in ipairs({ "1 + 2 * 3", "x = (1 + 2) * 3", "max(x, sqrt(16), 2)", "-x / 2", "os.execute('ls')", "1 +" }) do
  local ok, result = pcall(calc.eval, calc, line)
  print(line, ok and result or "error: " .. tostring(result))
end
