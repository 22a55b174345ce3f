-- error, pcall, xpcall, assert, and errors that are tables
local Stack = {}
Stack.__index = Stack

function Stack.new() return setmetatable({ n = 0 }, Stack) end

function Stack:push(...)
  for i = 1, select("#", ...) do
    self.n = self.n + 1
    self[self.n] = (select(i, ...))
  end
  return self
end

function Stack:pop()
  if self.n == 0 then error({ code = "EMPTY", message = "stack is empty" }) end
  local v = self[self.n]
  self[self.n] = nil
  self.n = self.n - 1
  return v
end

local s = Stack.new():push(1, 2, 3)
print(s:pop(), s:pop(), s:pop())
local ok, err = pcall(s.pop, s)
print(ok, type(err), err.code, err.message)

local function handler(e)
  local trace = debug.traceback(tostring(e), 2)
  return { message = tostring(e):gsub("^.-:%d+: ", ""), lines = select(2, trace:gsub("\n", "\n")) }
end
local _, report = xpcall(function() local t = nil; return t.field end, handler)
print(report.message ~= nil, report.lines > 1)

local function try(body, catch, finally)
  local result = table.pack(pcall(body))
  if not result[1] and catch then catch(result[2]) end
  if finally then finally() end
  return table.unpack(result, 2, result.n)
end

try(function() error("boom", 0) end,
  function(e) print("caught", e) end,
  function() print("finally") end)
print(try(function() return 1, nil, 3 end))

print(pcall(error))
print(select("#", pcall(error, nil)))
print(pcall(assert, false, "assertion text"))
print(pcall(assert, 1, "unused"))
print(pcall(setmetatable, 1, {}) == false, tostring(nil), tonumber("0x1F"), tonumber("z", 36), tonumber("abc"))
local locked = setmetatable({}, { __newindex = function(_, k) error("cannot set " .. k, 0) end, __metatable = "locked" })
print(pcall(function() locked.x = 1 end))
print(getmetatable(locked))
