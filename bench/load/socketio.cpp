// Rows of the Socket.IO library: connections, echoes, broadcasts over WebSocket, and polling.
#include "load/load.hpp"
#include "load/wire_clients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace nxg::load {

namespace {

using namespace std::chrono_literals;
using clock = wire_clients::clock;

double seconds_since(clock::time_point begun) { return std::chrono::duration<double>(clock::now() - begun).count(); }

/// Takes the CPU time of the server between two moments.
class stopwatch {
 public:
  explicit stopwatch(int pid) : pid_{pid}, cpu_{cpu_of(pid)} {}
  void into(outcome& result) const {
    const auto now = cpu_of(pid_);
    result.seconds = seconds_since(begun_);
    result.cpu_user_seconds = now.user_seconds - cpu_.user_seconds;
    result.cpu_system_seconds = now.system_seconds - cpu_.system_seconds;
  }
  [[nodiscard]] double seconds() const { return seconds_since(begun_); }

 private:
  int pid_;
  cpu_time cpu_;
  clock::time_point begun_ = clock::now();
};

void connect_all(wire_clients& all, std::size_t count) {
  constexpr std::size_t at_once = 64;
  std::size_t begun = 0;
  const auto more = [&] {
    for (; begun < count && begun - all.in() < at_once; ++begun) all.connect();
    return all.in() == count;
  };
  if (!all.run_until(more, 60s))
    throw std::runtime_error{fmt::format("only {} of {} clients came in", all.in(), count)};
}

wire_clients::speech speech_of(const socketio_options& options) {
  return options.bare ? wire_clients::speech::bare : wire_clients::speech::socketio;
}

}  // namespace

outcome socketio_connections(const socketio_options& options) {
  outcome result;
  // Rounds, so that what lies about between two runs of a garbage collector counts as well.
  for (int round = 0; round < options.rounds; ++round) {
    wire_clients all{options.port, speech_of(options), {}};
    const stopwatch watch{options.pid};
    connect_all(all, options.clients);
    outcome one;
    watch.into(one);
    result.seconds += one.seconds;
    result.cpu_user_seconds += one.cpu_user_seconds;
    result.cpu_system_seconds += one.cpu_system_seconds;
    result.delivered += options.clients;
  }
  return result;
}

double socketio_idle_bytes(const socketio_options& options) {
  const auto before = resident_bytes(options.pid);
  wire_clients all{options.port, speech_of(options), {}};
  connect_all(all, options.clients);
  all.run_until([] { return false; }, 1'500ms);
  return static_cast<double>(resident_bytes(options.pid) - before) / static_cast<double>(options.clients);
}

outcome socketio_echo(const socketio_options& options) {
  outcome result;
  const auto message = options.bare ? std::string(wire_clients::bare_bytes, 'x')
                                    : fmt::format(R"(42["message","{}"])", std::string(200, 'x'));
  bool is_measured = false;
  wire_clients* all = nullptr;
  const auto ask = [&](wire_clients::client& by) {
    by.since = clock::now();
    ++result.sent;
    all->send(by, message);
  };
  wire_clients::hooks hooks;
  hooks.heard = [&](wire_clients::client& by, std::string_view) {
    ++result.delivered;
    if (is_measured)
      result.delivery_ms.push_back(std::chrono::duration<float, std::milli>(clock::now() - by.since).count());
    ask(by);
  };
  hooks.ended = [](wire_clients::client&) { throw std::runtime_error{"a client was cut off"}; };
  wire_clients clients{options.port, speech_of(options), hooks};
  all = &clients;
  connect_all(clients, options.clients);
  for (std::size_t i = 0; i < clients.size(); ++i) ask(clients.at(i));
  clients.run_until([] { return false; }, 1s);
  is_measured = true;
  result.delivered = 0;
  const stopwatch watch{options.pid};
  clients.run_until([&] { return watch.seconds() > options.seconds; }, 600s);
  watch.into(result);
  return result;
}

outcome socketio_broadcast(const socketio_options& options) {
  outcome result;
  wire_clients::hooks hooks;
  hooks.heard = [&](wire_clients::client&, std::string_view packet) {
    if (packet.starts_with("42") || options.bare) ++result.delivered;
  };
  hooks.ended = [](wire_clients::client&) { throw std::runtime_error{"a client was cut off"}; };
  wire_clients all{options.port, speech_of(options), hooks};
  connect_all(all, options.clients);
  const auto tell = [&](int times) {
    const auto expected = result.delivered + static_cast<std::uint64_t>(times) * options.clients;
    const auto begun = clock::now();
    if (options.bare) {
      // A message that begins with 'B' and a two-byte number asks for so many to all.
      std::string ask(wire_clients::bare_bytes, '\0');
      ask[0] = 'B';
      ask[1] = static_cast<char>(times);
      ask[2] = static_cast<char>(times >> 8);
      all.send(all.at(0), ask);
    } else {
      all.send(all.at(0),
               fmt::format(R"(421["broadcast",{{"payload":"{}","times":{}}}])", std::string(180, 'x'), times));
    }
    if (!all.run_until([&] { return result.delivered >= expected; }, 60s)) {
      throw std::runtime_error{fmt::format("{} of {} messages did not arrive", expected - result.delivered, expected)};
    }
    return std::chrono::duration<float, std::milli>(clock::now() - begun).count();
  };
  tell(1);
  for (int i = 0; i < options.rounds; ++i) result.delivery_ms.push_back(tell(1));
  result.delivered = 0;
  const stopwatch watch{options.pid};
  for (int round = 0; round < options.rounds; ++round) tell(options.times);
  watch.into(result);
  return result;
}

}  // namespace nxg::load
