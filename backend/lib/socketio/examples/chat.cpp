// A chat: rooms, acknowledgements both ways, namespaces by pattern, a doorkeeper, and clients that come back after
// their connection broke with nothing missed. Its first line of output is its port.
//
//   socketio_chat [PORT]
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/signals.hpp"
#include "socketio/json_text.hpp"
#include "socketio/listener.hpp"
#include "socketio/server.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace nxg;
using socketio::event_args;
using std::chrono::milliseconds;

std::string text(std::string_view json) { return socketio::json_text::string_of(json).value_or(""); }

/// Whoever says `{"name": …}` may come in, under that name; "nobody" may not.
task<std::optional<socketio::refused>> doorkeeper(std::shared_ptr<const socketio::handshake> from) {
  std::optional<socketio::refused> no;
  const auto name = socketio::json_text::member(from->auth, "name");
  if (!name || text(*name) == "nobody")
    no = socketio::refused{.message = "who are you?", .data = R"({"code":"no_name"})"};
  co_return no;
}

task<socketio::authentication> by_name(std::shared_ptr<const socketio::handshake> from) {
  co_return socketio::accepted{.data = text(socketio::json_text::member(from->auth, "name").value_or("")),
                               .rooms = {"lobby"}};
}

/// `ask room question`: the answers of everybody else there, within half a second.
task<> ask(std::shared_ptr<socketio::socket> who, event_args args) {
  std::string question = "question";
  const auto result = co_await who->to(text(args[0])).emit_with_ack(question, std::string{args[1]}, milliseconds{500});
  std::string all;
  for (const auto& one : result.answers) all.append(all.empty() ? "" : ",").append(one[0]);
  args.ack('[' + all + "]," + std::to_string(result.missing));
}

/// `list room`: who is there.
task<> list(std::shared_ptr<socketio::socket> who, event_args args) {
  const auto there = co_await who->of().to(text(args[0])).sockets();
  std::vector<std::string> names;
  for (const auto& one : there) names.push_back(one.data);
  std::ranges::sort(names);
  std::string all;
  for (const auto& one : names) all.append(all.empty() ? "" : ",").append(one);
  args.ack('[' + all + ']');
}

void serve(socketio::name_space& chat) {
  chat.use(doorkeeper)
      .authenticate(by_name)
      .show_data([](const std::any& name) {
        std::string json;
        socketio::json_text::append_string(json, std::any_cast<const std::string&>(name));
        return json;
      })
      .on_connect([](const std::shared_ptr<socketio::socket>& who) {
        if (!who->recovered()) who->emit("welcome", R"(")" + who->of().name() + '"');
      })
      .on("join",
          [](const std::shared_ptr<socketio::socket>& who, event_args args) {
            who->join(text(args[0]));
            args.ack();
          })
      .on("say",
          [](const std::shared_ptr<socketio::socket>& who, event_args args) {
            who->of().to(text(args[0])).emit("said", args[1]);
            args.ack();
          })
      .on("ask", ask)
      .on("list", list);
}

int run(std::uint16_t port) {
  runtime::prepare_signals();

  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool{2};
  const std::vector<executor> cores{pool.at(0), pool.at(1)};
  socketio::server_options options;
  options.recovery.emplace();
  options.engine.cors.emplace();
  socketio::server server{cores, time, random, options};
  serve(server.namespace_("/"));
  serve(server.namespaces([](std::string_view name) { return name.starts_with("/club-"); }));

  socketio::listener_options at;
  at.port = port;
  socketio::listener listener{cores, time, at, socketio::doors_of(server)};
  pool.start();
  std::printf("%u\n", static_cast<unsigned>(listener.port()));
  std::fflush(stdout);
  runtime::wait_for_stop();
  listener.close();
  pool.stop();
  return 0;
}

}  // namespace

int main(int count, char** values) {
  std::uint16_t port = 0;
  const std::string_view given = count > 1 ? values[1] : "0";
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), port);
  if (count > 2 || error != std::errc{} || end != given.data() + given.size()) {
    std::fputs("socketio_chat [PORT]\n", stderr);
    return 2;
  }
  try {
    return run(port);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "socketio_chat: %s\n", failure.what());
    return 1;
  }
}
