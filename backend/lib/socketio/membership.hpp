#pragma once

#include "socketio/packet.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nxg::socketio {

/// Which namespaces one client is in, and what a packet for one of them means, without I/O. Namespaces are numbers
/// here.
class membership {
 public:
  enum class verdict : std::uint8_t {
    join,      ///< ask whether it may come in; then call `accepted` or `left`
    unknown,   ///< answer that there is no such namespace
    too_many,  ///< answer that it is in enough of them
    deliver,   ///< hand the packet to the socket
    leave,     ///< the client left: `left` is called already
    ignore,
    violation,  ///< no client may send this now: close the connection
  };

  explicit membership(std::size_t max_namespaces) noexcept : max_{max_namespaces} {}

  /// `in` is nothing for a namespace that does not exist.
  [[nodiscard]] verdict received(packet_type type, std::optional<std::size_t> in) {
    switch (type) {
      case packet_type::connect: return connect(in);
      case packet_type::disconnect: return in && left(*in) ? verdict::leave : verdict::ignore;
      case packet_type::connect_error: return verdict::violation;
      case packet_type::event:
      case packet_type::ack:
      case packet_type::binary_event:
      case packet_type::binary_ack: return in && joined(*in) ? verdict::deliver : verdict::violation;
    }
    return verdict::violation;
  }

  /// False when the client is no longer waiting to come in.
  bool accepted(std::size_t in) noexcept {
    const auto it = find(in);
    if (it == entries_.end() || it->joined) return false;
    return it->joined = true;
  }
  /// False when it was not in, nor on its way.
  bool left(std::size_t in) noexcept {
    const auto it = find(in);
    if (it == entries_.end()) return false;
    *it = entries_.back();
    entries_.pop_back();
    return true;
  }
  [[nodiscard]] bool joined(std::size_t in) const noexcept {
    return std::ranges::any_of(entries_, [in](const entry& one) { return one.name == in && one.joined; });
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct entry {
    std::size_t name;
    bool joined;
  };
  [[nodiscard]] std::vector<entry>::iterator find(std::size_t in) noexcept {
    return std::ranges::find(entries_, in, &entry::name);
  }

  verdict connect(std::optional<std::size_t> in) {
    if (!in) return verdict::unknown;
    if (find(*in) != entries_.end()) return verdict::violation;
    if (entries_.size() >= max_) return verdict::too_many;
    entries_.push_back({*in, false});
    return verdict::join;
  }

  std::vector<entry> entries_;
  std::size_t max_;
};

}  // namespace nxg::socketio
