#include "app/backend.hpp"
#include "app/commands.hpp"
#include "app/empty_folder.hpp"
#include "app/platform.hpp"
#include "app/version.hpp"
#include "runtime/signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>

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

/// Clients that took every file there is would take the health checks with them.
void fit_connections(loaded_settings& into, std::size_t files) {
  auto& wanted = into.values.max_connections;
  const auto most = std::max(files - std::min(files, reserved_files), fewest_connections);
  if (wanted <= most) return;
  into.warnings.push_back(
      fmt::format("NXG_MAX_CONNECTIONS is lowered from {} to {}: the process may open {} files", wanted, most, files));
  wanted = most;
}

}  // namespace

int serve(loaded_settings loaded) {
  runtime::prepare_signals();
  fit_connections(loaded, raise_file_limit());
  const auto& values = loaded.values;
  platform on{values, telemetry::make_stream_sink(telemetry::log_stream::out)};
  for (const auto& warning : loaded.warnings) on.log.warn(warning);

  backend gym{values, on};
  gym.start();
  const auto chosen = gym.listening_on();
  on.log.info("serving", {{"http", chosen.http},
                          {"admin", chosen.admin},
                          {"environment", name_of(values.env)},
                          {"version", version},
                          {"processId", on.process_id},
                          {"cores", on.io.size()}});
  write_ports_file(values, chosen);

  const int signal = runtime::wait_for_stop();
  on.log.info("stopping", {{"signal", signal}});
  gym.stop();
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
