local function producer(n)
  return coroutine.create(function()
    for i = 1, n do
      coroutine.yield("item " .. i)
    end
    return "done"
  end)
end

local function permgen(a, n)
  n = n or #a
  if n <= 1 then
    coroutine.yield(a)
  else
    for i = 1, n do
      a[n], a[i] = a[i], a[n]
      permgen(a, n - 1)
      a[n], a[i] = a[i], a[n]
    end
  end
end

local p = producer(3)
while coroutine.status(p) ~= "dead" do
  print(coroutine.resume(p))
end

for perm in coroutine.wrap(function() permgen({ 1, 2, 3 }) end) do
  print(table.concat(perm, " "))
end
