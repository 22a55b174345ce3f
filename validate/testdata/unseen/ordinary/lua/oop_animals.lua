-- classes and inheritance with metatables
local Animal = {}
Animal.__index = Animal

function Animal.new(name, sound)
  local self = setmetatable({}, Animal)
  self.name = name
  self.sound = sound
  return self
end

function Animal:speak()
  return self.name .. " says " .. self.sound
end

local Dog = setmetatable({}, { __index = Animal })
Dog.__index = Dog

function Dog.new(name)
  local self = Animal.new(name, "woof")
  return setmetatable(self, Dog)
end

function Dog:fetch(what)
  return ("%s fetches the %s"):format(self.name, what)
end

local Vector = setmetatable({}, { __call = function(cls, x, y)
  return setmetatable({ x = x, y = y }, cls)
end })
Vector.__add = function(a, b) return Vector(a.x + b.x, a.y + b.y) end
Vector.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vector.__tostring = function(v) return "(" .. v.x .. ", " .. v.y .. ")" end

local rex = Dog.new("Rex")
print(rex:speak())
print(rex:fetch("ball"))
print(tostring(Vector(1, 2) + Vector(3, 4)), Vector(1, 1) == Vector(1, 1))
