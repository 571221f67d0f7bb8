#include "realtime/answers.hpp"
#include "realtime/channel.hpp"
#include "realtime/farewells.hpp"
#include "realtime/namespaces.hpp"
#include "schema/json.hpp"

#include <exception>

namespace nxg::realtime {
namespace {

class staff {
 public:
  explicit staff(const parts& with) : with_{with} {}

  task<socketio::authentication> let_in(std::shared_ptr<const socketio::handshake> from) {
    socketio::authentication answer;
    try {
      auto who = co_await principal_of(with_.tokens, from->request->core, from->auth);
      const auto is = static_cast<role>(who->role);
      if (is != role::staff && is != role::admin) throw forbidden("This namespace is for staff.");
      co_await with_.people.take(who->id);
      auto known = std::make_shared<connection>();
      known->who = std::move(who);
      answer = socketio::accepted{.data = std::move(known), .rooms = {}};
    } catch (...) {
      answer = handshake_refusal(std::current_exception(), with_.log);
    }
    co_return answer;
  }

  void connected(const std::shared_ptr<socketio::socket>& socket) const {
    const auto& known = connection_of(*socket);
    with_.watch.watch(socket, *known.who);
  }
  void gone(const std::shared_ptr<socketio::socket>& socket) const { with_.watch.forget(socket->id()); }

  task<> watch(std::shared_ptr<socketio::socket> socket, socketio::event_args args) {
    std::string answer;
    std::string room;
    try {
      const auto branch = schema::from_json<branch_choice>(args[0]).branch_id;
      const auto& who = *connection_of(*socket).who;
      const caller asks{who.id, static_cast<role>(who.role), who.session, who.scopes};
      co_await with_.people.take(asks.id);
      // Into the room first: what changes while the floor is read is told as well.
      if (asks.works_at(branch)) {
        room = branch_room(branch);
        begin_watch(*socket, room);
      }
      const auto now = co_await with_.floor.now(asks, branch);
      answer = schema::to_json(now);
      if (!room.empty()) settle_watch(*socket, room, true);
    } catch (...) {
      answer = refusal_json(std::current_exception(), with_.log);
      if (!room.empty()) settle_watch(*socket, room, false);
    }
    args.ack(answer);
  }

  void unwatch(const std::shared_ptr<socketio::socket>& socket, socketio::event_args args) const {
    try {
      end_watch(*socket, branch_room(schema::from_json<branch_choice>(args[0]).branch_id));
      args.ack(schema::to_json(done{}));
    } catch (...) {
      args.ack(refusal_json(std::current_exception(), with_.log));
    }
  }

 private:
  parts with_;
};

}  // namespace

void declare_staff(socketio::server& server, const parts& with) {
  const auto shared = std::make_shared<staff>(with);
  auto& bare = server.namespace_("/staff");
  bare.authenticate(
      [shared](std::shared_ptr<const socketio::handshake> from) { return shared->let_in(std::move(from)); });
  bare.on_connect([shared](const std::shared_ptr<socketio::socket>& socket) { shared->connected(socket); });
  bare.on_disconnect(
      [shared](const std::shared_ptr<socketio::socket>& socket, socketio::close_reason) { shared->gone(socket); });

  declared_namespace in{bare, with.events};
  in.on(says::floor_watch, [shared](std::shared_ptr<socketio::socket> socket, socketio::event_args args) {
    return shared->watch(std::move(socket), std::move(args));
  });
  in.on(says::floor_unwatch, [shared](const std::shared_ptr<socketio::socket>& socket, socketio::event_args args) {
    shared->unwatch(socket, std::move(args));
  });
  add_renewal(in, with.tokens, with.watch, with.log);
  declare_farewells(in);
}

}  // namespace nxg::realtime
