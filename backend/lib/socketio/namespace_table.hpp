#pragma once

#include "socketio/adapter.hpp"
#include "socketio/socket.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nxg::socketio::detail {

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

class room_cores;

/// The members of one room on one core.
struct room {
  struct member {
    socket* who;
    std::size_t membership;  // index into the socket's own list
  };
  std::string_view name;  // lies in the table's key
  std::vector<member> members;
};

/// The sockets of one namespace on one core, and the rooms they are in. Used on that core only.
///
/// Joining and leaving cost the same however big room and namespace are: each membership knows its place in both lists.
class namespace_table {
 public:
  /// `known` is told which rooms this core has.
  namespace_table(std::size_t core, room_cores& known) noexcept : core_{core}, known_{&known} {}

  void add(socket& one);
  /// Leaves all rooms, too; calls `left` for each.
  template <class Left>
  void remove(socket& one, Left left) {
    while (!one.memberships_.empty()) {
      const std::string name{one.memberships_.back().in->name};
      leave(one, one.memberships_.size() - 1);
      left(name);
    }
    remove_socket(one);
  }
  /// False when it was in the room already.
  bool join(socket& one, const std::string& name);
  /// False when it was not in the room.
  bool leave(socket& one, std::string_view name);
  [[nodiscard]] static std::vector<std::string> rooms_of(const socket& one);

  /// Calls `then` once for each socket that is meant; `then` must not change the table.
  template <class Then>
  void for_each(const selection& who, Then then);
  [[nodiscard]] std::vector<std::shared_ptr<socket>> list(const selection& who);
  /// Sends to each socket that is meant.
  void send(const selection& who, const shared_frames& frames, const delivery& how);
  [[nodiscard]] std::size_t size() const noexcept { return sockets_.size(); }

 private:
  void remove_socket(socket& one);
  void leave(socket& one, std::size_t membership);
  [[nodiscard]] socket* by_id(std::string_view id) const;
  /// True the first time within one walk.
  static bool mark(socket& one, std::uint64_t walk) noexcept {
    if (one.broadcast_mark_ == walk) return false;
    one.broadcast_mark_ = walk;
    return true;
  }
  static socket& socket_of(const room::member& one) noexcept { return *one.who; }
  static socket& socket_of(socket* one) noexcept { return *one; }
  template <class List, class Then>
  static void visit(const List& sockets, Then& then);
  template <class Then>
  void for_each_in(std::string_view name, Then& then) {
    if (const auto it = rooms_.find(name); it != rooms_.end()) visit(it->second.members, then);
    if (socket* const one = by_id(name)) then(*one);
  }

  std::size_t core_;
  room_cores* known_;
  std::vector<socket*> sockets_;
  std::unordered_map<std::string_view, socket*> by_id_;  // keys lie in the sockets
  std::size_t longest_id_ = 0;
  std::unordered_map<std::string, room, text_hash, std::equal_to<>> rooms_;
  std::uint64_t walk_ = 0;
};

/// `then` may look ahead, at some sockets before any of them has its turn: what it fetches for them comes from memory
/// at the same time, and not one after the other.
template <class List, class Then>
void namespace_table::visit(const List& sockets, Then& then) {
  constexpr std::size_t together = 16;
  for (std::size_t begin = 0; begin < sockets.size(); begin += together) {
    const auto some = std::span{sockets}.subspan(begin, std::min(together, sockets.size() - begin));
    if constexpr (requires(const socket& one) { then.look_ahead(one); }) {
      for (const auto& one : some) then.look_ahead(socket_of(one));
    }
    for (const auto& one : some) then(socket_of(one));
  }
}

template <class Then>
void namespace_table::for_each(const selection& who, Then then) {
  if (who.rooms.size() == 1 && who.except.empty()) return for_each_in(who.rooms.front(), then);
  const std::uint64_t walk = ++walk_;
  const auto leave_out = [walk](socket& one) { mark(one, walk); };
  for (const auto& name : who.except) for_each_in(name, leave_out);
  struct once_each : Then {
    std::uint64_t walk;
    void operator()(socket& one) {
      if (mark(one, walk)) Then::operator()(one);
    }
  } once{std::move(then), walk};
  if (who.rooms.empty()) {
    visit(sockets_, once);
  } else {
    for (const auto& name : who.rooms) for_each_in(name, once);
  }
}

}  // namespace nxg::socketio::detail
