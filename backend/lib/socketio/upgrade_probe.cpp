#include "socketio/upgrade_probe.hpp"

#include "socketio/engine_state.hpp"
#include "socketio/websocket.hpp"

#include <utility>

namespace nxg::socketio::detail {

upgrade_probe::upgrade_probe(const std::shared_ptr<session>& of, std::shared_ptr<io_core> on,
                             std::shared_ptr<websocket_connection> with, steady_instant until)
    : session_{of}, core_{std::move(on)}, connection_{std::move(with)} {
  core_->deadlines().set(*this, until);
}

upgrade_probe::~upgrade_probe() { core_->deadlines().cancel(*this); }

void upgrade_probe::give_up() {
  if (const auto connection = std::exchange(connection_, nullptr)) connection->cut();
}

void upgrade_probe::text(std::string_view message) {
  const auto self = shared_from_this();
  const auto owner = session_.lock();
  if (!owner || !owner->polling()) return give_up();
  if (message == "2probe") {
    connection_->send_message(websocket::opcode::text, "3probe");
    return owner->polling()->set_probed(true);
  }
  // A client that changes over has had the answers to all its requests.
  if (message != "5" || owner->polling()->receives()) return fail("not a change of transport");
  const auto connection = std::exchange(connection_, nullptr);
  connection->hand_to(owner);
  owner->upgraded(connection);
}

void upgrade_probe::binary(std::string_view) { fail("not a change of transport"); }

void upgrade_probe::ended(const transport_end&) {
  connection_.reset();
  fail({});
}

void upgrade_probe::expired(steady_instant) { fail("the change of transport took too long"); }

void upgrade_probe::fail(std::string_view why) {
  const auto self = shared_from_this();
  if (const auto connection = std::exchange(connection_, nullptr))
    connection->close(websocket::close_code::normal, why);
  const auto owner = session_.lock();
  if (!owner) return;
  if (owner->polling()) owner->polling()->set_probed(false);
  owner->upgrade_failed();
}

}  // namespace nxg::socketio::detail
