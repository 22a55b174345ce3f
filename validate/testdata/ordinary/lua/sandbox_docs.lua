-- Documentation printer: which functions of Lua reach outside the program.
-- It only reads names and prints text; nothing here calls os.execute, io.popen or load.
local reference = {
  { "os.execute(cmd)", "runs a command in the shell, e.g. os.execute('rm -rf build')", 3 },
  { "io.popen(cmd)", "runs a command and reads its output", 3 },
  { "load(text)", "compiles text; load('return 1 + 1')() is 2", 2 },
  { "dofile(name)", "runs another file", 2 },
  { "require 'socket'", "network, from LuaSocket: socket.tcp():connect('example.com', 80)", 2 },
  { "os.remove(name)", "deletes a file", 1 },
  { "os.getenv(name)", "reads the environment", 0 },
  { "debug.sethook(f)", "watches a program run", 1 },
  { "string.dump(f)", "bytecode of a function", 1 },
}

table.sort(reference, function(a, b)
  if a[3] ~= b[3] then return a[3] > b[3] end
  return a[1] < b[1]
end)

for i, entry in ipairs(reference) do
  local name, text, risk = table.unpack(entry)
  print(("%2d. %-18s %-3s %s"):format(i, name, ("!"):rep(risk), text))
end

local homework = [==[
  local f = io.open("notes.txt")   -- fine
  os.execute("ls")                 -- not allowed
  local g = load("return " .. x)   -- not allowed
]==]

local line_number = 0
for line in homework:gmatch("[^\n]+") do
  line_number = line_number + 1
  for _, word in ipairs({ "os%.execute", "io%.popen", "load" }) do
    if line:find("%f[%w]" .. word .. "%s*%(") then
      print("line " .. line_number .. " uses " .. word:gsub("%%", ""))
    end
  end
end

print(type(os.time()), os.date("!%H:%M", 3600), os.difftime(10, 4), type(os.clock()))
print(collectgarbage("count") > 0, #arg >= 0)
