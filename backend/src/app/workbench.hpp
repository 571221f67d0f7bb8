#pragma once

#include "app/platform.hpp"
#include "app/settings.hpp"
#include "app/storage.hpp"

#include <utility>

namespace nxg::app {

/// A platform and a store for one command; its log goes to standard error and only says what is wrong.
struct workbench {
  explicit workbench(settings chosen, store_use use = store_use::beside)
      : values{std::move(chosen)},
        on{quiet(values), telemetry::make_stream_sink(telemetry::log_stream::err)},
        kept{values, on, use} {}

  static settings quiet(settings& values) {
    values.log_level = "warn";
    values.io_threads = 1;
    return values;
  }

  settings values;
  platform on;
  storage kept;
};

}  // namespace nxg::app
