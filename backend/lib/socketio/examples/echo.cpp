// A server to test clients against: it says everything back. Its first line of output is its port.
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/signals.hpp"
#include "runtime/timer.hpp"
#include "socketio/engine.hpp"
#include "socketio/listener.hpp"
#include "socketio/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace nxg;
using std::chrono::milliseconds;

struct settings {
  std::uint16_t port = 3000;
  milliseconds ping_interval{300};
  milliseconds ping_timeout{200};
  milliseconds connect_timeout{1'000};
  std::size_t max_payload = 1'000'000;
  std::size_t cores = 1;
  bool engine_only = false;
  std::size_t deflate_threshold = 0;  // 0: not offered
};

constexpr std::string_view usage =
    "socketio_echo [--port N] [--ping-interval MS] [--ping-timeout MS] [--connect-timeout MS] [--max-payload BYTES]\n"
    "              [--cores N] [--deflate THRESHOLD] [--engine-only]\n";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > 1'000'000'000) return std::nullopt;
  return value;
}

bool set(settings& to, std::string_view name, std::uint64_t value) {
  if (name == "--port" && value <= 65'535)
    to.port = static_cast<std::uint16_t>(value);
  else if (name == "--ping-interval" && value > 0)
    to.ping_interval = milliseconds{value};
  else if (name == "--ping-timeout" && value > 0)
    to.ping_timeout = milliseconds{value};
  else if (name == "--connect-timeout" && value > 0)
    to.connect_timeout = milliseconds{value};
  else if (name == "--max-payload" && value > 0)
    to.max_payload = value;
  else if (name == "--cores" && value > 0)
    to.cores = value;
  else if (name == "--deflate" && value > 0)
    to.deflate_threshold = value;
  else
    return false;
  return true;
}

/// Nothing when the arguments make no sense.
std::optional<settings> parse(const std::vector<std::string_view>& arguments) {
  settings result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--engine-only") {
      result.engine_only = true;
      continue;
    }
    const auto value = i + 1 < arguments.size() ? number(arguments[i + 1]) : std::nullopt;
    if (!value || !set(result, arguments[i], *value)) return std::nullopt;
    ++i;
  }
  return result;
}

/// A moment after the connection: raw clients that await one message at a time may get only one at a time.
task<> send_auth(std::shared_ptr<socketio::socket> to, runtime::clock& time) {
  co_await runtime::sleep_for(time, milliseconds{5});
  to->emit("auth", to->handshake().auth);
}

/// `/` says back what it hears; `/custom` only greets; others do not exist.
void serve_namespaces(socketio::server& server, runtime::clock& time) {
  const auto greet = [&time](const std::shared_ptr<socketio::socket>& socket) {
    boost::asio::co_spawn(socket->get_executor(), send_auth(socket, time), boost::asio::detached);
  };
  server.namespace_("/")
      .on_connect(greet)
      .on("message", [](const std::shared_ptr<socketio::socket>& socket,
                        socketio::event_args args) { socket->emit("message-back", args.to_payload()); })
      .on("message-with-ack",
          [](const std::shared_ptr<socketio::socket>&, socketio::event_args args) { args.ack(args.to_payload()); });
  server.namespace_("/custom").on_connect(greet);
}

/// A bare Engine.IO session that sends every message back.
class echo_handler final : public socketio::engine_handler {
 public:
  explicit echo_handler(std::shared_ptr<socketio::engine_session> session) : session_{std::move(session)} {}
  void text(std::string_view message) override { session_->send_text(message); }
  void binary(std::string_view message) override { session_->send_binary(message); }
  void closed(socketio::close_reason) override { session_.reset(); }

 private:
  std::shared_ptr<socketio::engine_session> session_;
};

socketio::engine_options engine_settings(const settings& from) {
  socketio::engine_options options;
  options.path = from.engine_only ? "/engine.io/" : "/socket.io/";
  options.ping_interval = from.ping_interval;
  options.ping_timeout = from.ping_timeout;
  options.max_payload = from.max_payload;
  options.cors.emplace();
  if (from.deflate_threshold > 0) options.deflate.emplace().threshold = from.deflate_threshold;
  return options;
}

/// On all addresses, of both families where there are two: "localhost" may be either.
std::unique_ptr<socketio::listener> open(const std::vector<executor>& cores, runtime::clock& time, std::uint16_t port,
                                         const socketio::http_doors& doors) {
  socketio::listener_options options;
  options.address = "::";
  options.port = port;
  try {
    return std::make_unique<socketio::listener>(cores, time, options, doors);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::address_in_use) throw;
    options.address = "0.0.0.0";
    return std::make_unique<socketio::listener>(cores, time, options, doors);
  }
}

int run(const settings& with) {
  runtime::prepare_signals();

  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool{with.cores};
  std::vector<executor> cores;
  for (std::size_t i = 0; i < pool.size(); ++i) cores.push_back(pool.at(i));

  socketio::server_options options;
  options.engine = engine_settings(with);
  options.connect_timeout = with.connect_timeout;
  socketio::server server{cores, time, random, options};
  serve_namespaces(server, time);
  socketio::engine_server engine{cores, time, random, options.engine,
                                 [](auto session) { return std::make_shared<echo_handler>(session); }};

  const auto doors = with.engine_only ? socketio::doors_of(engine) : socketio::doors_of(server);
  const auto listener = open(cores, time, with.port, doors);
  pool.start();
  std::printf("%u\n", static_cast<unsigned>(listener->port()));
  std::fflush(stdout);

  runtime::wait_for_stop();
  listener->close();
  pool.stop();
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const auto with = parse({values + 1, values + count});
  if (!with) {
    std::fputs(usage.data(), stderr);
    return 2;
  }
  try {
    return run(*with);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "socketio_echo: %s\n", error.what());
    return 1;
  }
}
