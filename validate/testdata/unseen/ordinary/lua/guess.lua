math.randomseed(os.time())

local secret = math.random(1, 100)
local tries = 0

print("Guess a number between 1 and 100")
while true do
  io.write("> ")
  local line = io.read()
  if not line or line == "quit" then break end
  local n = tonumber(line)
  if not n then
    print("that is not a number")
  else
    tries = tries + 1
    if n < secret then
      print("too low")
    elseif n > secret then
      print("too high")
    else
      print("right, after " .. tries .. " tries")
      break
    end
  end
end
os.exit(0)
