#pragma once

#include <string_view>

/// What Redis does in one step for clients that come back at another process. Keys: the stream of a namespace, what is
/// known of it (a hash), and where it says so the record of one client.
///
/// Each entry of the stream has a message (`m`, empty for the first), the id of the entry before it (`p`), and how many
/// bytes the stream ever held with it (`b`). The hash has the epoch, the id of the last entry, the bytes, and `hole`:
/// who has nothing behind that entry may have missed something that has no number.
namespace nxg::socketio::redis_scripts {

/// Begins a new epoch when the server is another one or began anew, or the stream is gone; ARGV: a name for it, and how
/// long it may be unused (ms). Answers the epoch and the last id.
constexpr std::string_view open = R"lua(
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
local m = redis.call('HMGET', KEYS[2], 'run', 'epoch', 'last')
if m[1] == run and redis.call('EXISTS', KEYS[1]) == 1 then return {m[2], m[3]} end
redis.call('DEL', KEYS[1], KEYS[2])
local id = redis.call('XADD', KEYS[1], '*', 'm', '', 'p', '0-0', 'b', 0)
redis.call('HSET', KEYS[2], 'run', run, 'epoch', ARGV[1], 'last', id, 'bytes', 0, 'hole', id)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return {ARGV[1], id}
)lua";

/// Numbers a message and publishes it. ARGV: epoch, message, channel, bounds of the stream: entries, bytes, age (ms);
/// how long it may be unused (ms). Answers the id, or nothing when that epoch is over.
constexpr std::string_view emit = R"lua(
local m = redis.call('HMGET', KEYS[2], 'epoch', 'last', 'bytes')
if m[1] ~= ARGV[1] then return {} end
local size = #ARGV[2]
local bytes = m[3] + size
local id = redis.call('XADD', KEYS[1], 'NOMKSTREAM', 'MAXLEN', '~', ARGV[4], '*', 'm', ARGV[2], 'p', m[2], 'b', bytes)
if not id then return {} end
redis.call('HSET', KEYS[2], 'last', id, 'bytes', bytes)
redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', string.match(id, '^%d+') - ARGV[6]))
-- Its first entry is looked at now and then only.
local part = math.ceil(ARGV[5] / 16)
while math.floor(bytes / part) ~= math.floor((bytes - size) / part) do
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  local entries = redis.call('XLEN', KEYS[1])
  if entries < 2 or bytes - first[2][6] <= tonumber(ARGV[5]) then break end
  redis.call('XTRIM', KEYS[1], 'MAXLEN', math.floor(entries / 2))
end
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call('PEXPIRE', KEYS[2], ARGV[7])
local function text(s) return string.char(0xd9, #s) .. s end
redis.call('PUBLISH', ARGV[3], ARGV[2] .. text('offset') .. text(ARGV[1] .. ':' .. id) .. text('after') .. text(m[2]))
return {id}
)lua";

/// ARGV: epoch. Notes that something without a number was sent just now.
constexpr std::string_view doubt = R"lua(
local m = redis.call('HMGET', KEYS[2], 'epoch', 'last')
if m[1] == ARGV[1] then redis.call('HSET', KEYS[2], 'hole', m[2]) end
return {}
)lua";

/// ARGV: epoch, id, how many at most. Answers the epoch, the last id, the last id that is not there any more, and id,
/// message and the id before for each entry behind the one given, or from the first one on in another epoch.
constexpr std::string_view read = R"lua(
local m = redis.call('HMGET', KEYS[2], 'epoch', 'last')
if not m[1] then return {} end
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local result = {m[1], m[2], first and first[2][4] or m[2]}
local from = m[1] == ARGV[1] and '(' .. ARGV[2] or '-'
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', ARGV[3])) do
  result[#result + 1] = entry[1]
  result[#result + 1] = entry[2][2]
  result[#result + 1] = entry[2][4]
end
return result
)lua";

/// Takes the record of a client that has everything up to an id. ARGV: epoch, id, whether entries are wanted ("1").
/// Answers "absent"; or what keeps it from coming back; or "", the record, the last id, and id, message and the id
/// before for each entry behind the one given.
constexpr std::string_view take = R"lua(
local record = redis.call('GETDEL', KEYS[3])
if not record then return {'absent'} end
local m = redis.call('HMGET', KEYS[2], 'epoch', 'last', 'hole')
if m[1] ~= ARGV[1] then return {'another epoch'} end
local function less(a, b)
  local at, an = string.match(a, '^(%d+)-(%d+)$')
  local bt, bn = string.match(b, '^(%d+)-(%d+)$')
  at, an, bt, bn = tonumber(at), tonumber(an), tonumber(bt), tonumber(bn)
  return at < bt or (at == bt and an < bn)
end
if less(m[2], ARGV[2]) then return {'from the future'} end
if not less(m[3], ARGV[2]) then return {'something had no number'} end
local result = {'', record, m[2]}
if ARGV[3] ~= '1' then return result end
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if less(ARGV[2], first and first[2][4] or m[2]) then return {'too long ago'} end
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+')) do
  result[#result + 1] = entry[1]
  result[#result + 1] = entry[2][2]
  result[#result + 1] = entry[2][4]
end
return result
)lua";

}  // namespace nxg::socketio::redis_scripts
