#include "app/health.hpp"

#include <algorithm>

namespace nxg::app {

std::string_view name_of(health_status status) noexcept {
  switch (status) {
    case health_status::ok: return "ok";
    case health_status::degraded: return "degraded";
    case health_status::failing: return "failing";
  }
  return "failing";
}

std::vector<health_check> health::checks() const {
  std::vector<health_check> result;
  for (const auto& look : checks_) result.push_back(look());
  return result;
}

health_status health::overall() const {
  auto worst = health_status::ok;
  for (const auto& one : checks()) worst = std::max(worst, one.status);
  return worst;
}

}  // namespace nxg::app
