#include "realtime/answers.hpp"
#include "realtime/channel.hpp"
#include "realtime/farewells.hpp"
#include "realtime/namespaces.hpp"
#include "runtime/timer.hpp"
#include "schema/json.hpp"
#include "services/machines/presence.hpp"
#include "services/machines/views.hpp"
#include "services/telemetry/messages.hpp"
#include "services/telemetry/plain_messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <mutex>
#include <unordered_map>

namespace nxg::realtime {
namespace {

using socketio::event_args;
using shared_socket = std::shared_ptr<socketio::socket>;

/// Which connection of a machine is the newest in this process. Across processes heartbeats tell.
class newest_connections {
 public:
  /// Who has to go: the one before, or this one when it is the older.
  shared_socket replace(const uuid& machine, const shared_socket& socket, std::int64_t number) {
    const std::scoped_lock lock{mutex_};
    auto& known = machines_[machine];
    auto before = known.socket.lock();
    if (before && known.number > number) return socket;
    known = {socket, number};
    return before;
  }
  void forget(const uuid& machine, std::int64_t number) {
    const std::scoped_lock lock{mutex_};
    const auto found = machines_.find(machine);
    if (found != machines_.end() && found->second.number == number) machines_.erase(found);
  }

 private:
  struct entry {
    std::weak_ptr<socketio::socket> socket;
    std::int64_t number = 0;
  };
  std::mutex mutex_;
  std::unordered_map<uuid, entry> machines_;
};

class machine_namespace : public std::enable_shared_from_this<machine_namespace> {
 public:
  explicit machine_namespace(const parts& with) : with_{with} {}

  task<socketio::authentication> let_in(std::shared_ptr<const socketio::handshake> from) {
    socketio::authentication answer;
    const auto received = with_.time.now();
    try {
      auto who = co_await principal_of(with_.tokens, from->request->core, from->auth);
      auto known = std::make_shared<connection>(with_.pace);
      known->who = who;
      socketio::accepted in;
      if (!is_device(known->caller_role())) co_await with_.people.take(who->id);
      if (known->caller_role() == role::machine) {
        const auto shown = schema::from_json<machine_handshake>(from->auth, schema::unknown::ignored);
        signs_of_life told;
        if (shown.at) told.clock_offset_ms = clock_offset_of(*shown.at, received);
        const auto where = co_await boost::asio::this_coro::executor;
        const auto now = co_await with_.presence.connected(who->id, std::move(told));
        known->number = now.connection;
        known->stream = co_await with_.intake.open(who->id, where);
        in.rooms.push_back(machine_room(who->id));
      }
      in.data = std::move(known);
      answer = std::move(in);
    } catch (...) {
      answer = handshake_refusal(std::current_exception(), with_.log);
    }
    co_return answer;
  }

  void connected(const shared_socket& socket) {
    const auto& known = connection_of(*socket);
    if (known.caller_role() == role::machine) {
      const auto superseded = newest_.replace(known.who->id, socket, known.number);
      if (superseded) {
        // It does not count any more, although it has not left yet.
        with_.watch.forget(superseded->id());
        part(*superseded, farewell::superseded);
      }
    }
    // Last: it may end the socket.
    if (socket->connected()) with_.watch.watch(socket, *known.who);
  }

  void gone(const shared_socket& socket) {
    with_.watch.forget(socket->id());
    const auto& known = connection_of(*socket);
    if (known.caller_role() == role::machine) newest_.forget(known.who->id, known.number);
  }

  /// In place, without a coroutine: this runs for every sample. False for what is not written as machines write it.
  bool plain_samples_came(const shared_socket& socket, std::string_view text, socketio::acknowledgement& reply,
                          bool single) {
    auto& known = connection_of(*socket);
    if (known.caller_role() != role::machine || text.size() > samples::max_bytes) return false;
    const auto offset = known.stream->clock_offset_ms();
    auto message = single ? samples::read_plain_single(text, offset) : samples::read_plain_batch(text, offset);
    if (!message) return false;
    slow_down(socket, known);
    offer(known, *std::move(message), std::move(reply));
    return true;
  }

  void samples_came(const shared_socket& socket, event_args args, bool single) {
    auto& known = connection_of(*socket);
    if (known.caller_role() != role::machine) {
      args.ack(refusal_json(forbidden("Only machines send samples.")));
      return;
    }
    slow_down(socket, known);
    try {
      if (args[0].size() > samples::max_bytes) throw schema::invalid{"too_long", "a message may have 1 MiB at most"};
      const auto offset = known.stream->clock_offset_ms();
      // Before the right to answer is given away: it may throw.
      auto message = single ? samples::parse_single(args[0], offset) : samples::parse_batch(args[0], offset);
      offer(known, std::move(message), args.take_ack());
    } catch (const schema::invalid& error) {
      args.ack(refusal_json(error));
    } catch (...) {
      args.ack(refusal_json(std::current_exception(), with_.log));
    }
  }

  task<> heartbeat(shared_socket socket, event_args args) {
    std::string answer;
    bool superseded = false;
    try {
      const auto machine = require_machine(*socket);
      const auto report = schema::from_json<heartbeat_report>(args[0], schema::unknown::ignored);
      auto told = signs_of(report, with_.time.now());
      if (told.clock_offset_ms) with_.intake.measured_clock(machine, *told.clock_offset_ms);
      const auto now = co_await with_.presence.heartbeat(machine, connection_of(*socket).number, std::move(told));
      superseded = !now;
      if (now) answer = schema::to_json(heartbeat_answer_for(*now, with_.time.now()));
    } catch (...) {
      answer = refusal_json(std::current_exception(), with_.log);
    }
    if (superseded) {
      part(*socket, farewell::superseded);
      co_return;
    }
    args.ack(answer);
  }

  task<> maintenance(shared_socket socket, event_args args) {
    std::string answer;
    try {
      const auto machine = require_machine(*socket);
      auto report = schema::from_json<upkeep_report>(args[0]);
      co_await with_.upkeep.report(machine, std::move(report));
      answer = schema::to_json(done{});
    } catch (...) {
      answer = refusal_json(std::current_exception(), with_.log);
    }
    args.ack(answer);
  }

  task<> subscribe(shared_socket socket, event_args args) {
    std::string answer;
    std::string room;
    try {
      const auto branch = require_watcher(*socket, args);
      co_await with_.people.take(connection_of(*socket).who->id);
      // Into the room first: what changes while the snapshot is read is told as well.
      room = branch_room(branch);
      begin_watch(*socket, room);
      branch_snapshot snapshot;
      const auto machines = co_await with_.machines.of_branch(branch);
      for (const auto& one : machines) snapshot.machines.push_back(availability_of(one, with_.time.now()));
      answer = schema::to_json(snapshot);
      settle_watch(*socket, room, true);
    } catch (...) {
      answer = refusal_json(std::current_exception(), with_.log);
      if (!room.empty()) settle_watch(*socket, room, false);
    }
    args.ack(answer);
  }

  void unsubscribe(const shared_socket& socket, event_args args) {
    try {
      end_watch(*socket, branch_room(require_watcher(*socket, args)));
      args.ack(schema::to_json(done{}));
    } catch (...) {
      args.ack(refusal_json(std::current_exception(), with_.log));
    }
  }

 private:
  static uuid require_machine(socketio::socket& socket) {
    const auto& known = connection_of(socket);
    if (known.caller_role() != role::machine) throw forbidden("Only machines may say that.");
    return known.who->id;
  }

  /// Any member may watch any branch, as they may check in at any; devices may not.
  static uuid require_watcher(socketio::socket& socket, const event_args& args) {
    if (is_device(connection_of(socket).caller_role())) throw forbidden("Branches are watched by people.");
    return schema::from_json<branch_choice>(args[0]).branch_id;
  }

  static void offer(connection& from, samples::parsed message, socketio::acknowledgement reply) {
    from.stream->offer(std::move(message), [reply = std::move(reply)](const samples::ack& answered) mutable {
      reply(samples::to_text(answered));
    });
  }

  /// A machine that sends too fast is not refused but read more slowly; its samples wait where they are safe.
  void slow_down(const shared_socket& socket, connection& known) {
    const auto wait = known.allowance.take(with_.time.steady());
    if (wait.count() == 0) return;
    boost::asio::co_spawn(socket->get_executor(), hold(with_.time, socket->pause_reading(), wait),
                          boost::asio::detached);
  }
  static task<> hold(runtime::clock& time, socketio::read_pause pause, std::chrono::milliseconds wait) {
    co_await runtime::sleep_for(time, wait);
    pause.release();
  }

  parts with_;
  newest_connections newest_;
};

}  // namespace

void declare_machines(socketio::server& server, const parts& with) {
  const auto shared = std::make_shared<machine_namespace>(with);
  auto& bare = server.namespace_("/machines");
  bare.authenticate(
      [shared](std::shared_ptr<const socketio::handshake> from) { return shared->let_in(std::move(from)); });
  bare.on_connect([shared](shared_socket socket) { shared->connected(socket); });
  bare.on_disconnect([shared](shared_socket socket, socketio::close_reason) { shared->gone(socket); });

  declared_namespace in{bare, with.events};
  in.on(says::telemetry, [shared](const shared_socket& socket, event_args args) {
    shared->samples_came(socket, std::move(args), true);
  });
  in.on(says::telemetry_batch, [shared](const shared_socket& socket, event_args args) {
    shared->samples_came(socket, std::move(args), false);
  });
  in.at_first_look(says::telemetry, [shared](const shared_socket& socket, std::string_view text, auto& reply) {
    return shared->plain_samples_came(socket, text, reply, true);
  });
  in.at_first_look(says::telemetry_batch, [shared](const shared_socket& socket, std::string_view text, auto& reply) {
    return shared->plain_samples_came(socket, text, reply, false);
  });
  in.on(says::heartbeat, [shared](shared_socket socket, event_args args) {
    return shared->heartbeat(std::move(socket), std::move(args));
  });
  in.on(says::maintenance, [shared](shared_socket socket, event_args args) {
    return shared->maintenance(std::move(socket), std::move(args));
  });
  in.on(says::branch_subscribe, [shared](shared_socket socket, event_args args) {
    return shared->subscribe(std::move(socket), std::move(args));
  });
  in.on(says::branch_unsubscribe,
        [shared](const shared_socket& socket, event_args args) { shared->unsubscribe(socket, std::move(args)); });
  add_renewal(in, with.tokens, with.watch, with.log);
  declare_farewells(in);
}

}  // namespace nxg::realtime
