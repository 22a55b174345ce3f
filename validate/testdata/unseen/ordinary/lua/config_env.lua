-- a module with defaults, loaded by require
local M = {}

local defaults = {
  width = 80,
  height = 24,
  debug = false,
  name = os.getenv("USER") or "nobody",
}

local function merge(a, b)
  local out = {}
  for k, v in pairs(a) do out[k] = v end
  for k, v in pairs(b or {}) do
    if type(v) == "table" and type(out[k]) == "table" then
      out[k] = merge(out[k], v)
    else
      out[k] = v
    end
  end
  return out
end

function M.parse(text)
  local t = {}
  for key, value in text:gmatch("(%w+)%s*=%s*([^\n]+)") do
    if value == "true" or value == "false" then
      t[key] = value == "true"
    else
      t[key] = tonumber(value) or value
    end
  end
  return merge(defaults, t)
end

function M.date()
  return os.date("%Y-%m-%d %H:%M:%S")
end

local c = M.parse("width = 120\ndebug = true\ntitle = Hello world")
for k, v in pairs(c) do print(k, v) end
print(M.date(), _VERSION, rawget(_G, "jit") ~= nil)

return M
