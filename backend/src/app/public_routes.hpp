#pragma once

#include "app/health.hpp"
#include "app/settings.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nxg::app {

/// One outside service as seen from here.
struct dependency_shown {
  std::string name;
  /// False: this gym has none, and does without.
  bool configured = true;
  /// closed, open or half_open.
  std::string breaker;
};

/// `/`, `/favicon.ico`, `/api/health`, `/api/health/dependencies`: what anybody may know of this gym's backend.
void declare_public_routes(http::router& routes, const settings& values, const health& state, runtime::clock& time,
                           std::function<std::vector<dependency_shown>()> dependencies);

}  // namespace nxg::app
