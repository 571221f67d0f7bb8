#pragma once

#include "models/branch.hpp"
#include "models/visit.hpp"
#include "runtime/clock.hpp"

#include <chrono>
#include <string_view>
#include <vector>

namespace nxg::visits {

inline constexpr std::chrono::hours longest_visit{4};

/// When the clock ends a visit, and why: after 4 h, or at the closing of the opening time it began in, whichever is
/// first. By the wall clock of the branch, so days on which it is put back or forward come out right.
struct end_by_clock {
  instant at{};
  visit_end reason = visit_end::max_duration;
};
[[nodiscard]] end_by_clock auto_end_of(instant check_in, const std::vector<opening_hours>& hours,
                                       std::string_view time_zone);

}  // namespace nxg::visits
