-- Round robin with coroutines: a toy operating system
local Kernel = { ready = {}, nextPid = 1, log = {} }

function Kernel:spawn(name, body, ...)
  local args = table.pack(...)
  local process = {
    pid = self.nextPid,
    name = name,
    thread = coroutine.create(function() return body(table.unpack(args, 1, args.n)) end),
  }
  self.nextPid = self.nextPid + 1
  table.insert(self.ready, process)
  return process.pid
end

function Kernel:kill(pid)
  for i, p in ipairs(self.ready) do
    if p.pid == pid then
      table.remove(self.ready, i)
      return true
    end
  end
  return false
end

function Kernel:run()
  while #self.ready > 0 do
    local p = table.remove(self.ready, 1)
    local ok, request, arg = coroutine.resume(p.thread, p.result)
    p.result = nil
    if not ok then
      print(p.pid, "crashed: " .. tostring(request):gsub("^.-:%d+: ", ""))
    elseif coroutine.status(p.thread) == "dead" then
      print(p.pid, "exit " .. tostring(request or 0))
    else
      if request == "fork" then
        p.result = self:spawn(p.name .. "'", arg)
      elseif request == "write" then
        print(p.pid, arg)
      elseif request == "kill" then
        p.result = self:kill(arg)
      end
      table.insert(self.ready, p)
    end
  end
end

Kernel:spawn("init", function()
  local child = coroutine.yield("fork", function()
    for i = 1, 2 do coroutine.yield("write", "child " .. i) end
    error("out of cake")
  end)
  local loop = coroutine.yield("fork", function() while true do coroutine.yield() end end)
  coroutine.yield("write", "children " .. child .. " and " .. loop)
  coroutine.yield("kill", loop)
  return 7
end)
Kernel:run()
