-- Reading and writing of a file of our own
local path = os.tmpname()

local out = assert(io.open(path, "w"))
for i = 1, 5 do
  out:write(i, ",", i * i, "\n")
end
out:close()

local sum = 0
for line in io.lines(path) do
  local n, square = line:match("^(%d+),(%d+)$")
  sum = sum + tonumber(square)
  print(n .. " squared is " .. square)
end
print("sum", sum)

local f = assert(io.open(path, "r+"))
local size = f:seek("end")
f:write("the end\n")
f:seek("set", 0)
print("first number", f:read("n"))
f:close()
print("it had " .. size .. " bytes")

local function try_open(name)
  local file, message, code = io.open(name)
  if not file then return nil, message, code end
  local first = file:read("l")
  file:close()
  return first
end

print(select("#", try_open("/no/such/file")), select(3, try_open("/no/such/file")))
print(try_open(path))

local ok, err = pcall(function()
  local missing <close> = assert(io.open("/no/such/file"))
end)
print(ok, type(err))

assert(os.remove(path))
print("removed", io.open(path) == nil)
print(os.getenv("HOME") and "home is set" or "no home", os.date("%Y") >= "2023")
