local board = {}
for i = 1, 9 do board[i] = " " end

local wins = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 }, { 1, 4, 7 }, { 2, 5, 8 }, { 3, 6, 9 }, { 1, 5, 9 }, { 3, 5, 7 } }

local function show()
  for r = 0, 2 do
    print((" %s | %s | %s "):format(table.unpack(board, r * 3 + 1, r * 3 + 3)))
    if r < 2 then print("---+---+---") end
  end
end

local function winner()
  for _, w in ipairs(wins) do
    local a, b, c = board[w[1]], board[w[2]], board[w[3]]
    if a ~= " " and a == b and b == c then return a end
  end
end

local player = "X"
for turn = 1, 9 do
  show()
  local field
  repeat
    io.write("Player ", player, ": ")
    local line = io.read()
    if not line then return end
    field = tonumber(line)
  until field and board[field] == " "
  board[field] = player
  if winner() then
    show()
    print(player .. " wins!")
    return
  end
  player = player == "X" and "O" or "X"
end
print("draw")
