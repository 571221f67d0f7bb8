#include "realtime/answers.hpp"
#include "realtime/channel.hpp"
#include "realtime/farewells.hpp"
#include "realtime/namespaces.hpp"
#include "schema/json.hpp"

#include <exception>

namespace nxg::realtime {
namespace {

class members {
 public:
  explicit members(const parts& with) : with_{with} {}

  task<socketio::authentication> let_in(std::shared_ptr<const socketio::handshake> from) {
    socketio::authentication answer;
    try {
      auto who = co_await principal_of(with_.tokens, from->request->core, from->auth);
      if (is_device(static_cast<role>(who->role))) throw forbidden("This namespace is for people.");
      co_await with_.people.take(who->id);
      auto known = std::make_shared<connection>();
      known->who = who;
      known->seen = co_await seen_by(who->id, from->auth);
      answer = socketio::accepted{std::move(known), {user_room(who->id)}};
    } catch (...) {
      answer = handshake_refusal(std::current_exception(), with_.log);
    }
    co_return answer;
  }

  void connected(const std::shared_ptr<socketio::socket>& socket) const {
    const auto& known = connection_of(*socket);
    with_.post.came(socket, known.who->id, known.seen);
    // Last: it may end the socket.
    with_.watch.watch(socket, *known.who);
  }
  void gone(const std::shared_ptr<socketio::socket>& socket) const {
    with_.watch.forget(socket->id());
    with_.post.left(*socket, connection_of(*socket).who->id);
  }

  task<> after(std::shared_ptr<socketio::socket> socket, socketio::event_args args) {
    std::string answer;
    try {
      const auto wanted = schema::from_json<events_wanted>(args.size() == 0 ? std::string_view{"{}"} : args[0]);
      std::optional<std::int64_t> cursor;
      if (wanted.cursor) cursor = wanted.cursor->value();
      const auto member = connection_of(*socket).who->id;
      co_await with_.people.take(member);
      auto channel = socket->of().name();
      const std::size_t limit = wanted.limit ? static_cast<std::size_t>(wanted.limit->value()) : live::usual_limit;
      const auto found = co_await with_.inboxes.after(member, cursor, std::move(channel), limit);
      answer = schema::to_json(found);
    } catch (...) {
      answer = refusal_json(std::current_exception(), with_.log);
    }
    args.ack(answer);
  }

 private:
  /// What it says it has seen; else all there is now, so that nothing is missed from here on.
  task<std::int64_t> seen_by(uuid member, const std::string& auth) const {
    const auto says = schema::from_json<joining_device>(auth, schema::unknown::ignored);
    if (says.after) co_return says.after->value();
    co_return co_await with_.inboxes.newest(member);
  }

  parts with_;
};

}  // namespace

void declare_members(socketio::server& server, const parts& with) {
  const auto shared = std::make_shared<members>(with);
  for (const auto* name : {"/workouts", "/notifications"}) {
    auto& bare = server.namespace_(name);
    bare.authenticate(
        [shared](std::shared_ptr<const socketio::handshake> from) { return shared->let_in(std::move(from)); });
    bare.on_connect([shared](std::shared_ptr<socketio::socket> socket) { shared->connected(socket); });
    bare.on_disconnect(
        [shared](std::shared_ptr<socketio::socket> socket, socketio::close_reason) { shared->gone(socket); });
    declared_namespace in{bare, with.events};
    add_renewal(in, with.tokens, with.watch, with.log);
    in.on(says::events_after, [shared](std::shared_ptr<socketio::socket> socket, socketio::event_args args) {
      return shared->after(std::move(socket), std::move(args));
    });
    in.may_say<live::event_gap>(gap_event,
                                "What came after the cursor this device connected with is no more to be had: read "
                                "afresh what is shown. Events go on with the oldest there is.");
    declare_farewells(in);
  }
}

}  // namespace nxg::realtime
