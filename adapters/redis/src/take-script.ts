/**
 * The sliding window of `@calotype/core` as one atomic step, by the clock of Redis, which is the same for every process.
 * KEYS: the window. ARGV: cost, limit, length of a slot in milliseconds, slots per window.
 * Answers granted, remaining, and milliseconds until units come back.
 */
export const TAKE_SCRIPT = `
local cost, limit, length, slots = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local current = math.floor(now / length)
local used, oldest, newest = 0, nil, nil
local window = redis.call('HGETALL', KEYS[1])
for index = 1, #window, 2 do
  local slot, count = tonumber(window[index]), tonumber(window[index + 1])
  if slot < current - slots then
    redis.call('HDEL', KEYS[1], window[index])
  else
    used = used + count
    if not oldest or slot < oldest then oldest = slot end
    if not newest or slot > newest then newest = slot end
  end
end
local granted = math.min(cost, math.max(0, limit - used))
if granted > 0 then
  local slot = newest and math.max(newest, current) or current
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', slot), granted)
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil((slot + slots + 1) * length - now)))
end
local free = ((oldest or current) + slots + 1) * length - now
return { granted, math.max(0, limit - used - granted), math.ceil(free) }
`
