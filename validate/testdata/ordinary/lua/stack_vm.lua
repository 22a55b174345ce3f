-- A stack machine with its own execute and system methods
local VM = {}
VM.__index = VM

local function assemble(source)
  local code, labels = {}, {}
  for line in source:gmatch("[^\n]+") do
    line = line:gsub(";.*", ""):match("^%s*(.-)%s*$")
    local label = line:match("^(%w+):$")
    if label then
      labels[label] = #code + 1
    elseif line ~= "" then
      local op, arg = line:match("^(%w+)%s*(%S*)$")
      code[#code + 1] = { op = op, arg = tonumber(arg) or arg }
    end
  end
  for _, ins in ipairs(code) do
    if ins.op:sub(1, 1) == "j" then ins.arg = labels[ins.arg] end
  end
  return code
end

function VM.new(code) return setmetatable({ code = code, stack = {}, memory = {}, pc = 1 }, VM) end
function VM:push(v) self.stack[#self.stack + 1] = v end
function VM:pop() return table.remove(self.stack) or error("stack underflow at " .. self.pc, 0) end
local ops = {
  push = function(vm, a) vm:push(a) end,
  load = function(vm, a) vm:push(vm.memory[a]) end,
  store = function(vm, a) vm.memory[a] = vm:pop() end,
  add = function(vm) vm:push(vm:pop() + vm:pop()) end,
  mul = function(vm) vm:push(vm:pop() * vm:pop()) end,
  jz = function(vm, a) if vm:pop() == 0 then vm.pc = a end end,
  jmp = function(vm, a) vm.pc = a end,
  sys = function(vm, a) vm:system(a) end,
}
function VM:system(call)
  if call == "print" then print(self:pop()) elseif call == "exit" then self.pc = math.huge end
end
function VM:execute()
  while self.code[self.pc] do
    local ins = self.code[self.pc]
    self.pc = self.pc + 1
    local op = ops[ins.op] or error("bad instruction " .. ins.op, 0)
    op(self, ins.arg)
  end
end
local factorial = [[
  push 6
  store n
  push 1
  store acc
loop:
  load n
  jz done
  load acc
  load n
  mul
  store acc      ; acc = acc * n
  load n
  push -1
  add
  store n
  jmp loop
done:
  load acc
  sys print
  sys exit
]]
VM.new(assemble(factorial)):execute()
print(pcall(VM.execute, VM.new(assemble("add"))))
