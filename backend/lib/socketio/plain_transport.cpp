#include "socketio/plain_transport.hpp"

#include "socketio/engine_packet.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

#include <boost/asio/post.hpp>

#include <charconv>
#include <utility>

namespace nxg::socketio::detail {

namespace {

/// Behind the digits of a packet: the namespace and its comma are taken off.
std::string_view without_namespace(std::string_view packet) noexcept {
  if (packet.starts_with('/')) packet.remove_prefix(std::min(packet.find(',') + 1, packet.size()));
  return packet;
}

std::string message_packet(std::string_view packet) {
  std::string made{engine_digit(engine_packet_type::message)};
  return made.append(packet);
}

}  // namespace

plain_transport::plain_transport(std::shared_ptr<io_core> on, std::shared_ptr<websocket_connection> over,
                                 std::shared_ptr<const plain_door> by, std::size_t max_depth)
    : core_{std::move(on)}, connection_{std::move(over)}, door_{std::move(by)}, max_depth_{max_depth} {}

plain_transport::~plain_transport() { core_->deadlines().cancel(*this); }

void plain_transport::begin(std::shared_ptr<transport_handler> to, std::string auth) {
  session_ = std::move(to);
  if (!auth.empty()) return join(auth);
  core_->deadlines().set(*this, core_->now() + door_->auth_timeout);
}

void plain_transport::expired(steady_instant) {
  finish(plain_close_code::auth_timeout, "auth_timeout", close_reason::forced_close);
}

void plain_transport::join(std::string_view auth) {
  core_->deadlines().cancel(*this);
  stage_ = stage::joining;
  // What comes behind it is for a socket that is not there yet.
  connection_->set_reading(false);
  session_->text(message_packet(encode_control(packet_type::connect, door_->namespace_name, auth)));
}

void plain_transport::text(std::string_view message) {
  const auto self = shared_from_this();
  if (stage_ == stage::over) return;
  const auto said = plain::read_frame(message, max_depth_);
  if (!said) return finish(plain_close_code::malformed, "malformed", close_reason::parse_error);
  if (stage_ == stage::open) return event(*said);
  if (said->event != "auth" || !json_text::is_object(said->data, {.max_depth = max_depth_}))
    return finish(plain_close_code::refused, "auth_first", close_reason::forced_close);
  join(said->data);
}

void plain_transport::event(const plain::frame& said) {
  std::optional<std::uint64_t> number;
  if (!said.id.empty()) {
    if (unanswered_.size() >= door_->max_unanswered)
      return finish(websocket::close_code::policy, "too_many_unanswered", close_reason::forced_close);
    number = ++last_number_;
    unanswered_.emplace(*number, said.id);
  }
  const payload content = said.data.empty() ? payload{} : payload{said.data};
  session_->text(message_packet(encode_event(door_->namespace_name, said.event, content, number)));
}

void plain_transport::binary(std::string_view) {
  const auto self = shared_from_this();
  finish(plain_close_code::unsupported, "binary", close_reason::parse_error);
}

void plain_transport::pong() {
  if (stage_ != stage::over) session_->text(std::string{engine_digit(engine_packet_type::pong)});
}

void plain_transport::ended(const transport_end& end) {
  const auto self = shared_from_this();
  if (stage_ == stage::over) return;
  stage_ = stage::over;
  core_->deadlines().cancel(*this);
  if (const auto session = std::exchange(session_, nullptr)) session->ended(end);
}

bool plain_transport::send(const shared_frames& frames, const delivery& how) {
  if (stage_ == stage::over) return false;
  bool sent = true;
  for (std::string_view rest = *frames; !rest.empty() && stage_ != stage::over;) {
    const auto [kind, message] = websocket::take_ready_frame(rest);
    // Attachments are nothing a JSON frame could carry.
    if (kind != websocket::opcode::text || message.empty()) continue;
    if (message[0] == engine_digit(engine_packet_type::ping)) {
      connection_->send_message(websocket::opcode::ping, {});
    } else if (message[0] == engine_digit(engine_packet_type::message) && message.size() > 1) {
      sent = packet(message.substr(1), how);
    }
  }
  return sent;
}

bool plain_transport::packet(std::string_view packet, const delivery& how) {
  const auto type = static_cast<packet_type>(packet[0] - '0');
  const auto rest = without_namespace(packet.substr(1));
  switch (type) {
    case packet_type::event: return tell_event(rest, how);
    case packet_type::ack: return tell_answer(rest, how);
    case packet_type::connect:
      stage_ = stage::open;
      say(plain::event_frame("connected", rest));
      connection_->set_reading(wants_reading_);
      return true;
    case packet_type::connect_error: refused(rest); return true;
    case packet_type::disconnect:
      finish(code_for(last_word_, plain_close_code::ended), last_word_.empty() ? "ended" : last_word_,
             close_reason::server_namespace_disconnect);
      return true;
    case packet_type::binary_event:
    case packet_type::binary_ack: return false;
  }
  return false;
}

bool plain_transport::tell_event(std::string_view arguments, const delivery& how) {
  // Events that want an answer of the client have a number before them; there is no such frame.
  arguments.remove_prefix(std::min(arguments.find('['), arguments.size()));
  const auto parts = json_text::elements(arguments, {});
  if (!parts || parts->empty()) return false;
  const auto part = [&](std::size_t i) { return arguments.substr((*parts)[i].offset, (*parts)[i].length); };
  const auto name = json_text::string_of(part(0));
  if (!name) return false;
  if (door_->close_codes.contains(*name)) last_word_ = *name;
  return connection_->send_message(websocket::opcode::text,
                                   plain::event_frame(*name, parts->size() > 1 ? part(1) : std::string_view{}), how);
}

bool plain_transport::tell_answer(std::string_view rest, const delivery& how) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{}) return false;
  const auto asked = unanswered_.extract(number);
  if (asked.empty()) return false;
  const std::string_view arguments{end, static_cast<std::size_t>(rest.data() + rest.size() - end)};
  const auto parts = json_text::elements(arguments, {});
  std::string_view answer;
  if (parts && !parts->empty()) answer = arguments.substr((*parts)[0].offset, (*parts)[0].length);
  return connection_->send_message(websocket::opcode::text, plain::answer_frame(asked.mapped(), answer), how);
}

void plain_transport::refused(std::string_view error) {
  const auto message = json_text::member(error, "message");
  const auto word = message ? json_text::string_of(*message).value_or("refused") : "refused";
  const auto data = json_text::member(error, "data");
  say(plain::event_frame("refused", data ? *data : error));
  finish(code_for(word, plain_close_code::refused), word, close_reason::forced_close);
}

void plain_transport::say(std::string_view frame) { connection_->send_message(websocket::opcode::text, frame); }

std::uint16_t plain_transport::code_for(std::string_view word, std::uint16_t otherwise) const {
  const auto known = door_->close_codes.find(word);
  return known == door_->close_codes.end() ? otherwise : known->second;
}

void plain_transport::finish(std::uint16_t code, std::string_view reason, close_reason why) {
  if (stage_ == stage::over) return;
  stage_ = stage::over;
  core_->deadlines().cancel(*this);
  connection_->close(code, reason);
  // Later: the session may be in the middle of telling us something.
  boost::asio::post(core_->get_executor(), [session = std::exchange(session_, nullptr), code, why] {
    if (session) session->ended({.why = why, .code = code});
  });
}

void plain_transport::close(std::uint16_t code, std::string_view reason) {
  if (stage_ == stage::over) return;
  stage_ = stage::over;
  core_->deadlines().cancel(*this);
  connection_->close(code, reason);
}

void plain_transport::cut() {
  stage_ = stage::over;
  core_->deadlines().cancel(*this);
  connection_->cut();
}

void plain_transport::set_reading(bool on) {
  wants_reading_ = on;
  if (stage_ != stage::joining) connection_->set_reading(on);
}

}  // namespace nxg::socketio::detail
