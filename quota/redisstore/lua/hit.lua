-- KEYS: events. ARGV: the window's length and most. Answers how many there are.
return see(KEYS[1], {tonumber(ARGV[1]), tonumber(ARGV[2])})
