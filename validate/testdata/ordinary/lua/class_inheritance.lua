-- Classes with metatables
local Animal = {}
Animal.__index = Animal
Animal.count = 0

function Animal.new(name, sound)
  Animal.count = Animal.count + 1
  return setmetatable({ name = name, sound = sound }, Animal)
end

function Animal:speak()
  return self.name .. " says " .. self.sound
end

Animal.__tostring = function(a) return "<" .. a.name .. ">" end
Animal.__eq = function(a, b) return a.name == b.name end
Animal.__lt = function(a, b) return a.name < b.name end

local Dog = setmetatable({}, { __index = Animal })
Dog.__index = Dog
Dog.__tostring = Animal.__tostring
Dog.__lt = Animal.__lt

function Dog.new(name)
  local self = Animal.new(name, "woof")
  self.tricks = {}
  return setmetatable(self, Dog)
end

function Dog:learn(...)
  for _, trick in ipairs({ ... }) do
    self.tricks[#self.tricks + 1] = trick
  end
  return self
end

function Dog:execute(command)
  for _, trick in ipairs(self.tricks) do
    if trick == command then return self.name .. " does " .. command end
  end
  return self.name .. " looks at you"
end

local zoo = { Dog.new("Rex"):learn("sit", "fetch"), Animal.new("Kaa", "sss"), Dog.new("Bit") }
table.sort(zoo)
for _, animal in ipairs(zoo) do
  print(animal, animal:speak())
end
print(zoo[3]:execute("sit"))
print(zoo[3]:execute("kill"))
print(Animal.count, getmetatable(zoo[1]) == Dog, rawequal(zoo[1], zoo[2]), rawget(zoo[1], "speak"))
