#include "sandbox/request_log.hpp"

#include <utility>

namespace nxg::sandbox {

void request_log::add(logged_request entry) {
  const std::scoped_lock lock{mutex_};
  entry.number = ++total_;
  ++totals_[entry.service];
  entries_.push_back(std::move(entry));
  if (entries_.size() > kept) entries_.pop_front();
}

std::int64_t request_log::total() const {
  const std::scoped_lock lock{mutex_};
  return total_;
}

std::map<std::string, std::int64_t> request_log::totals() const {
  const std::scoped_lock lock{mutex_};
  return totals_;
}

std::vector<logged_request> request_log::all() const {
  const std::scoped_lock lock{mutex_};
  return {entries_.begin(), entries_.end()};
}

}  // namespace nxg::sandbox
