#include "socketio/packet.hpp"

#include "runtime/json_special.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/websocket_frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace nxg::socketio {

namespace {

constexpr std::size_t max_namespace_name = 256;
constexpr std::size_t max_id_digits = 15;  // below 2^53, what a JavaScript client can count to
/// Names that stand for something else in every client; an event may not have them.
constexpr std::array<std::string_view, 4> reserved_events{"connect", "connect_error", "disconnect", "disconnecting"};

/// Takes the parts in front of the data off a packet's text, one by one.
class head_reader {
 public:
  explicit head_reader(std::string_view text) : rest_{text} {}

  std::optional<packet_type> type() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '6') return std::nullopt;
    const auto digit = static_cast<packet_type>(rest_.front() - '0');
    rest_.remove_prefix(1);
    return digit;
  }

  std::optional<std::size_t> attachment_count() {
    std::size_t count = 0;
    const auto digits = number(count);
    if (digits == 0 || digits > 6 || rest_.empty() || rest_.front() != '-') return std::nullopt;
    rest_.remove_prefix(1);
    return count;
  }

  std::optional<std::string_view> namespace_name() {
    if (rest_.empty() || rest_.front() != '/') return "/";
    const auto end = std::min(rest_.find(','), rest_.size());
    const auto name = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (name.size() > max_namespace_name) return std::nullopt;
    return name.substr(0, name.find('?'));  // a query behind the name is allowed and means nothing
  }

  /// False when there are digits that are no id.
  bool id(std::optional<std::uint64_t>& found) {
    std::uint64_t value = 0;
    const auto digits = number(value);
    if (digits > max_id_digits) return false;
    if (digits > 0) found = value;
    return true;
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  template <class Integer>
  std::size_t number(Integer& value) {
    const auto end = std::ranges::find_if_not(rest_, [](char c) { return c >= '0' && c <= '9'; });
    const auto digits = static_cast<std::size_t>(end - rest_.begin());
    std::from_chars(rest_.data(), rest_.data() + digits, value);
    rest_.remove_prefix(digits);
    return digits;
  }

  std::string_view rest_;
};

bool is_binary(packet_type type) { return type == packet_type::binary_event || type == packet_type::binary_ack; }

void append_head(std::string& out, packet_type type, std::size_t attachments, std::string_view namespace_name) {
  out += static_cast<char>('0' + static_cast<int>(type));
  if (attachments > 0) {
    out += std::to_string(attachments);
    out += '-';
  }
  if (namespace_name != "/") {
    out += namespace_name;
    out += ',';
  }
}

void append_id(std::string& out, std::uint64_t id) {
  std::array<char, 20> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), id).ptr);
}

/// What stands before the arguments of an event.
void append_event_start(std::string& out, std::string_view namespace_name, std::string_view event,
                        const payload& content, std::optional<std::uint64_t> id) {
  const auto count = content.attachments().size();
  append_head(out, count > 0 ? packet_type::binary_event : packet_type::event, count, namespace_name);
  if (id) append_id(out, *id);
  out += '[';
  json_text::append_string(out, event);
  if (!content.arguments().empty()) out += ',';
}

void append_ack_start(std::string& out, std::string_view namespace_name, std::uint64_t id, const payload& content) {
  const auto count = content.attachments().size();
  append_head(out, count > 0 ? packet_type::binary_ack : packet_type::ack, count, namespace_name);
  append_id(out, id);
  out += '[';
}

std::string with_arguments(std::string start, const payload& content) {
  start += content.arguments();
  start += ']';
  return start;
}

/// The frames of a packet, in one string of the right size. `append_start` puts what stands before the arguments at the
/// end of a string, `start_size` octets at most, or it grows.
template <class AppendStart>
shared_frames frames_of(std::size_t start_size, const payload& content, AppendStart append_start) {
  using namespace websocket;
  constexpr std::size_t longest_header = 10;
  std::string frames;
  frames.reserve(longest_header + 1 + start_size + content.arguments().size() + 1);
  frames.append(longest_header, ' ');
  frames += engine_digit(engine_packet_type::message);
  append_start(frames);
  std::string header;
  append_header(header, opcode::text, frames.size() - longest_header + content.arguments().size() + 1);
  frames.replace(0, longest_header, header);
  frames += content.arguments();
  frames += ']';
  for (const auto& bytes : content.attachments()) append_frame(frames, opcode::binary, bytes);
  return std::make_shared<const std::string>(std::move(frames));
}

/// Type, attachments, commas, an id.
constexpr std::size_t around_names = 40;

}  // namespace

packet_decoder::status packet_decoder::fail(std::string_view why) {
  error_ = why;
  pending_.reset();
  return status::malformed;
}

packet_decoder::status packet_decoder::text(std::string_view text) {
  if (!error_.empty()) return status::malformed;
  if (pending_) return fail("a packet while attachments were still to come");
  done_ = {};
  head_reader head{text};
  const auto type = head.type();
  if (!type) return fail("unknown packet type");
  done_.type = *type;
  std::size_t attachments = 0;
  if (is_binary(*type)) {
    const auto count = head.attachment_count();
    if (!count) return fail("a binary packet without its number of attachments");
    if (*count > limits_.max_attachments) return fail("too many attachments");
    attachments = *count;
  }
  const auto name = head.namespace_name();
  if (!name) return fail("a namespace name that is too long");
  done_.namespace_name = *name;
  if (!head.id(done_.id)) return fail("an id that is too long");
  const bool is_control =
      *type == packet_type::connect || *type == packet_type::disconnect || *type == packet_type::connect_error;
  if (is_control && done_.id) return fail("an id where nothing can be answered");
  const json_text::rules by{.max_depth = limits_.max_depth};
  switch (*type) {
    case packet_type::connect:
      if (head.rest().empty()) {
        done_.data = "{}";
      } else if (json_text::is_object(head.rest(), by)) {
        done_.data = head.rest();
      } else {
        return fail("a connect packet whose data is no object");
      }
      return status::complete;
    case packet_type::connect_error:
      if (!json_text::is_value(head.rest(), by)) return fail("a connect error without data");
      done_.data = head.rest();
      return status::complete;
    case packet_type::disconnect:
      if (!head.rest().empty()) return fail("a disconnect packet with data");
      return status::complete;
    case packet_type::event:
    case packet_type::ack:
    case packet_type::binary_event:
    case packet_type::binary_ack: return read_arguments(head.rest(), attachments);
  }
  return fail("unknown packet type");
}

packet_decoder::status packet_decoder::read_arguments(std::string_view json, std::size_t attachments) {
  json_text::rules by{.max_depth = limits_.max_depth};
  if (is_binary(done_.type)) by.placeholders = attachments;
  auto slices = json_text::elements(json, by);
  if (!slices) return fail("arguments that are no JSON array, or name an attachment that does not exist");
  std::string name;
  if (done_.type == packet_type::ack || done_.type == packet_type::binary_ack) {
    if (!done_.id) return fail("an acknowledgement without id");
  } else {
    if (slices->empty()) return fail("an event without name");
    auto text = json_text::string_of(json.substr(slices->front().offset, slices->front().length));
    if (!text || std::ranges::find(reserved_events, *text) != reserved_events.end())
      return fail("not the name of an event");
    name = std::move(*text);
    slices->erase(slices->begin());
  }
  if (attachments == 0) {
    done_.arguments = event_args{std::move(name), std::string{json}, std::move(*slices), {}};
    return status::complete;
  }
  pending_ = std::make_unique<incomplete_packet>(incomplete_packet{.head = std::move(done_),
                                                                   .name = std::move(name),
                                                                   .text = std::string{json},
                                                                   .slices = std::move(*slices),
                                                                   .attachments = {},
                                                                   .expected = attachments});
  return status::incomplete;
}

packet_decoder::status packet_decoder::binary(std::string_view bytes) {
  if (!error_.empty()) return status::malformed;
  if (!pending_) return fail("an attachment that no packet announced");
  pending_->bytes += bytes.size();
  if (pending_->bytes > limits_.max_attachment_bytes) return fail("attachments that are too big");
  pending_->attachments.emplace_back(bytes);
  if (pending_->attachments.size() < pending_->expected) return status::incomplete;
  const auto whole = std::move(pending_);
  done_ = std::move(whole->head);
  done_.arguments = event_args{std::move(whole->name), std::move(whole->text), std::move(whole->slices),
                               std::move(whole->attachments)};
  return status::complete;
}

std::optional<event_front> read_event_front(std::string_view text) {
  head_reader head{text};
  if (head.type() != packet_type::event) return std::nullopt;
  event_front found;
  const auto name = head.namespace_name();
  if (!name || !head.id(found.id)) return std::nullopt;
  found.namespace_name = *name;
  // `["name",argument]`
  auto rest = head.rest();
  if (!rest.starts_with("[\"") || !rest.ends_with(']')) return std::nullopt;
  rest = rest.substr(2, rest.size() - 3);
  const auto* const end = runtime::find_json_special(rest.data(), rest.data() + rest.size());
  found.name = rest.substr(0, static_cast<std::size_t>(end - rest.data()));
  rest.remove_prefix(found.name.size());
  if (!rest.starts_with("\",")) return std::nullopt;
  found.argument = rest.substr(2);
  return found;
}

packet packet_decoder::take() { return std::exchange(done_, {}); }

std::string encode_control(packet_type type, std::string_view namespace_name, std::string_view data) {
  std::string out;
  append_head(out, type, 0, namespace_name);
  out += data;
  return out;
}

std::string encode_event(std::string_view namespace_name, std::string_view event, const payload& content,
                         std::optional<std::uint64_t> id) {
  std::string start;
  append_event_start(start, namespace_name, event, content, id);
  return with_arguments(std::move(start), content);
}

std::string encode_ack(std::string_view namespace_name, std::uint64_t id, const payload& content) {
  std::string start;
  append_ack_start(start, namespace_name, id, content);
  return with_arguments(std::move(start), content);
}

shared_frames to_frames(std::string_view packet_text, const std::vector<std::string>& attachments) {
  using namespace websocket;
  std::string frames;
  frames.reserve(packet_text.size() + 12);
  append_header(frames, opcode::text, packet_text.size() + 1);
  frames += engine_digit(engine_packet_type::message);
  frames += packet_text;
  for (const auto& bytes : attachments) append_frame(frames, opcode::binary, bytes);
  return std::make_shared<const std::string>(std::move(frames));
}

shared_frames event_frames(std::string_view namespace_name, std::string_view event, const payload& content,
                           std::optional<std::uint64_t> id) {
  return frames_of(namespace_name.size() + event.size() + around_names, content,
                   [&](std::string& out) { append_event_start(out, namespace_name, event, content, id); });
}

shared_frames ack_frames(std::string_view namespace_name, std::uint64_t id, const payload& content) {
  return frames_of(namespace_name.size() + around_names, content,
                   [&](std::string& out) { append_ack_start(out, namespace_name, id, content); });
}

}  // namespace nxg::socketio
