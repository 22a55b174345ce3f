-- Agenda de contactos
local ARCHIVO = "contactos.txt"
local contactos = {}

local function cargar()
  local f = io.open(ARCHIVO, "r")
  if not f then return end
  for linea in f:lines() do
    local nombre, tel = linea:match("^(.-);(.+)$")
    if nombre then table.insert(contactos, { nombre = nombre, tel = tel }) end
  end
  f:close()
end

local function guardar()
  local f = assert(io.open(ARCHIVO, "w"))
  for _, c in ipairs(contactos) do f:write(c.nombre, ";", c.tel, "\n") end
  f:close()
end

local function pedir(texto)
  io.write(texto)
  return io.read("*l")
end

local opciones = {
  ["1"] = function() table.insert(contactos, { nombre = pedir("Nombre: "), tel = pedir("Telefono: ") }) end,
  ["2"] = function()
    for i, c in ipairs(contactos) do print(i, c.nombre, c.tel) end
  end,
  ["3"] = function() table.remove(contactos, tonumber(pedir("Numero: "))) end,
}

cargar()
repeat
  local o = pedir("1) nuevo 2) lista 3) borrar 4) salir: ")
  if opciones[o] then opciones[o]() end
until o == "4" or o == nil
guardar()
