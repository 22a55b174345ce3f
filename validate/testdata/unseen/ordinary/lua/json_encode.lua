local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t" }

local encode

local function is_array(t)
  local n = 0
  for k in pairs(t) do
    if type(k) ~= "number" then return false end
    n = n + 1
  end
  return n == #t
end

local encoders = {
  ["nil"] = function() return "null" end,
  boolean = tostring,
  number = function(n) return string.format("%.14g", n) end,
  string = function(s) return '"' .. s:gsub('["\\\n\t]', escapes) .. '"' end,
  table = function(t)
    local out = {}
    if is_array(t) then
      for _, v in ipairs(t) do out[#out + 1] = encode(v) end
      return "[" .. table.concat(out, ",") .. "]"
    end
    for k, v in pairs(t) do out[#out + 1] = encode(tostring(k)) .. ":" .. encode(v) end
    table.sort(out)
    return "{" .. table.concat(out, ",") .. "}"
  end,
}

function encode(v)
  local f = encoders[type(v)]
  if not f then error("cannot encode a " .. type(v)) end
  return f(v)
end

print(encode { name = "Lua", versions = { 5.1, 5.4 }, quote = 'say "hi"', ok = true })
print(pcall(encode, print))
