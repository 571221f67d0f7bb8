#include "objects/errors.hpp"

#include <utility>

namespace nxg::objects {

std::string_view to_string(failure what) noexcept {
  switch (what) {
    case failure::invalid: return "invalid";
    case failure::not_found: return "not_found";
    case failure::outside: return "outside";
    case failure::changed: return "changed";
    case failure::too_large: return "too_large";
    case failure::denied: return "denied";
    case failure::busy: return "busy";
    case failure::unavailable: return "unavailable";
    case failure::outcome_unknown: return "outcome_unknown";
    case failure::damaged: return "damaged";
  }
  std::unreachable();
}

}  // namespace nxg::objects
