-- Events with timers, simulated time
local Loop = {}
Loop.__index = Loop

function Loop.new() return setmetatable({ now = 0, events = {}, listeners = {}, seq = 0 }, Loop) end

function Loop:after(delay, fn, ...)
  self.seq = self.seq + 1
  local event = { at = self.now + delay, seq = self.seq, fn = fn, args = table.pack(...) }
  local i = #self.events
  while i > 0 and (self.events[i].at > event.at) do
    self.events[i + 1] = self.events[i]
    i = i - 1
  end
  self.events[i + 1] = event
  return event
end

function Loop:every(period, fn)
  local function again()
    if fn() ~= false then self:after(period, again) end
  end
  return self:after(period, again)
end

function Loop:on(name, fn)
  self.listeners[name] = self.listeners[name] or {}
  table.insert(self.listeners[name], fn)
end

function Loop:emit(name, ...)
  for _, fn in ipairs(self.listeners[name] or {}) do fn(...) end
end

function Loop:run(limit)
  while #self.events > 0 and self.events[1].at <= limit do
    local event = table.remove(self.events, 1)
    self.now = event.at
    event.fn(table.unpack(event.args, 1, event.args.n))
  end
  return #self.events
end

local loop = Loop.new()
local ticks = 0
loop:on("tick", function(n) print(("%4.1f tick %d"):format(loop.now, n)) end)
loop:on("exit", function(code) print(("%4.1f exit with %d"):format(loop.now, code)) end)
loop:every(1.5, function()
  ticks = ticks + 1
  loop:emit("tick", ticks)
  return ticks < 4
end)
loop:after(5, function() loop:emit("exit", 0) end)
loop:after(2, print, "one shot", "with arguments")
loop:after(100, error, "never reached")
print(loop:run(10) .. " event(s) left")
