-- KEYS: signals, block. Answers what is known.
return listed(unpack(KEYS))
