#include "runtime/timer.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/io_core.hpp"
#include "socketio/json_text.hpp"
#include "socketio/server_state.hpp"
#include "socketio/way_back.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <utility>

namespace nxg::socketio::detail {

namespace asio = boost::asio;

struct client_session::joining final : deadline {
  joining(client_session& of, std::size_t number, std::shared_ptr<const handshake> shown)
      : session{of}, in{number}, from{std::move(shown)} {}

  /// From now on its authenticator's answer counts no more.
  void give_up() {
    session.io_->deadlines().cancel(*this);
    settled = true;
    cancel.emit(asio::cancellation_type::terminal);
  }
  void expired(steady_instant) override {
    const auto self = session.shared_from_this();
    self->timed_out(in);
  }

  client_session& session;
  std::size_t in;
  std::shared_ptr<const handshake> from;
  asio::cancellation_signal cancel;
  bool settled = false;
};

client_session::client_session(std::shared_ptr<server_state> server, std::shared_ptr<engine_session> engine)
    : server_{std::move(server)},
      engine_{std::move(engine)},
      io_{engine_->shared_io()},
      core_{engine_->core()},
      decoder_{server_->options().packets},
      members_{server_->options().max_namespaces} {}

client_session::~client_session() = default;

void client_session::begin() { expect_a_join(); }

void client_session::expect_a_join() {
  if (!connect_by_) connect_by_ = std::make_unique<connect_deadline>(*this);
  io_->deadlines().set(*connect_by_, io_->now() + server_->options().connect_timeout);
}

void client_session::connect_deadline::expired(steady_instant) {
  const auto self = session.shared_from_this();
  if (self->engine_) self->engine_->close(close_reason::forced_close);
}

void client_session::text(std::string_view message) {
  if (!taken_at_first_look(message)) decoded(decoder_.text(message));
}
void client_session::binary(std::string_view message) { decoded(decoder_.binary(message)); }

bool client_session::taken_at_first_look(std::string_view message) {
  if (!has_first_looks_ || decoder_.waits_for_attachments()) return false;
  const auto front = read_event_front(message);
  if (!front) return false;
  const auto to = find(front->namespace_name);
  if (!to) return false;
  const auto& looks = to->of().state_->first_looks;
  const auto look = looks.find(front->name);
  if (look == looks.end()) return false;
  acknowledgement reply;
  if (front->id) reply = {to, *front->id};
  bool taken = true;
  try {
    taken = look->second(to, front->argument, reply);
  } catch (...) {
    server_->report(to->of(), look->first, std::current_exception());
  }
  if (taken) server_->events_received.fetch_add(1, std::memory_order_relaxed);
  return taken;
}

void client_session::decoded(packet_decoder::status status) {
  switch (status) {
    case packet_decoder::status::incomplete: return;
    case packet_decoder::status::complete: return handle(decoder_.take());
    case packet_decoder::status::malformed: return engine_->close(close_reason::parse_error);
  }
}

void client_session::handle(packet received) {
  const bool joins = received.type == packet_type::connect;
  const auto in = joins ? server_->find_or_make(received.namespace_name) : server_->find(received.namespace_name);
  switch (members_.received(received.type, in)) {
    case membership::verdict::join: return join(*in, std::move(received.data));
    case membership::verdict::unknown: return refuse(received.namespace_name, "Invalid namespace", {});
    case membership::verdict::too_many: return refuse(received.namespace_name, "Too many namespaces", {});
    case membership::verdict::deliver: return deliver(server_->at(*in), std::move(received));
    case membership::verdict::leave: forget_joining(*in); return leave(*in, close_reason::client_namespace_disconnect);
    case membership::verdict::ignore: return;
    case membership::verdict::violation: return engine_->close(close_reason::forced_close);
  }
}

void client_session::send(const shared_frames& frames, const delivery& how) {
  if (engine_) engine_->send(frames, how);
}

void client_session::prefetch() const noexcept {
  if (engine_) engine_->prefetch();
}

void client_session::join(std::size_t in, std::string auth) {
  auto from = std::make_shared<const handshake>(
      handshake{.request = engine_->request(), .namespace_name = server_->at(in).name(), .auth = std::move(auth)});
  const auto* const journal = server_->at(in).state_->sockets.journal();
  if (!journal || !journal->options().skip_authentication) return authenticate_or_come_in(in, std::move(from));
  come_back_from_anywhere(in, from, [this, in, from] { authenticate_or_come_in(in, from); });
}

void client_session::authenticate_or_come_in(std::size_t in, std::shared_ptr<const handshake> from) {
  const auto& space = *server_->at(in).state_;
  if (space.authenticate || !space.before.empty()) {
    authenticate(in, std::move(from));
  } else {
    come_in(in, std::move(from), {});
  }
}

namespace {

task<authentication> let_in(const std::vector<middleware>& before, const authenticator& last,
                            std::shared_ptr<const handshake> from) {
  for (const auto& each : before) {
    auto no = co_await each(from);
    if (no) co_return std::move(*no);
  }
  if (!last) co_return accepted{};
  co_return co_await last(std::move(from));
}

/// A text member of the client's auth; empty when it is none.
std::string shown(const handshake& by, std::string_view name) {
  const auto value = json_text::member(by.auth, name);
  return value ? json_text::string_of(*value).value_or("") : "";
}

bool may_come_back(close_reason after) noexcept {
  switch (after) {
    case close_reason::client_namespace_disconnect:
    case close_reason::server_namespace_disconnect:
    case close_reason::parse_error:
    case close_reason::slow_client: return false;
    case close_reason::transport_close:
    case close_reason::transport_error:
    case close_reason::ping_timeout:
    case close_reason::forced_close:
    case close_reason::forced_server_close:
    case close_reason::server_shutting_down: return true;
  }
  return false;
}

}  // namespace

bool client_session::come_back(std::size_t in, const std::shared_ptr<const handshake>& from) {
  auto& sockets = server_->at(in).state_->sockets;
  const auto private_id = shown(*from, "pid");
  const auto offset = shown(*from, "offset");
  if (private_id.empty() || offset.empty()) return false;
  auto back = sockets.journal()->comes_back(private_id, offset);
  if (!back || !members_.accepted(in)) return false;
  // What this core has not delivered yet reaches the socket as everybody's.
  const auto missed = sockets.journal()->missed(back->who, back->after, sockets.delivered(core_));
  enter_again(in, from, std::move(back->who), missed);
  return true;
}

namespace {

constexpr std::chrono::milliseconds between_looks{5};
constexpr int most_looks = 200;

/// Until this core has been told of all that the client has: what comes later is then new to both.
task<std::optional<returning_client>> take_back(namespace_sockets& sockets, std::size_t core, runtime::clock& time,
                                                std::string private_id, std::string offset) {
  auto who = co_await sockets.shared()->take(std::move(private_id), std::move(offset));
  for (int look = 0; who && sockets.delivered(core) < who->after; ++look) {
    if (look == most_looks) co_return std::nullopt;
    co_await runtime::sleep_for(time, between_looks);
  }
  co_return who;
}

}  // namespace

void client_session::come_back_from_anywhere(std::size_t in, const std::shared_ptr<const handshake>& from,
                                             std::function<void()> otherwise) {
  auto& sockets = server_->at(in).state_->sockets;
  if (sockets.shared() == nullptr) {
    if (!come_back(in, from)) otherwise();
    return;
  }
  auto private_id = shown(*from, "pid");
  auto offset = shown(*from, "offset");
  if (private_id.empty() || offset.empty()) return otherwise();
  const auto who = std::make_shared<joining>(*this, in, from);
  joining_.push_back(who);
  io_->deadlines().set(*who, io_->now() + server_->options().authenticate_timeout);
  auto settle = [self = shared_from_this(), who, otherwise = std::move(otherwise)](
                    const std::exception_ptr& error, std::optional<returning_client> found) {
    if (who->settled) return;
    self->io_->deadlines().cancel(*who);
    who->settled = true;
    std::erase(self->joining_, who);
    if (error) self->server_->report(self->server_->at(who->in), "recovery", error);
    if (!found || !self->enter_returned(who->in, who->from, std::move(*found))) otherwise();
  };
  asio::co_spawn(where(), take_back(sockets, core_, server_->time(), std::move(private_id), std::move(offset)),
                 asio::bind_cancellation_slot(who->cancel.slot(), std::move(settle)));
}

bool client_session::enter_returned(std::size_t in, const std::shared_ptr<const handshake>& from,
                                    returning_client who) {
  const auto& space = *server_->at(in).state_;
  auto& sockets = server_->at(in).state_->sockets;
  const auto& delivered = sockets.delivered(core_);
  // What the record does not have yet, this process was told of itself.
  const auto own = std::min(who.read_through, delivered);
  if (who.doubts != sockets.shared()->doubts() || !sockets.journal()->reaches_back_to(own)) return false;
  if (!who.data.empty()) {
    if (!space.data_from_text) return false;
    try {
      who.who.data = space.data_from_text(who.data);
    } catch (...) {
      server_->report(server_->at(in), "recovery", std::current_exception());
      return false;
    }
  }
  if (!members_.accepted(in)) return true;  // it left meanwhile
  std::vector<shared_frames> missed;
  for (const auto& event : who.events) {
    if (event.at <= own && was_meant(event.to, who.who, event.at)) missed.push_back(event.frames);
  }
  for (auto& frames : sockets.journal()->missed(who.who, own, delivered)) missed.push_back(std::move(frames));
  enter_again(in, from, std::move(who.who), missed);
  return true;
}

void client_session::enter_again(std::size_t in, const std::shared_ptr<const handshake>& from, absent_client who,
                                 const std::vector<shared_frames>& missed) {
  auto back = std::make_unique<way_back>();
  back->private_id = shown(*from, "pid");
  back->changes = std::move(who.changes);
  back->since = who.since;
  const auto one = enter(in, from, std::move(who.id), std::move(who.data), std::move(who.rooms), std::move(back));
  one->recovered_ = true;
  for (const auto& frames : missed) send(frames, {});
  greet(one);
}

void client_session::remember(socket& one, close_reason why) {
  if (!one.way_back_ || !may_come_back(why)) return;
  auto& space = *one.of().state_;
  auto& back = *one.way_back_;
  absent_client who{one.id(), one.rooms(), {}, std::move(back.changes), back.since};
  if (auto* const shared = space.sockets.shared()) {
    if (one.data().has_value() && !space.data_to_text) return;
    try {
      shared->keep(back.private_id, who, one.data().has_value() ? space.data_to_text(one.data()) : "");
    } catch (...) {
      server_->report(one.of(), "recovery", std::current_exception());
    }
    return;
  }
  who.data = one.data();
  space.sockets.journal()->went_away(back.private_id, std::move(who));
}

void client_session::authenticate(std::size_t in, std::shared_ptr<const handshake> from) {
  const auto who = std::make_shared<joining>(*this, in, std::move(from));
  joining_.push_back(who);
  io_->deadlines().set(*who, io_->now() + server_->options().authenticate_timeout);
  auto settle = [self = shared_from_this(), who](const std::exception_ptr& error, authentication result) {
    if (who->settled) return;
    if (error) {
      self->server_->report(self->server_->at(who->in), "authenticate", error);
      result = refused{.message = "authentication failed"};
    }
    self->authenticated(who, result);
  };
  try {
    const auto& space = *server_->at(in).state_;
    asio::co_spawn(where(), let_in(space.before, space.authenticate, who->from),
                   asio::bind_cancellation_slot(who->cancel.slot(), settle));
  } catch (...) {
    settle(std::current_exception(), {});
  }
}

void client_session::authenticated(const std::shared_ptr<joining>& who, const authentication& result) {
  io_->deadlines().cancel(*who);
  who->settled = true;
  std::erase(joining_, who);
  if (const auto* const yes = std::get_if<accepted>(&result)) return come_in(who->in, who->from, *yes);
  const auto& no = std::get<refused>(result);
  members_.left(who->in);
  refuse(who->from->namespace_name, no.message, no.data);
}

void client_session::timed_out(std::size_t in) {
  forget_joining(in);
  members_.left(in);
  refuse(server_->at(in).name(), "authentication timed out", {});
}

void client_session::forget_joining(std::size_t in) {
  const auto it = std::ranges::find(joining_, in, [](const auto& one) { return one->in; });
  if (it == joining_.end()) return;
  const auto who = std::move(*it);
  joining_.erase(it);
  who->give_up();
}

void client_session::come_in(std::size_t in, std::shared_ptr<const handshake> from, accepted as) {
  const auto* const journal = server_->at(in).state_->sockets.journal();
  if (!journal || journal->options().skip_authentication) return let_in_new(in, std::move(from), std::move(as));
  come_back_from_anywhere(in, from, [this, in, from, as = std::move(as)] { let_in_new(in, from, as); });
}

void client_session::let_in_new(std::size_t in, std::shared_ptr<const handshake> from, accepted as) {
  if (!members_.accepted(in)) return;
  const auto& sockets = server_->at(in).state_->sockets;
  std::unique_ptr<way_back> back;
  if (sockets.journal() != nullptr && (sockets.shared() == nullptr || sockets.shared()->is_ready())) {
    back = std::make_unique<way_back>();
    back->private_id = make_id(core_, server_->random());
    back->since = sockets.delivered(core_);
  }
  greet(enter(in, std::move(from), make_id(core_, server_->random()), std::move(as.data), std::move(as.rooms),
              std::move(back)));
}

std::shared_ptr<socket> client_session::enter(std::size_t in, std::shared_ptr<const handshake> from, std::string id,
                                              std::any data, std::vector<std::string> rooms,
                                              std::unique_ptr<way_back> back) {
  auto& space = *server_->at(in).state_;
  auto& table = space.sockets.table(core_);
  const auto one = std::make_shared<socket>(socket::key{}, shared_from_this(), server_->at(in), std::move(from),
                                            std::move(id), std::move(data));
  sockets_.push_back(one);
  if (engine_) engine_->vouch();
  has_first_looks_ = has_first_looks_ || !space.first_looks.empty();
  table.add(*one);
  space.sockets.count_changed(core_);
  for (const auto& room : rooms) {
    if (table.join(*one, room)) space.through->joined(one->id(), room);
  }
  if (connect_by_) io_->deadlines().cancel(*std::exchange(connect_by_, nullptr));
  std::string answer = R"({"sid":")";
  answer.append(one->id()) += '"';
  if (back) answer.append(R"(,"pid":")").append(back->private_id) += '"';
  one->way_back_ = std::move(back);
  answer += '}';
  send(to_frames(encode_control(packet_type::connect, space.name, answer)), {});
  return one;
}

void client_session::greet(const std::shared_ptr<socket>& one) {
  const auto& space = *one->of().state_;
  if (!space.connected) return;
  try {
    space.connected(one);
  } catch (...) {
    server_->report(one->of(), "connect", std::current_exception());
  }
}

void client_session::refuse(std::string_view namespace_name, std::string_view message, std::string_view data) {
  server_->connects_refused.fetch_add(1, std::memory_order_relaxed);
  std::string error = R"({"message":)";
  json_text::append_string(error, message);
  if (!data.empty()) error.append(R"(,"data":)").append(data);
  error += '}';
  send(to_frames(encode_control(packet_type::connect_error, namespace_name, error)), {});
}

std::shared_ptr<socket> client_session::find(const name_space& in) const {
  const auto it = std::ranges::find_if(sockets_, [&in](const auto& one) { return &one->of() == &in; });
  return it == sockets_.end() ? nullptr : *it;
}

std::shared_ptr<socket> client_session::find(std::string_view namespace_name) const {
  const auto name_of = [](const auto& one) -> std::string_view { return one->of().name(); };
  const auto it = std::ranges::find(sockets_, namespace_name, name_of);
  return it == sockets_.end() ? nullptr : *it;
}

void client_session::deliver(name_space& in, packet received) {
  const auto to = find(in);
  if (received.type == packet_type::ack || received.type == packet_type::binary_ack) {
    server_->acks_received.fetch_add(1, std::memory_order_relaxed);
    if (to->acks_) to->acks_->answer(*received.id, std::move(received.arguments));
    return;
  }
  server_->events_received.fetch_add(1, std::memory_order_relaxed);
  const auto& handlers = in.state_->handlers;
  auto it = handlers.find(received.arguments.name());
  if (it == handlers.end()) it = handlers.find("*");
  if (it == handlers.end()) return;
  if (received.id) received.arguments.set_ack({to, *received.id});
  if (it->second.coroutine) return run_handler(in, to, it->second.coroutine, std::move(received.arguments));
  try {
    it->second.plain(to, std::move(received.arguments));
  } catch (...) {
    server_->report(in, it->first, std::current_exception());
  }
}

void client_session::run_handler(name_space& in, const std::shared_ptr<socket>& to, const event_handler& handler,
                                 event_args arguments) {
  if (++events_in_flight_ >= server_->options().max_events_in_flight && !paused_by_handlers_) {
    paused_by_handlers_ = true;
    pause();
  }
  auto end = [self = shared_from_this(), &in, name = std::string{arguments.name()}](const std::exception_ptr& error) {
    self->handler_ended();
    if (error) self->server_->report(in, name, error);
  };
  try {
    asio::co_spawn(where(), handler(to, std::move(arguments)), end);
  } catch (...) {
    end(std::current_exception());
  }
}

void client_session::handler_ended() {
  --events_in_flight_;
  // Half of them must be through before reading goes on, or it would stop again with the next event.
  if (!paused_by_handlers_ || events_in_flight_ > server_->options().max_events_in_flight / 2) return;
  paused_by_handlers_ = false;
  resume();
}

void client_session::leave(std::size_t in, close_reason why) {
  auto& space = *server_->at(in).state_;
  const auto one = find(server_->at(in));
  if (!one) return;
  remember(*one, why);
  std::erase(sockets_, one);
  members_.left(in);
  space.sockets.table(core_).remove(*one, [&](const std::string& room) { space.through->left(one->id(), room); });
  space.sockets.count_changed(core_);
  one->connected_.store(false, std::memory_order_relaxed);
  if (one->acks_) one->acks_->fail_all(std::make_exception_ptr(disconnected{std::string{to_string(why)}}));
  // Nobody holds a connection for nothing.
  if (sockets_.empty() && joining_.empty()) expect_a_join();
  if (!space.disconnected) return;
  try {
    space.disconnected(one, why);
  } catch (...) {
    server_->report(one->of(), "disconnect", std::current_exception());
  }
}

void client_session::disconnect(socket& one, bool close_connection) {
  const auto self = shared_from_this();
  if (close_connection) return engine_->close(close_reason::forced_server_close);
  const auto& space = *one.of().state_;
  send(to_frames(encode_control(packet_type::disconnect, space.name)), {});
  leave(space.index, close_reason::server_namespace_disconnect);
}

void client_session::closed(close_reason why) {
  const auto self = shared_from_this();
  while (!joining_.empty()) forget_joining(joining_.back()->in);
  while (!sockets_.empty()) leave(sockets_.back()->of().state_->index, why);
  if (connect_by_) io_->deadlines().cancel(*std::exchange(connect_by_, nullptr));
  engine_.reset();
}

void client_session::pause() {
  if (engine_) engine_->pause_reading();
}

void client_session::resume() {
  if (engine_) engine_->resume_reading();
}

}  // namespace nxg::socketio::detail
