-- The lighthouse: a small adventure
local rooms = {
  beach = { text = "A beach with a large shell.", exits = { north = "path" }, items = { shell = true } },
  path = { text = "The path will fork here.", exits = { south = "beach", east = "lighthouse" }, items = {} },
  lighthouse = { text = "An old system of lenses.", exits = { west = "path" }, items = { lens = true } },
}

local player = { room = "beach", bag = {} }
local running = true
local commands = {}

function commands.look()
  local room = rooms[player.room]
  print(room.text)
  for item in pairs(room.items) do print("  there is a " .. item) end
  local exits = {}
  for direction in pairs(room.exits) do exits[#exits + 1] = direction end
  table.sort(exits)
  print("exits: " .. table.concat(exits, ", "))
end

function commands.go(direction)
  local target = rooms[player.room].exits[direction]
  if not target then return print("You can't go " .. tostring(direction)) end
  player.room = target
  commands.look()
end

function commands.take(item)
  local items = rooms[player.room].items
  if items[item] then
    items[item] = nil
    player.bag[item] = true
    print("Taken.")
  else
    print("No " .. tostring(item) .. " here.")
  end
end

function commands.kill(who) print("You would not hurt the " .. (who or "air") .. ".") end
function commands.quit() running = false end

local function execute(line)
  local verb, noun = line:lower():match("^%s*(%a+)%s*(%a*)")
  local command = commands[verb]
  if command then command(noun ~= "" and noun or nil) else print("What?") end
end

commands.look()
for _, line in ipairs({ "take shell", "go north", "go up", "exec rm", "go east", "kill keeper" }) do
  print("> " .. line)
  execute(line)
end
while running do
  io.write("> ")
  local line = io.read()
  if not line then break end
  execute(line)
end
