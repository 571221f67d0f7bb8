#include "coordination/redis/reply.hpp"

#include <algorithm>
#include <charconv>

namespace nxg::coordination::redis {

std::int64_t reply::node::number() const noexcept {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<const reply::node*> reply::values() const {
  std::vector<const node*> result;
  for (const auto& one : nodes_) {
    if (!boost::redis::resp3::is_aggregate(one.type)) result.push_back(&one);
  }
  return result;
}

const reply::node* reply::value(std::size_t index) const noexcept {
  for (const auto& one : nodes_) {
    if (!boost::redis::resp3::is_aggregate(one.type) && index-- == 0) return &one;
  }
  return nullptr;
}

const reply::node* reply::error() const noexcept {
  const auto found = std::ranges::find_if(nodes_, &node::is_error);
  return found == nodes_.end() ? nullptr : &*found;
}

}  // namespace nxg::coordination::redis
