// socketio_broadcast: our side of the Socket.IO rows, on one core. Every client joins a room; "broadcast" {payload,
// times} sends that many events to all of it; "message" is said back. Prints {"port":…,"pid":…}.

#include "runtime/io_pool.hpp"
#include "runtime/signals.hpp"
#include "socketio/listener.hpp"
#include "socketio/server.hpp"
#include "socketio/socket.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <string>

#include <unistd.h>

int main() {
  using namespace nxg;
  namespace json = boost::json;
  runtime::prepare_signals();

  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool{1};
  socketio::server server{{pool.at(0)}, time, random};
  auto& everyone = server.namespace_("/");
  everyone.on_connect([](const std::shared_ptr<socketio::socket>& socket) { socket->join("everybody"); });
  everyone.on("broadcast", [](const std::shared_ptr<socketio::socket>& socket, socketio::event_args args) {
    const auto asked = json::parse(args[0]);
    const auto payload = json::serialize(asked.at("payload"));
    const auto times = asked.at("times").as_int64();
    for (std::int64_t i = 0; i < times; ++i) {
      socket->of().to("everybody").emit("news", fmt::format(R"({{"payload":{},"number":{}}})", payload, i));
    }
    args.ack();
  });
  everyone.on("message", [](const std::shared_ptr<socketio::socket>& socket, socketio::event_args args) {
    socket->emit("message-back", args.to_payload());
  });
  socketio::listener listener{{pool.at(0)}, time, {}, socketio::doors_of(server)};
  pool.start();
  fmt::print("{{\"port\":{},\"pid\":{}}}\n", listener.port(), getpid());
  std::fflush(stdout);
  runtime::wait_for_stop();
  listener.close();
  pool.stop();
}
