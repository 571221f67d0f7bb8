#include "app/backend.hpp"
#include "app/commands.hpp"
#include "app/empty_folder.hpp"
#include "app/platform.hpp"
#include "http/server.hpp"
#include "runtime/signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace nxg::app {

namespace {

/// The ports that were chosen, for whoever started us with port 0. Written aside and renamed, so that it is whole or
/// absent.
void write_ports_file(const settings& values, backend::ports chosen) {
  const auto path = std::filesystem::path{values.data_dir} / "ports.json";
  const auto aside = path.string() + ".new";
  {
    std::ofstream file{aside, std::ios::trunc};
    file << fmt::format("{{\"http\":{},\"admin\":{}}}\n", chosen.http, chosen.admin);
    if (!file.flush()) throw std::runtime_error{"cannot write " + aside};
  }
  std::filesystem::rename(aside, path);
}

/// For what is no connection of a client: the store, outside services, the journal, the admin port.
constexpr std::size_t reserved_files = 256;
constexpr std::size_t fewest_connections = 16;

/// Each connection is a file: as many as the system lets us have, which is what this returns.
std::size_t raise_file_limit() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max() : files.rlim_cur;
}

constexpr auto connections_setting = "NXG_MAX_CONNECTIONS";

/// Clients that took every file there is would take the health checks with them. A sentence where that makes them
/// fewer.
std::optional<std::string> fit_connections(settings& values, std::size_t files) {
  auto& wanted = values.max_connections;
  const auto most = std::max(files - std::min(files, reserved_files), fewest_connections);
  if (wanted <= most) return std::nullopt;
  auto told = fmt::format("{} is lowered from {} to {}: the process may open {} files", connections_setting, wanted,
                          most, files);
  wanted = most;
  return told;
}

/// Nobody need be warned of what nobody asked for.
telemetry::log_level weight_of_fewer_connections() {
  return process_environment().contains(connections_setting) ? telemetry::log_level::warn : telemetry::log_level::info;
}

/// A port that is taken is told before a store is made or touched.
void require_free_ports(const settings& values) {
  http::require_free(values.bind_address, values.port);
  http::require_free(values.admin_bind_address, values.admin_port);
}

}  // namespace

int serve(loaded_settings loaded) {
  runtime::prepare_signals();
  const auto fewer_connections = fit_connections(loaded.values, raise_file_limit());
  const auto& values = loaded.values;
  require_free_ports(values);
  platform on{values, telemetry::make_stream_sink(telemetry::log_stream::out)};
  const auto tell_of_settings = [&] {
    for (const auto& warning : loaded.warnings) on.log.warn(warning);
    if (fewer_connections) on.log.write(weight_of_fewer_connections(), *fewer_connections, {});
  };

  std::optional<backend> gym;
  try {
    gym.emplace(values, on).start();
  } catch (...) {
    tell_of_settings();
    throw;
  }
  // After the ports, which are the first line.
  tell_of_settings();
  write_ports_file(values, gym->listening_on());

  const int signal = runtime::wait_for_stop();
  on.log.info("stopping", {{"signal", signal}});
  gym->stop();
  on.log.info("stopped");
  on.log.flush();
  return 0;
}

int print_openapi() {
  // The document needs every route, and those their services: an empty gym.
  const empty_folder folder{"openapi"};
  const auto values = folder.values();
  platform on{values, telemetry::make_null_sink()};
  const backend gym{values, on};
  fmt::print("{}\n", gym.openapi());
  return 0;
}

}  // namespace nxg::app
