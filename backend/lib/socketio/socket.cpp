#include "socketio/socket.hpp"

#include "socketio/collected_answers.hpp"
#include "socketio/io_core.hpp"
#include "socketio/on_core.hpp"
#include "socketio/server_state.hpp"
#include "socketio/way_back.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace nxg::socketio {

read_pause& read_pause::operator=(read_pause&& other) noexcept {
  if (this != &other) {
    release();
    held_ = std::move(other.held_);
  }
  return *this;
}

void read_pause::release() noexcept {
  if (const auto session = std::exchange(held_, nullptr)) run_on(session->where(), [session] { session->resume(); });
}

socket::socket(const key&, std::shared_ptr<detail::client_session> session, name_space& in,
               std::shared_ptr<const socketio::handshake> from, std::string id, std::any data)
    : id_{std::move(id)},
      session_{std::move(session)},
      namespace_{in},
      handshake_{std::move(from)},
      data_{std::move(data)} {}

socket::~socket() = default;

std::size_t socket::core() const noexcept { return session_->core(); }
executor socket::get_executor() const { return session_->where(); }

template <class Work>
void socket::on_core(Work work) {
  namespace_.state_->sockets.in_order(session_->where(), [self = shared_from_this(), work = std::move(work)]() mutable {
    if (self->connected()) work(*self);
  });
}

void socket::emit(std::string_view event, const payload& content, const delivery& how) {
  if (!connected()) return;
  auto& in = namespace_.state_->sockets;
  if (in.journal() && !how.is_volatile && how.coalesce.empty()) {
    if (in.shared() != nullptr) return namespace_.all().to(id_).emit(event, content);
    return in.emit({.rooms = {id_}, .except = {}}, event, content, how);
  }
  auto frames = event_frames(namespace_.name(), event, content);
  on_core([frames = std::move(frames), how](socket& self) { self.session_->send(frames, how); });
}

void socket::send_acknowledgement(std::uint64_t id, const payload& answer) {
  if (!connected()) return;
  auto frames = ack_frames(namespace_.name(), id, answer);
  on_core([frames = std::move(frames)](socket& self) { self.session_->send(frames, {}); });
}

task<event_args> socket::emit_with_ack(std::string event, payload content, std::chrono::milliseconds timeout) {
  const auto self = shared_from_this();
  co_return co_await detail::await_ack([&](std::shared_ptr<detail::ack_wait> who) {
    namespace_.state_->sockets.in_order(
        session_->where(),
        [self, event = std::move(event), content = std::move(content), timeout, who = std::move(who)] {
          if (!self->connected()) return who->fail(std::make_exception_ptr(disconnected{"the socket is closed"}));
          auto& io = self->session_->io();
          const auto id = self->next_ack_++;
          self->pending().add(id, who, io.now() + timeout);
          self->session_->send(event_frames(self->namespace_.name(), event, content, id), {});
        });
  });
}

detail::pending_acks& socket::pending() {
  if (!acks_) acks_ = std::make_unique<detail::pending_acks>(session_->io().deadlines());
  return *acks_;
}

void socket::join(std::string room) {
  on_core([room = std::move(room), wish = namespace_.state_->sockets.joining(core())](socket& self) {
    auto& in = *self.namespace_.state_;
    if (!in.sockets.table(self.core()).join(self, room)) return;
    if (self.way_back_) self.way_back_->changed(in.sockets.delivered(self.core()), room, true);
    in.through->joined(self.id(), room);
  });
}

void socket::leave(std::string room) {
  on_core([room = std::move(room)](socket& self) {
    auto& in = *self.namespace_.state_;
    if (!in.sockets.table(self.core()).leave(self, room)) return;
    if (self.way_back_) self.way_back_->changed(in.sockets.delivered(self.core()), room, false);
    in.through->left(self.id(), room);
  });
}

std::vector<std::string> socket::rooms() const { return detail::namespace_table::rooms_of(*this); }

broadcast socket::to(std::string room) const { return others().to(std::move(room)); }
broadcast socket::others() const { return namespace_.all().except(id_); }

void socket::disconnect(bool close_connection) {
  on_core([close_connection](socket& self) { self.session_->disconnect(self, close_connection); });
}

read_pause socket::pause_reading() {
  run_on(session_->where(), [session = session_] { session->pause(); });
  return read_pause{session_};
}

std::size_t socket::queued_bytes() const noexcept { return session_->queued_bytes(); }

broadcast broadcast::to(std::string room) && {
  who_.rooms.push_back(std::move(room));
  return std::move(*this);
}

broadcast broadcast::except(std::string room) && {
  who_.except.push_back(std::move(room));
  return std::move(*this);
}

broadcast broadcast::volatile_() && {
  how_.is_volatile = true;
  return std::move(*this);
}

broadcast broadcast::local() && {
  who_.local = true;
  return std::move(*this);
}

broadcast broadcast::coalesce(std::string key) && {
  how_.coalesce = std::move(key);
  return std::move(*this);
}

void broadcast::emit(std::string_view event, const payload& content) const {
  through_->broadcast(who_, event, content, how_);
}

task<broadcast_answers> broadcast::emit_with_ack(std::string event, payload content,
                                                 std::chrono::milliseconds timeout) const {
  const auto where = co_await boost::asio::this_coro::executor;
  const auto collected = std::make_shared<detail::collected_answers>(where, through_->clock(), timeout);
  through_->ask(who_, event, content, timeout, collected);
  co_await collected->wait();
  co_return collected->take();
}

void broadcast::join(std::string room) const { through_->join(who_, {std::move(room)}); }
void broadcast::leave(std::string room) const { through_->leave(who_, {std::move(room)}); }
void broadcast::disconnect_sockets(bool close_connection) const { through_->disconnect(who_, close_connection); }
task<std::vector<socket_info>> broadcast::sockets() const { return through_->sockets(who_); }

}  // namespace nxg::socketio
