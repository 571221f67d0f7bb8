#include "socketio/payload.hpp"

namespace nxg::socketio {

payload& payload::add(std::string_view json) & {
  if (!arguments_.empty()) arguments_ += ',';
  arguments_ += json;
  return *this;
}

std::string payload::attach(std::string bytes) {
  attachments_.push_back(std::move(bytes));
  return R"({"_placeholder":true,"num":)" + std::to_string(attachments_.size() - 1) + '}';
}

payload& payload::add_binary(std::string bytes) & { return add(attach(std::move(bytes))); }

void acknowledgement::operator()(const payload& answer) {
  const auto id = std::exchange(id_, none);
  const auto sink = std::exchange(sink_, {}).lock();
  if (id != none && sink) sink->send_acknowledgement(id, answer);
}

event_args::event_args(std::string name, std::string text, std::vector<slice> slices,
                       std::vector<std::string> attachments, acknowledgement reply)
    : name_{std::move(name)},
      text_{std::move(text)},
      slices_{std::move(slices)},
      attachments_{std::move(attachments)},
      reply_{std::move(reply)} {}

std::string_view event_args::operator[](std::size_t index) const noexcept {
  if (index >= slices_.size()) return "null";
  return std::string_view{text_}.substr(slices_[index].offset, slices_[index].length);
}

std::optional<std::string_view> event_args::binary(std::size_t index) const noexcept {
  if (attachments_.empty()) return std::nullopt;
  const auto number = json_text::placeholder((*this)[index]);
  if (!number || *number >= attachments_.size()) return std::nullopt;
  return attachments_[*number];
}

payload event_args::to_payload() const {
  std::string arguments;
  for (std::size_t i = 0; i < size(); ++i) {
    if (i > 0) arguments += ',';
    arguments += (*this)[i];
  }
  payload copy{std::move(arguments)};
  for (const auto& bytes : attachments_) copy.attach(bytes);
  return copy;
}

}  // namespace nxg::socketio
