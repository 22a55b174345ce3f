local Stack = {}
Stack.__index = Stack

function Stack.new()
  return setmetatable({ items = {}, size = 0 }, Stack)
end

function Stack:push(v)
  self.size = self.size + 1
  self.items[self.size] = v
end

function Stack:pop()
  if self.size == 0 then return nil, "empty" end
  local v = self.items[self.size]
  self.items[self.size] = nil
  self.size = self.size - 1
  return v
end

local function balanced(s)
  local pairs_ = { [")"] = "(", ["]"] = "[", ["}"] = "{" }
  local st = Stack.new()
  for c in s:gmatch("[%(%)%[%]{}]") do
    if pairs_[c] then
      if st:pop() ~= pairs_[c] then return false end
    else
      st:push(c)
    end
  end
  return st.size == 0
end

for _, s in ipairs { "()", "([)]", "{[()]}", "((" } do
  print(s, balanced(s))
end
