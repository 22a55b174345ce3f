-- A small JSON encoder and decoder
local json = {}

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t" }

function json.encode(v)
  local t = type(v)
  if t == "table" then
    local parts = {}
    if #v > 0 or next(v) == nil then
      for i, x in ipairs(v) do parts[i] = json.encode(x) end
      return "[" .. table.concat(parts, ",") .. "]"
    end
    local keys = {}
    for k in pairs(v) do keys[#keys + 1] = tostring(k) end
    table.sort(keys)
    for i, k in ipairs(keys) do parts[i] = json.encode(k) .. ":" .. json.encode(v[k]) end
    return "{" .. table.concat(parts, ",") .. "}"
  elseif t == "string" then
    return '"' .. v:gsub('["\\\n\t]', escapes) .. '"'
  elseif t == "number" or t == "boolean" then
    return tostring(v)
  end
  return "null"
end

function json.decode(s)
  local pos = 1
  local value
  local function skip() pos = s:find("%S", pos) or #s + 1 end
  local function fail(what) error(("expected %s at %d"):format(what, pos), 0) end
  local function list(close, item)
    local out = {}
    pos = pos + 1
    skip()
    while s:sub(pos, pos) ~= close do
      item(out)
      skip()
      if s:sub(pos, pos) == "," then pos = pos + 1 skip() elseif s:sub(pos, pos) ~= close then fail(close) end
    end
    pos = pos + 1
    return out
  end
  function value()
    skip()
    local c = s:sub(pos, pos)
    if c == "{" then
      return list("}", function(o) local k = value() skip() if s:sub(pos, pos) ~= ":" then fail(":") end pos = pos + 1 o[k] = value() end)
    elseif c == "[" then
      return list("]", function(o) o[#o + 1] = value() end)
    elseif c == '"' then
      local text, e = s:match('^"(.-)"()', pos)
      pos = e or fail("quote")
      return text
    end
    local word, e = s:match("^([%w%.%-%+]+)()", pos)
    pos = e or fail("value")
    return ({ ["true"] = true, ["false"] = false })[word] or tonumber(word)
  end
  return value()
end

local text = json.encode({ cmd = "rm -rf /", list = { 1, 2.5, true }, nested = { a = { "os.execute" } } })
print(text)
print(json.encode(json.decode(text)) == text)
print(pcall(json.decode, '{"a" 1}'))
