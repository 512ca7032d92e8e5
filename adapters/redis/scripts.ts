// Steps that must be one: Lua scripts, which Redis runs without anything in between.

/** A guard is a hash; `now` is Redis's own clock, so that processes with other clocks agree. */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

export const scripts = {
  /** KEYS value, mark · ARGV value, ttl. A new value has no mark yet. */
  foyerSet: {
    numberOfKeys: 2,
    lua: `
      redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
      redis.call('DEL', KEYS[2])`,
  },

  /** KEYS value, mark · ARGV mark → 1 marked, 0 already, -1 missing. The mark ends with the value. */
  foyerMarkOnce: {
    numberOfKeys: 2,
    lua: `
      local ttl = redis.call('PTTL', KEYS[1])
      if ttl <= 0 then return -1 end
      return redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ttl) and 1 or 0`,
  },

  /** KEYS value, mark → the value, or nothing. */
  foyerTake: {
    numberOfKeys: 2,
    lua: `
      local value = redis.call('GET', KEYS[1])
      redis.call('DEL', KEYS[1], KEYS[2])
      return value`,
  },

  /** KEYS guard · ARGV digest, digestExpiresAt, value, tries, ttl → tries left. */
  foyerGuard: {
    numberOfKeys: 1,
    lua: `
      local known = redis.call('HMGET', KEYS[1], 'digest', 'digestExpiresAt', 'tries')
      local tries = known[3] or ARGV[4]
      if known[1] then
        redis.call('HSET', KEYS[1], 'previous', known[1], 'previousExpiresAt', known[2])
      end
      redis.call('HSET', KEYS[1], 'digest', ARGV[1], 'digestExpiresAt', ARGV[2], 'value', ARGV[3], 'tries', tries)
      redis.call('PEXPIRE', KEYS[1], ARGV[5])
      return tonumber(tries)`,
  },

  /**
   * Counts before it looks: a server that is full refuses to count (and would still delete), so that
   * nobody can guess for free.
   * KEYS guard, value, mark · ARGV digest → {'missing'} | {'spent'} | {'wrong', left} | {'taken', value}.
   */
  foyerAttempt: {
    numberOfKeys: 3,
    lua: `${now}
      local guard = redis.call('HMGET', KEYS[1], 'tries', 'digest', 'digestExpiresAt', 'previous', 'previousExpiresAt', 'value')
      if not guard[1] then return {'missing'} end
      if tonumber(guard[1]) <= 0 then return {'spent'} end
      local left = redis.call('HINCRBY', KEYS[1], 'tries', -1)
      local newest = guard[2] == ARGV[1] and tonumber(guard[3]) > now
      local previous = guard[4] == ARGV[1] and tonumber(guard[5]) > now
      if newest or previous then
        redis.call('DEL', unpack(KEYS))
        return {'taken', guard[6]}
      end
      return {'wrong', left}`,
  },

  /** KEYS counter · ARGV by, window → {count, resetsAt}. The window starts with the first count. */
  foyerIncrement: {
    numberOfKeys: 1,
    lua: `${now}
      local count = redis.call('INCRBY', KEYS[1], ARGV[1])
      local ttl = redis.call('PTTL', KEYS[1])
      if ttl < 0 then
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        ttl = tonumber(ARGV[2])
      end
      return {count, now + ttl}`,
  },

  /**
   * KEYS counter · ARGV resetsAt. When a window ends is known to a few milliseconds, by two readings of the
   * clock; windows last for minutes.
   */
  foyerTakeBack: {
    numberOfKeys: 1,
    lua: `${now}
      local ends = now + redis.call('PTTL', KEYS[1])
      local count = tonumber(redis.call('GET', KEYS[1]) or 0)
      if count > 0 and math.abs(ends - tonumber(ARGV[1])) < 1000 then
        redis.call('DECR', KEYS[1])
      end`,
  },

  /** KEYS turn · ARGV now, gap, limit → when, or nothing. The key ends with the last turn given. */
  foyerTurn: {
    numberOfKeys: 1,
    lua: `
      local now = tonumber(ARGV[1])
      local turn = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + tonumber(ARGV[2])
      if turn - now > tonumber(ARGV[3]) then return false end
      redis.call('SET', KEYS[1], string.format('%.0f', turn), 'PX', turn - now)
      return turn`,
  },
} as const
