// nxg-gym: a simulated gym over the public doors only. See simulators/README.md.

#include "gym/gym.hpp"
#include "gym/view.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <string>

namespace {
// The only thing a signal handler may touch.
std::atomic<bool> interrupted{false};
}  // namespace

int main(int argc, char** argv) {
  nxg::gym::options settings;
  bool password_from_stdin = false;
  std::string report = "text";

  CLI::App app{"A simulated gym: members and machines against a running backend, ending with a reconciliation"};
  app.add_option("--url", settings.url, "The backend, e.g. http://127.0.0.1:8080")->required();
  app.add_option("--admin-email", settings.admin_email, "An admin of the gym (nxg-connect create-admin makes one)")
      ->required();
  app.add_flag("--admin-password-stdin", password_from_stdin, "Read the admin's password from standard input")
      ->required();
  app.add_option("--machines", settings.machines, "Machines, and as many members")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--speed", settings.speed, "Samples per second of each machine; above 10 they travel in batches")
      ->check(CLI::Range(0.1, 1000.0))
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "How long members train; 0: until interrupted")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  app.add_option("--drop-network", settings.drop_network,
                 "Chance per machine, phone and second to lose the network for 1 to 5 s")
      ->check(CLI::Range(0.0, 1.0));
  app.add_flag("--faults", settings.faults,
               "What the backend stands on will fail: samples count as exact that did not come live meanwhile");
  app.add_option("--recordings", settings.recordings, "Folder of recorded workouts (CSV) to replay");
  app.add_option("--seed", settings.seed, "Makes the made-up people the same again")->capture_default_str();
  app.add_option("--report", report, "text or json")->check(CLI::IsMember({"text", "json"}));
  CLI11_PARSE(app, argc, argv);
  settings.json_report = report == "json";
  while (settings.url.ends_with('/')) settings.url.pop_back();
  std::getline(std::cin, settings.admin_password);

  std::signal(SIGINT, [](int) { interrupted = true; });
  std::signal(SIGTERM, [](int) { interrupted = true; });
  try {
    const auto result = nxg::gym::run(settings, interrupted);
    if (settings.json_report) fmt::print("{}\n", nxg::gym::to_json(result));
    return result.exact() ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "nxg-gym: {}\n", error.what());
    return 2;
  }
}
