#include "store/errors.hpp"

namespace nxg::store {

std::string_view to_string(failure what) noexcept {
  switch (what) {
    case failure::duplicate: return "duplicate";
    case failure::version_conflict: return "version_conflict";
    case failure::not_found: return "not_found";
    case failure::busy: return "busy";
    case failure::unavailable: return "unavailable";
    case failure::outcome_unknown: return "outcome_unknown";
  }
  return "unavailable";
}

error error::duplicate(std::string collection, std::string index) {
  error made{failure::duplicate, collection + ": the value of index '" + index + "' is taken"};
  made.index_ = std::move(index);
  return made;
}

}  // namespace nxg::store
