#include "socketio/namespace_table.hpp"

#include "socketio/engine.hpp"
#include "socketio/room_cores.hpp"
#include "socketio/server_state.hpp"

#include <algorithm>

namespace nxg::socketio::detail {

void namespace_table::add(socket& one) {
  one.table_position_ = sockets_.size();
  sockets_.push_back(&one);
  by_id_.emplace(one.id(), &one);
  longest_id_ = std::max(longest_id_, one.id().size());
  // Most ids say themselves where they are.
  if (core_of(one.id()) != core_) known_->add(one.id(), core_);
}

void namespace_table::remove_socket(socket& one) {
  by_id_.erase(one.id());
  if (core_of(one.id()) != core_) known_->remove(one.id(), core_);
  socket* const last = sockets_.back();
  sockets_[one.table_position_] = last;
  last->table_position_ = one.table_position_;
  sockets_.pop_back();
}

socket* namespace_table::by_id(std::string_view id) const {
  if (id.size() > longest_id_) return nullptr;  // most names of rooms are
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second;
}

bool namespace_table::join(socket& one, const std::string& name) {
  const auto is_it = [&name](const socket::membership& m) { return m.in->name == name; };
  if (name == one.id() || std::ranges::any_of(one.memberships_, is_it)) return false;
  const auto [it, made] = rooms_.try_emplace(name);
  room& in = it->second;
  if (made) {
    in.name = it->first;
    known_->add(name, core_);
  }
  in.members.push_back({&one, one.memberships_.size()});
  one.memberships_.push_back({&in, in.members.size() - 1});
  return true;
}

bool namespace_table::leave(socket& one, std::string_view name) {
  const auto it =
      std::ranges::find_if(one.memberships_, [name](const socket::membership& m) { return m.in->name == name; });
  if (it == one.memberships_.end()) return false;
  leave(one, static_cast<std::size_t>(it - one.memberships_.begin()));
  return true;
}

void namespace_table::leave(socket& one, std::size_t membership) {
  const auto [in, position] = one.memberships_[membership];
  // The last of each list takes the free place.
  const room::member moved_member = in->members.back();
  in->members[position] = moved_member;
  moved_member.who->memberships_[moved_member.membership].position = position;
  in->members.pop_back();
  const socket::membership moved = one.memberships_.back();
  one.memberships_[membership] = moved;
  if (membership + 1 < one.memberships_.size()) moved.in->members[moved.position].membership = membership;
  one.memberships_.pop_back();
  if (!in->members.empty()) return;
  known_->remove(in->name, core_);
  rooms_.erase(rooms_.find(in->name));
}

std::vector<std::string> namespace_table::rooms_of(const socket& one) {
  std::vector<std::string> names;
  for (const auto& membership : one.memberships_) names.emplace_back(membership.in->name);
  return names;
}

std::vector<std::shared_ptr<socket>> namespace_table::list(const selection& who) {
  std::vector<std::shared_ptr<socket>> found;
  for_each(who, [&found](socket& one) { found.push_back(one.shared_from_this()); });
  return found;
}

void namespace_table::send(const selection& who, const shared_frames& frames, const delivery& how) {
  struct sending {
    const shared_frames& frames;
    const delivery& how;
    void look_ahead(const socket& one) const noexcept { one.session_->prefetch(); }
    void operator()(socket& one) const { one.session_->send(frames, how); }
  };
  for_each(who, sending{frames, how});
}

}  // namespace nxg::socketio::detail
