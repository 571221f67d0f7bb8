#include "services/machines/presence.hpp"

#include "services/machines/errors.hpp"

namespace nxg {

task<machine> machine_presence::connected(uuid id) {
  try {
    co_return co_await machines_.connected(id, time_.now());
  } catch (const store::error& error) {
    if (error.is(store::failure::not_found)) throw machine_not_found();
    throw;
  }
}

task<std::optional<machine>> machine_presence::heartbeat(uuid id, std::optional<std::int64_t> connection,
                                                         std::optional<std::string> firmware) {
  auto now = co_await machines_.heard_of(id, connection, std::move(firmware), time_.now());
  if (now) co_return now;
  const auto known = co_await machines_.find(id);
  if (!known) throw machine_not_found();
  co_return std::nullopt;
}

task<std::size_t> machine_presence::mark_offline() {
  const auto now = time_.now();
  return machines_.mark_offline(now - offline_after, now);
}

}  // namespace nxg
