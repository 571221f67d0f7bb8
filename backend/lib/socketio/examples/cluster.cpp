// One process of a cluster over Redis, beside others like it and beside Node's. Its first line of output is its port.
//
//   socketio_cluster REDIS_URL [--recovery [EVENTS]]     clients come back at any process; how much the stream holds
#include "coordination/redis.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/signals.hpp"
#include "socketio/listener.hpp"
#include "socketio/server.hpp"
#include "socketio_redis/channels.hpp"

#include <any>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace nxg;

/// A JSON string without its quotes; names here need no escapes.
std::string name(std::string_view json) { return std::string{json.size() < 2 ? "" : json.substr(1, json.size() - 2)}; }

std::string joined(const std::vector<std::string>& jsons) {
  std::string all = "[";
  for (const auto& one : jsons) all.append(all.size() > 1 ? "," : "").append(one);
  return all + ']';
}

/// `list room`: ids, rooms and data of the sockets there, in whatever process.
task<> list(std::shared_ptr<socketio::socket> who, socketio::event_args args) {
  const auto found = co_await who->of().to(name(args[0])).sockets();
  std::vector<std::string> all;
  for (const auto& one : found) {
    std::vector<std::string> rooms;
    for (const auto& room : one.rooms) rooms.push_back('"' + room + '"');
    all.push_back(R"({"id":")" + one.id + R"(","rooms":)" + joined(rooms) + R"(,"address":")" + one.remote_address +
                  R"(","data":)" + one.data + '}');
  }
  args.ack(joined(all));
}

/// `ask room question milliseconds`: the first argument of each answer, how many are missing, whether all processes
/// spoke.
task<> ask(std::shared_ptr<socketio::socket> who, socketio::event_args args) {
  const std::string event = "question";
  const auto to = who->of().to(name(args[0]));
  const auto result = co_await to.emit_with_ack(event, std::string{args[1]},
                                                std::chrono::milliseconds{std::stoi(std::string{args[2]})});
  std::vector<std::string> all;
  for (const auto& one : result.answers) all.emplace_back(one[0]);
  args.ack(joined(all) + ',' + std::to_string(result.missing) + (result.complete ? ",true" : ",false"));
}

/// `servers question`: what the other processes answer.
task<> ask_servers(std::shared_ptr<socketio::socket> who, socketio::event_args args) {
  const std::string event = "who";
  const auto answers =
      co_await who->of().server_side_emit_with_ack(event, std::string{args[0]}, std::chrono::milliseconds{2'000});
  args.ack(joined(answers));
}

/// What reaches sockets of other processes too: `gather room into`, `scatter room from`, `dismiss room close`.
void serve_remote(socketio::name_space& space) {
  space
      .on("gather", [&space](const std::shared_ptr<socketio::socket>&,
                             socketio::event_args args) { space.to(name(args[0])).join(name(args[1])); })
      .on("scatter", [&space](const std::shared_ptr<socketio::socket>&,
                              socketio::event_args args) { space.to(name(args[0])).leave(name(args[1])); })
      .on("dismiss",
          [&space](const std::shared_ptr<socketio::socket>&, socketio::event_args args) {
            space.to(name(args[0])).disconnect_sockets(args[1] == "true");
          })
      .on("here", [&space](const std::shared_ptr<socketio::socket>&,
                           socketio::event_args args) { space.all().local().emit(name(args[0])); })
      .on("greet-servers", [&space](const std::shared_ptr<socketio::socket>&,
                                    socketio::event_args args) { space.server_side_emit("greet", args[0]); })
      .on("list", list)
      .on("ask", ask)
      .on("servers", ask_servers)
      .on_server_event("greet", [&space](socketio::event_args args) { space.all().local().emit("greeted", args[0]); })
      .on_server_event("who", [](socketio::event_args args) { args.ack(R"({"ours":)" + std::string{args[0]} + '}'); })
      .show_data([](const std::any&) { return std::string{R"({"kind":"ours"})"}; });
}

/// `join room`; `tell room except event payload`, where empty names mean all and none; `others`, without the sender.
void serve(socketio::name_space& space) {
  const auto aimed = [&space](const socketio::event_args& args) {
    auto to = space.all();
    if (!name(args[0]).empty()) to = std::move(to).to(name(args[0]));
    if (!name(args[1]).empty()) to = std::move(to).except(name(args[1]));
    return to;
  };
  const auto content = [](const socketio::event_args& args) {
    return args.binary(3) ? socketio::payload{}.add_binary(std::string{*args.binary(3)}) : socketio::payload{args[3]};
  };
  space
      .on("join",
          [](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
            who->join(name(args[0]));
            args.ack();
          })
      .on("tell", [aimed, content](const std::shared_ptr<socketio::socket>&,
                                   socketio::event_args args) { aimed(args).emit(name(args[2]), content(args)); })
      .on("others", [content](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
        who->to(name(args[0])).emit(name(args[2]), content(args));
      });
}

/// `note text` puts something into the socket's data, `noted` asks for it and whether the client came back;
/// `leave room`; `break` cuts the connection as a bad network would.
void serve_returning(socketio::name_space& space) {
  const auto text = [](const std::any& data) {
    const auto* const known = std::any_cast<std::string>(&data);
    return known ? *known : std::string{};
  };
  space.carry_data(text, [](std::string_view kept) { return std::any{std::string{kept}}; })
      .on("note",
          [](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
            who->data() = std::string{args[0]};
            args.ack();
          })
      .on("noted",
          [text](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
            const auto noted = text(who->data());
            args.ack((noted.empty() ? "null" : noted) + (who->recovered() ? ",true" : ",false"));
          })
      .on("leave",
          [](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
            who->leave(name(args[0]));
            args.ack();
          })
      .on("bye", [](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
        who->emit("farewell", args[0]);
        who->disconnect();
      });
}

int run(const std::string& url, std::optional<std::size_t> events) {
  runtime::prepare_signals();

  runtime::clock time;
  runtime::secure_random random;
  coordination::redis_options with;
  with.url = url;
  const auto shared = coordination::make_redis(time, random, with);
  socketio_redis::channels through{shared->channels()};
  socketio_redis::commands commands{shared->commands()};
  runtime::io_pool pool{2};
  const std::vector<executor> cores{pool.at(0), pool.at(1)};
  socketio::server_options options;
  socketio::redis_adapter_options across;
  if (events) {
    options.recovery.emplace().max_events = *events;
    across.commands = &commands;
  }
  across.on_malformed = [](std::string_view why) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
  };
  options.adapter = socketio::make_redis_adapter(through, random, across);
  options.engine.cookie.emplace().name = "nxg-io";  // by which a load balancer learns where a session is
  socketio::server server{cores, time, random, options};
  serve(server.namespace_("/"));
  serve_remote(server.namespace_("/"));
  serve(server.namespace_("/chat"));
  serve_returning(server.namespace_("/"));
  if (!shared->flush(std::chrono::seconds{5})) throw std::runtime_error{"Redis does not answer"};

  socketio::listener listener{cores, time, {.port = 0}, socketio::doors_of(server)};
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
  const std::vector<std::string> arguments{values + 1, values + count};
  const bool recovers = arguments.size() > 1 && arguments[1] == "--recovery";
  if (arguments.empty() || arguments.size() > 3 || (arguments.size() > 1 && !recovers)) {
    std::fputs("socketio_cluster REDIS_URL [--recovery [EVENTS]]\n", stderr);
    return 2;
  }
  try {
    std::optional<std::size_t> events;
    if (recovers) events = arguments.size() > 2 ? std::stoul(arguments[2]) : socketio::recovery_options{}.max_events;
    return run(arguments[0], events);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "socketio_cluster: %s\n", error.what());
    return 1;
  }
}
