#pragma once

#include "socketio/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::socketio {

/// The arguments of an event or of an acknowledgement on their way out: JSON texts and binary attachments.
///
/// A JSON text is sent as it is: it must be one valid JSON value in UTF-8, which is not checked again here.
///     socket->emit("greet", R"({"name":"a"})");                        // one argument
///     socket->emit("file", payload{}.add(R"("a.bin")").add_binary(bytes));  // a string and a Buffer
class payload {
 public:
  payload() = default;
  // One argument is the usual case: not explicit.
  payload(std::string_view json) : arguments_{json} {}
  payload(const std::string& json) : arguments_{json} {}
  payload(std::string&& json) noexcept : arguments_{std::move(json)} {}
  payload(const char* json) : arguments_{json} {}

  /// Appends an argument.
  payload& add(std::string_view json) &;
  payload&& add(std::string_view json) && { return std::move(add(json)); }
  /// Appends an argument that the receiver sees as binary (`Buffer`, `ArrayBuffer`).
  payload& add_binary(std::string bytes) &;
  payload&& add_binary(std::string bytes) && { return std::move(add_binary(std::move(bytes))); }
  /// Attaches bytes without making an argument of them and returns the JSON text (`{"_placeholder":true,"num":n}`)
  /// that stands for them anywhere inside a JSON argument added later.
  std::string attach(std::string bytes);

  /// The JSON texts, separated by commas; empty when there is no argument.
  [[nodiscard]] const std::string& arguments() const noexcept { return arguments_; }
  [[nodiscard]] const std::vector<std::string>& attachments() const noexcept { return attachments_; }

 private:
  std::string arguments_;
  std::vector<std::string> attachments_;
};

/// Where acknowledgements of received events go; implemented by the sockets of server and client.
class acknowledgement_sink {
 public:
  virtual ~acknowledgement_sink() = default;
  virtual void send_acknowledgement(std::uint64_t id, const payload& answer) = 0;
};

/// The right to answer one event, once, from any thread and at any time. Empty when the sender asked for no answer;
/// calling an empty or used one does nothing, nor does answering a socket that is gone.
class acknowledgement {
 public:
  acknowledgement() = default;
  acknowledgement(std::weak_ptr<acknowledgement_sink> sink, std::uint64_t id) : sink_{std::move(sink)}, id_{id} {}
  acknowledgement(acknowledgement&& other) noexcept
      : sink_{std::move(other.sink_)}, id_{std::exchange(other.id_, none)} {}
  acknowledgement& operator=(acknowledgement&& other) noexcept {
    sink_ = std::move(other.sink_);
    id_ = std::exchange(other.id_, none);
    return *this;
  }

  [[nodiscard]] explicit operator bool() const noexcept { return id_ != none; }
  void operator()(const payload& answer = {});

 private:
  /// No number on the wire is that large. So small, it fits into a function object without memory of its own.
  static constexpr std::uint64_t none = UINT64_MAX;
  std::weak_ptr<acknowledgement_sink> sink_;
  std::uint64_t id_ = none;
};

/// A received event, or the arguments of a received acknowledgement (then without name). Owns its bytes; moves cheaply.
class event_args {
 public:
  using slice = json_text::span;

  event_args() = default;
  /// `text` holds the arguments at `slices`; the codec makes these.
  event_args(std::string name, std::string text, std::vector<slice> slices, std::vector<std::string> attachments,
             acknowledgement reply = {});

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// Number of arguments.
  [[nodiscard]] std::size_t size() const noexcept { return slices_.size(); }
  /// The JSON text of one argument, valid JSON in UTF-8, nested at most as deep as the decoder allows; `null` past the
  /// end.
  [[nodiscard]] std::string_view operator[](std::size_t index) const noexcept;
  /// The bytes of an argument that is itself binary; nothing for any other.
  [[nodiscard]] std::optional<std::string_view> binary(std::size_t index) const noexcept;
  /// All attachments in order; JSON refers to them by `{"_placeholder":true,"num":n}`, and n is always in range.
  [[nodiscard]] const std::vector<std::string>& attachments() const noexcept { return attachments_; }

  [[nodiscard]] bool wants_ack() const noexcept { return static_cast<bool>(reply_); }
  /// Answers the sender; does nothing when it wants no answer or has one.
  void ack(const payload& answer = {}) { reply_(answer); }
  /// The codec's way to say that the sender waits for an answer.
  void set_ack(acknowledgement reply) noexcept { reply_ = std::move(reply); }
  /// Takes the right to answer away from these arguments, for an answer that comes later.
  [[nodiscard]] acknowledgement take_ack() noexcept { return std::move(reply_); }

  /// The same arguments, ready to be sent.
  [[nodiscard]] payload to_payload() const;

 private:
  std::string name_;
  std::string text_;
  std::vector<slice> slices_;
  std::vector<std::string> attachments_;
  acknowledgement reply_;
};

/// How hard a message tries to arrive at a reader that is slow.
struct delivery {
  /// Dropped when anything still waits for that connection.
  bool is_volatile = false;
  /// Not empty: replaces a message with the same key that still waits (live values, of which only the last counts).
  /// Such messages and volatile ones are what a full send queue drops first.
  std::string coalesce = {};
};

}  // namespace nxg::socketio
