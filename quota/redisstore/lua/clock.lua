-- now is the server's time in microseconds. No node's clock matters.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
