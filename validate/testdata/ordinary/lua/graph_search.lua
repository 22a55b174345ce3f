local graph = {
  home = { park = 4, shop = 1 },
  shop = { home = 1, park = 2, school = 8 },
  park = { home = 4, shop = 2, school = 5 },
  school = { park = 5, shop = 8 },
  island = {},
}

local function sorted_keys(t)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = k end
  table.sort(keys)
  return ipairs(keys)
end

local function bfs(start)
  local seen, queue, order, head = { [start] = true }, { start }, {}, 1
  while queue[head] do
    local node = queue[head]
    head = head + 1
    order[#order + 1] = node
    for _, next_node in sorted_keys(graph[node]) do
      if not seen[next_node] then
        seen[next_node] = true
        queue[#queue + 1] = next_node
      end
    end
  end
  return order
end

local function dijkstra(from, to)
  local open, dist, parent = { [from] = true }, { [from] = 0 }, {}
  while next(open) do
    local best
    for node in pairs(open) do
      if not best or dist[node] < dist[best] then best = node end
    end
    open[best] = nil
    for neighbour, weight in pairs(graph[best]) do
      local d = dist[best] + weight
      if d < (dist[neighbour] or math.huge) then
        dist[neighbour], parent[neighbour], open[neighbour] = d, best, true
      end
    end
  end
  if not dist[to] then return nil end
  local path, node = {}, to
  while node do
    table.insert(path, 1, node)
    node = parent[node]
  end
  return dist[to], table.concat(path, " -> ")
end

print(table.concat(bfs("home"), " "))
print(dijkstra("home", "school"))
print(dijkstra("home", "island"))
