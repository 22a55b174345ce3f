local graph = {
  a = { b = 7, c = 9, f = 14 },
  b = { c = 10, d = 15 },
  c = { d = 11, f = 2 },
  d = { e = 6 },
  e = { f = 9 },
  f = {},
}

local function dijkstra(g, source)
  local dist, prev, open = {}, {}, {}
  for v in pairs(g) do
    dist[v] = math.huge
    open[v] = true
  end
  dist[source] = 0
  while next(open) do
    local u
    for v in pairs(open) do
      if not u or dist[v] < dist[u] then u = v end
    end
    open[u] = nil
    for v, w in pairs(g[u]) do
      local alt = dist[u] + w
      if alt < dist[v] then
        dist[v] = alt
        prev[v] = u
      end
    end
  end
  return dist, prev
end

local dist, prev = dijkstra(graph, "a")
local path, at = {}, "e"
while at do
  table.insert(path, 1, at)
  at = prev[at]
end
print(table.concat(path, " -> "), dist.e)
