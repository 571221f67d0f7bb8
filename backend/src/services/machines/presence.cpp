#include "services/machines/presence.hpp"

#include "services/machines/errors.hpp"

#include <utility>

namespace nxg {

task<machine> machine_presence::connected(uuid id, signs_of_life told) {
  try {
    co_return co_await machines_.connected(id, std::move(told), time_.now());
  } catch (const store::error& error) {
    if (error.is(store::failure::not_found)) throw machine_not_found();
    throw;
  }
}

task<std::optional<machine>> machine_presence::heartbeat(uuid id, std::optional<std::int64_t> connection,
                                                         signs_of_life told) {
  auto now = co_await machines_.heard_of(id, connection, std::move(told), time_.now());
  if (now) co_return now;
  const auto known = co_await machines_.find(id);
  if (!known) throw machine_not_found();
  co_return std::nullopt;
}

task<std::size_t> machine_presence::mark_offline() {
  const auto now = time_.now();
  return machines_.mark_offline(now - offline_after, now);
}

std::int64_t clock_offset_of(instant machine_says, instant received_at) noexcept {
  constexpr std::chrono::milliseconds least{1'000};
  const auto offset = received_at - machine_says;
  return offset >= least || offset <= -least ? offset.count() : 0;
}

}  // namespace nxg
