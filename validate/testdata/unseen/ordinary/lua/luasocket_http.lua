local http = require("socket.http")
local ltn12 = require("ltn12")

local function get(url)
  local chunks = {}
  local ok, status, headers = http.request {
    url = url,
    sink = ltn12.sink.table(chunks),
    headers = { ["User-Agent"] = "lua-example" },
  }
  if not ok then return nil, status end
  return table.concat(chunks), status, headers
end

local body, status = get(arg[1] or "http://example.com/")
if not body then
  print("failed: " .. tostring(status))
  os.exit(1)
end
print("status " .. status)
print("title: " .. (body:match("<title>(.-)</title>") or "none"))
local n = 0
for link in body:gmatch('href="([^"]+)"') do
  n = n + 1
  print(n, link)
end
