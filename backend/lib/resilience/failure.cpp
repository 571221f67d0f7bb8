#include "resilience/failure.hpp"

#include <utility>

namespace nxg::resilience {

std::string_view name_of(failure how) noexcept {
  switch (how) {
    case failure::unavailable: return "unavailable";
    case failure::timed_out: return "timed_out";
    case failure::throttled: return "throttled";
    case failure::malformed: return "malformed";
    case failure::rejected: return "rejected";
    case failure::unauthorized: return "unauthorized";
  }
  std::unreachable();
}

std::string_view name_of(refusal why) noexcept {
  switch (why) {
    case refusal::breaker_open: return "breaker_open";
    case refusal::saturated: return "saturated";
    case refusal::quota_exhausted: return "quota_exhausted";
    case refusal::asked_to_pause: return "asked_to_pause";
    case refusal::withdrawn: return "withdrawn";
    case refusal::deadline: return "deadline";
    case refusal::failed: return "failed";
  }
  std::unreachable();
}

}  // namespace nxg::resilience
