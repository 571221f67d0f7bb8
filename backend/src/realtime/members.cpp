#include "realtime/answers.hpp"
#include "realtime/channel.hpp"
#include "realtime/namespaces.hpp"

#include <exception>

namespace nxg::realtime {
namespace {

class members {
 public:
  explicit members(const parts& with) : with_{with} {}

  task<socketio::authentication> let_in(std::shared_ptr<const socketio::handshake> from) const {
    socketio::authentication answer;
    try {
      auto who = co_await principal_of(with_.tokens, from->request->core, from->auth);
      const auto is = static_cast<role>(who->role);
      if (is == role::machine || is == role::screen) throw forbidden("This namespace is for people.");
      auto known = std::make_shared<connection>();
      known->who = who;
      known->authenticated_at = with_.time.now();
      answer = socketio::accepted{std::move(known), {user_room(who->id)}};
    } catch (...) {
      answer = handshake_refusal(std::current_exception(), with_.log);
    }
    co_return answer;
  }

  void connected(const std::shared_ptr<socketio::socket>& socket) const {
    const auto& known = connection_of(*socket);
    with_.watch.watch(socket, *known.who, known.authenticated_at);
  }
  void gone(const std::shared_ptr<socketio::socket>& socket) const { with_.watch.forget(socket->id()); }

 private:
  parts with_;
};

}  // namespace

void declare_members(socketio::server& server, const parts& with) {
  const auto shared = std::make_shared<const members>(with);
  for (const auto* name : {"/workouts", "/notifications"}) {
    auto& in = server.namespace_(name);
    in.authenticate(
        [shared](std::shared_ptr<const socketio::handshake> from) { return shared->let_in(std::move(from)); });
    in.on_connect([shared](std::shared_ptr<socketio::socket> socket) { shared->connected(socket); });
    in.on_disconnect(
        [shared](std::shared_ptr<socketio::socket> socket, socketio::close_reason) { shared->gone(socket); });
    add_renewal(in, with.tokens, with.watch, with.time, with.log);
  }
}

}  // namespace nxg::realtime
