// nxg-load: the load side of the benchmarks. Each subcommand prints one JSON object.

#include "load/load.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/resource.h>

int main(int argc, char** argv) {
  using namespace nxg::load;
  rlimit files{65536, 65536};
  setrlimit(RLIMIT_NOFILE, &files);

  CLI::App app{"Load for the benchmarks"};
  app.require_subcommand(1);
  telemetry_options samples;
  broadcast_options listeners;
  std::string floor;
  std::size_t machines = 200;

  auto* telemetry_command = app.add_subcommand("telemetry", "samples over Socket.IO, live to their devices");
  telemetry_command->add_option("--url", samples.url)->required();
  telemetry_command->add_option("--credentials", samples.credentials_file)->required()->check(CLI::ExistingFile);
  telemetry_command->add_option("--rate", samples.rate, "samples/s; 0: as fast as they are acknowledged");
  telemetry_command->add_option("--seconds", samples.seconds);
  telemetry_command->add_option("--pid", samples.pids, "of every process of the server")->required();

  auto* raw_telemetry_command = app.add_subcommand("raw-telemetry", "the same exchange with floor telemetry");
  raw_telemetry_command->add_option("--floor", floor, "host:port")->required();
  raw_telemetry_command->add_option("--machines", machines);
  raw_telemetry_command->add_option("--rate", samples.rate)->required();
  raw_telemetry_command->add_option("--seconds", samples.seconds);
  raw_telemetry_command->add_option("--pid", samples.pids)->required()->expected(1);

  const auto add_listeners = [&](CLI::App* command) {
    command->add_option("--listeners", listeners.listeners);
    command->add_option("--times", listeners.times);
    command->add_option("--rounds", listeners.rounds);
    command->add_option("--pid", listeners.pid)->required();
  };
  auto* broadcast_command = app.add_subcommand("broadcast", "one event to many sockets");
  broadcast_command->add_option("--url", listeners.url)->required();
  broadcast_command->add_option("--namespace", listeners.namespace_name);
  broadcast_command->add_option("--auth", listeners.auth);
  add_listeners(broadcast_command);
  auto* raw_broadcast_command = app.add_subcommand("raw-broadcast", "the same with floor broadcast");
  raw_broadcast_command->add_option("--floor", floor, "host:port")->required();
  add_listeners(raw_broadcast_command);
  auto* idle_command = app.add_subcommand("idle", "resident bytes per idle connection");
  idle_command->add_option("--url", listeners.url)->required();
  idle_command->add_option("--namespace", listeners.namespace_name);
  idle_command->add_option("--auth", listeners.auth);
  add_listeners(idle_command);
  socketio_options sockets;
  const auto add_sockets = [&](const char* name, const char* what) {
    auto* command = app.add_subcommand(name, what);
    command->add_option("--port", sockets.port)->required();
    command->add_option("--pid", sockets.pid)->required();
    command->add_option("--clients", sockets.clients);
    command->add_option("--seconds", sockets.seconds);
    command->add_option("--times", sockets.times);
    command->add_option("--rounds", sockets.rounds);
    command->add_flag("--bare", sockets.bare, "the server is floor socketio");
    return command;
  };
  const auto* const connections_command = add_sockets("connections", "Socket.IO connections per second");
  const auto* const idle_sockets_command = add_sockets("idle-sockets", "resident bytes per idle Socket.IO client");
  const auto* const echo_command = add_sockets("echo", "messages said back");
  const auto* const to_all_command = add_sockets("to-all", "broadcasts");
  const auto* const polling_command = add_sockets("polling", "long-polling requests");
  CLI11_PARSE(app, argc, argv);

  try {
    if (idle_command->parsed()) {
      fmt::print("{{\"bytesPerConnection\":{:.0f}}}\n", idle_connection_bytes(listeners));
      return 0;
    }
    if (idle_sockets_command->parsed()) {
      fmt::print("{{\"bytesPerConnection\":{:.0f}}}\n", socketio_idle_bytes(sockets));
      return 0;
    }
    outcome result;
    if (connections_command->parsed()) result = socketio_connections(sockets);
    if (echo_command->parsed()) result = socketio_echo(sockets);
    if (to_all_command->parsed()) result = socketio_broadcast(sockets);
    if (polling_command->parsed()) result = socketio_polling(sockets);
    if (telemetry_command->parsed()) result = telemetry(samples);
    if (raw_telemetry_command->parsed())
      result = raw_telemetry(floor, machines, samples.rate, samples.seconds, samples.pids.front());
    if (broadcast_command->parsed()) result = broadcast(listeners);
    if (raw_broadcast_command->parsed())
      result = raw_broadcast(floor, listeners.listeners, listeners.times, listeners.rounds, listeners.pid);
    fmt::print("{}\n", to_json(result));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "nxg-load: {}\n", error.what());
    return 1;
  }
}
