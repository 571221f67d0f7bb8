#include "socketio/client_connection.hpp"

#include "socketio/json_text.hpp"
#include "socketio/on_core.hpp"

#include <span>
#include <utility>

namespace nxg::socketio::detail {

client_environment_state::client_environment_state(executor where, runtime::clock& time, runtime::random& random)
    : time_{time}, random_{random}, io_{std::make_shared<io_core>(where, time)} {
  io_->set_mask_source([this] { return next_mask(); });
}

std::uint32_t client_environment_state::next_mask() {
  if (next_ == masks_.size()) {
    random_.fill(std::as_writable_bytes(std::span{masks_}));
    next_ = 0;
  }
  return masks_[next_++];
}

client_connection::client_connection(std::shared_ptr<client_environment_state> in, const client_options& options)
    : in_{std::move(in)},
      options_{options},
      decoder_{packet_limits{.max_attachments = 100, .max_attachment_bytes = options.max_payload, .max_depth = 128}} {}

client_connection::~client_connection() { in_->io()->deadlines().cancel(*this); }

void client_connection::begin(boost::asio::ip::tcp::socket socket, std::string surplus,
                              std::shared_ptr<ack_wait> opened) {
  opening_ = std::move(opened);
  socket_ = std::make_shared<websocket_connection>(
      in_->io(), std::move(socket), websocket::role::client,
      websocket_options{.max_message = options_.max_payload,
                        .send = {.max_bytes = options_.max_queued_bytes, .max_messages = 1 << 16},
                        .close_timeout = std::chrono::milliseconds{1'000},
                        .lifetime = in_});
  socket_->start(shared_from_this(), {}, std::move(surplus));
}

std::shared_ptr<client_namespace> client_connection::of(const std::string& name) {
  auto& one = namespaces_[name];
  if (!one) one = std::make_shared<client_namespace>(name, shared_from_this());
  return one;
}

void client_connection::send(std::string_view packet_text, const std::vector<std::string>& attachments) {
  if (!socket_) return;
  std::string message;
  message.reserve(packet_text.size() + 1);
  message += engine_digit(engine_packet_type::message);
  message += packet_text;
  socket_->send_message(websocket::opcode::text, message);
  for (const auto& bytes : attachments) socket_->send_message(websocket::opcode::binary, bytes);
}

void client_connection::text(std::string_view message) {
  const auto packet = decode_engine_packet(message);
  if (!packet) return close("parse error", true);
  switch (packet->type) {
    case engine_packet_type::open: return opened(packet->data);
    case engine_packet_type::ping: socket_->send_message(websocket::opcode::text, "3"); return watch();
    case engine_packet_type::message: return decoded(decoder_.text(packet->data));
    case engine_packet_type::close: return close("transport close", true);
    case engine_packet_type::pong:
    case engine_packet_type::upgrade:
    case engine_packet_type::noop: return;
  }
}

void client_connection::binary(std::string_view message) { decoded(decoder_.binary(message)); }

void client_connection::opened(std::string_view data) {
  const auto session = decode_open(data);
  if (!session || !opening_) return close("parse error", true);
  silence_ = session->ping_interval + session->ping_timeout;
  open_ = true;
  watch();
  std::exchange(opening_, nullptr)->answer({});
}

void client_connection::watch() { in_->io()->deadlines().set(*this, in_->io()->now() + silence_); }
void client_connection::expired(steady_instant) { close("ping timeout", false); }

void client_connection::decoded(packet_decoder::status status) {
  if (status == packet_decoder::status::incomplete) return;
  if (status == packet_decoder::status::malformed) return close("parse error", true);
  auto what = decoder_.take();
  const auto it = namespaces_.find(what.namespace_name);
  if (it == namespaces_.end()) return;
  const auto to = it->second;
  to->received(std::move(what));
}

void client_connection::close(std::string_view reason, bool say_so) {
  if (!socket_) return;
  const auto self = shared_from_this();
  if (say_so) {
    socket_->close(websocket::close_code::normal, {});
  } else {
    socket_->cut();
  }
  finish(reason);
}

void client_connection::ended(const transport_end& end) { finish(to_string(end.why)); }

void client_connection::finish(std::string_view reason) {
  if (!socket_) return;
  const auto self = shared_from_this();
  socket_.reset();
  open_ = false;
  in_->io()->deadlines().cancel(*this);
  if (const auto waiting = std::exchange(opening_, nullptr)) {
    waiting->fail(std::make_exception_ptr(disconnected{std::string{reason}}));
  }
  for (const auto& [name, one] : std::exchange(namespaces_, {})) one->leave(reason);
  if (const auto handler = std::exchange(closed_, nullptr)) handler(reason);
}

client_namespace::client_namespace(std::string name, const std::shared_ptr<client_connection>& on)
    : name_{std::move(name)}, connection_{on}, in_{on->environment()}, acks_{in_->io()->deadlines()} {}

void client_namespace::on(std::string event, std::function<void(event_args)> handler) {
  handlers_[std::move(event)] = std::move(handler);
}

task<> client_namespace::connect(std::string auth) {
  const auto self = shared_from_this();
  const auto connection = connection_.lock();
  if (!connection || !connection->is_open()) throw disconnected{"the connection is closed"};
  if (connected() || joining_) throw disconnected{"the namespace is joined, or being joined, already"};
  const struct join_end {
    bool& joining;
    ~join_end() { joining = false; }
  } end{joining_};
  co_await await_ack([&](std::shared_ptr<ack_wait> who) {
    joining_ = true;
    acks_.add(joining_id, std::move(who), in_->io()->now() + connection->connect_timeout());
    connection->send(encode_control(packet_type::connect, name_, auth));
  });
}

void client_namespace::received(packet what) {
  switch (what.type) {
    case packet_type::connect: return joined(what.data);
    case packet_type::connect_error: return refused(what.data);
    case packet_type::disconnect: return leave("io server disconnect");
    case packet_type::event:
    case packet_type::binary_event: return event(std::move(what));
    case packet_type::ack:
    case packet_type::binary_ack: acks_.answer(*what.id, std::move(what.arguments)); return;
  }
}

void client_namespace::joined(std::string_view data) {
  if (!joining_) return;
  const auto sid = json_text::member(data, "sid");
  id_ = sid ? json_text::string_of(*sid).value_or("") : "";
  connected_ = true;
  acks_.answer(joining_id, {});
}

void client_namespace::refused(std::string_view data) {
  if (!joining_) return;
  const auto message = json_text::member(data, "message");
  const auto more = json_text::member(data, "data");
  acks_.fail(joining_id, std::make_exception_ptr(
                             connect_refused{message ? json_text::string_of(*message).value_or("") : std::string{data},
                                             std::string{more.value_or("")}}));
}

void client_namespace::event(packet what) {
  if (!connected()) return;
  auto it = handlers_.find(std::string{what.arguments.name()});
  if (it == handlers_.end()) it = handlers_.find("*");
  if (it == handlers_.end()) return;
  if (what.id) what.arguments.set_ack({weak_from_this(), *what.id});
  it->second(std::move(what.arguments));
}

void client_namespace::leave(std::string_view reason) {
  const bool was_in = connected_.exchange(false);
  acks_.fail_all(std::make_exception_ptr(disconnected{std::string{reason}}));
  if (was_in && left_) left_(reason);
}

void client_namespace::emit(std::string_view event, const payload& content) {
  run_on(in_->io()->get_executor(),
         [self = shared_from_this(), text = encode_event(name_, event, content), attachments = content.attachments()] {
           const auto connection = self->connection_.lock();
           if (connection && self->connected()) connection->send(text, attachments);
         });
}

void client_namespace::send_acknowledgement(std::uint64_t id, const payload& answer) {
  run_on(in_->io()->get_executor(),
         [self = shared_from_this(), text = encode_ack(name_, id, answer), attachments = answer.attachments()] {
           const auto connection = self->connection_.lock();
           if (connection && self->connected()) connection->send(text, attachments);
         });
}

task<event_args> client_namespace::emit_with_ack(std::string event, payload content,
                                                 std::chrono::milliseconds timeout) {
  const auto self = shared_from_this();
  co_return co_await await_ack([&](std::shared_ptr<ack_wait> who) {
    run_on(in_->io()->get_executor(),
           [self, event = std::move(event), content = std::move(content), timeout, who = std::move(who)] {
             const auto connection = self->connection_.lock();
             if (!connection || !self->connected())
               return who->fail(std::make_exception_ptr(disconnected{"the socket is closed"}));
             const auto id = self->next_ack_++;
             self->acks_.add(id, who, self->in_->io()->now() + timeout);
             connection->send(encode_event(self->name_, event, content, id), content.attachments());
           });
  });
}

void client_namespace::disconnect() {
  run_on(in_->io()->get_executor(), [self = shared_from_this()] {
    const auto connection = self->connection_.lock();
    if (!connection || !self->connected()) return;
    connection->send(encode_control(packet_type::disconnect, self->name_));
    self->leave("io client disconnect");
  });
}

}  // namespace nxg::socketio::detail
