-- Guess the number
math.randomseed(os.time())

local secret = math.random(1, 100)
local tries = 0

while true do
  io.write("Your guess (q quits): ")
  io.flush()
  local line = io.read("l")
  if not line or line:match("^%s*q") then
    print("\nThe number was " .. secret)
    os.exit(0)
  end
  local guess = tonumber(line)
  if not guess then
    io.stderr:write("not a number: ", line, "\n")
    goto continue
  end
  tries = tries + 1
  if guess < secret then
    print("Too low")
  elseif guess > secret then
    print("Too high")
  else
    print(("Right after %d %s!"):format(tries, tries == 1 and "try" or "tries"))
    break
  end
  ::continue::
end
