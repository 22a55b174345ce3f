require 'set'

class Graph
  def initialize(edges)
    @edges = Hash.new { |h, k| h[k] = {} }
    edges.each do |a, b, weight|
      @edges[a][b] = weight
      @edges[b][a] = weight
    end
  end

  def dijkstra(source)
    distance = Hash.new(Float::INFINITY).merge(source => 0)
    parent = {}
    open = Set[source]
    until open.empty?
      node = open.min_by { |n| distance[n] }
      open.delete(node)
      @edges[node].each do |neighbour, weight|
        candidate = distance[node] + weight
        next unless candidate < distance[neighbour]

        distance[neighbour] = candidate
        parent[neighbour] = node
        open << neighbour
      end
    end
    [distance, parent]
  end

  def path(from, to)
    distance, parent = dijkstra(from)
    route = [to]
    route.unshift(parent[route.first]) while parent[route.first]
    [distance[to], route]
  end

  def spanning_tree
    edges = @edges.flat_map { |a, to| to.map { |b, w| [w, *[a, b].sort] } }.uniq.sort
    group = @edges.keys.to_h { |n| [n, Set[n]] }
    edges.select do |_, a, b|
      next if group[a].equal?(group[b])

      (group[a] | group[b]).then { |merged| merged.each { |n| group[n] = merged } }
    end
  end
end

g = Graph.new([[:a, :b, 7], [:a, :c, 9], [:a, :f, 14], [:b, :c, 10], [:b, :d, 15], [:c, :d, 11], [:c, :f, 2], [:d, :e, 6], [:e, :f, 9]])
length, route = g.path(:a, :e)
puts "#{route.join(' -> ')} (#{length})"
g.spanning_tree.each { |w, a, b| puts "#{a}-#{b} #{w}" }
