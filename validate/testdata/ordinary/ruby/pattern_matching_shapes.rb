module Shapes
  Circle = Struct.new(:radius)
  Rectangle = Struct.new(:width, :height)
  Polygon = Data.define(:points) if defined?(Data)
end

def area(shape)
  case shape
  in Shapes::Circle[radius] then (Math::PI * radius**2).round(2)
  in Shapes::Rectangle[width, height] if width == height then "square #{width * height}"
  in Shapes::Rectangle[width, height] then width * height
  in { points: [first, *] => points }
    pairs = points.each_cons(2).to_a << [points.last, first]
    pairs.sum { |(x1, y1), (x2, y2)| x1 * y2 - x2 * y1 }.abs / 2.0
  end
end

def route(request)
  case request
  in { method: 'GET', path: '/' } then 'home'
  in { method: 'GET', path: %r{\A/users/(\d+)\z} } then "user #{$~[1]}"
  in { method: 'POST' | 'PUT' => verb, body: { cmd: String => cmd } } then "#{verb} #{cmd}"
  in { path: String => path, **nil } then "only #{path}"
  else 'not found'
  end
end

puts area(Shapes::Circle.new(1.5))
puts area(Shapes::Rectangle.new(3, 3)), area(Shapes::Rectangle.new(3, 4))
puts area({ points: [[0, 0], [4, 0], [4, 3]] })
puts route({ method: 'GET', path: '/' })
puts route({ method: 'GET', path: '/users/42' })
puts route({ method: 'POST', body: { cmd: 'exec ls' } })
puts route({ path: '/x' }), route({ method: 'DELETE', path: '/' })

begin
  area(Object.new)
rescue NoMatchingPatternError => e
  puts e.class
end

config = { db: { user: 'admin', pool: { size: 5 } } }
config => { db: { user:, pool: { size: } } }
puts user, size
puts(({ status: 200 } in { status: 200..299 }))
