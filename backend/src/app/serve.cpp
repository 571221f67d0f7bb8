#include "app/backend.hpp"
#include "app/commands.hpp"
#include "app/empty_folder.hpp"
#include "app/platform.hpp"
#include "app/version.hpp"
#include "runtime/signals.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
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

/// Each connection is a file: as many as the system lets us have.
void raise_file_limit() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int serve(loaded_settings loaded) {
  runtime::prepare_signals();
  raise_file_limit();
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
