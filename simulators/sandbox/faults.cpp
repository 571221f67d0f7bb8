#include "sandbox/faults.hpp"

#include <chrono>

namespace nxg::sandbox {
namespace {

constexpr std::chrono::seconds flapping_half_period{5};

}  // namespace

void fault_board::order(const std::string& service, fault_order wanted) {
  const std::scoped_lock lock{mutex_};
  wanted.since = time_.steady();
  entries_[service] = {wanted, 0};
}

fault_order fault_board::in_force(std::string_view service) const {
  const std::scoped_lock lock{mutex_};
  const auto found = entries_.find(service);
  if (found == entries_.end() || over(found->second.order)) return {};
  return found->second.order;
}

fault_kind fault_board::next(std::string_view service) {
  const std::scoped_lock lock{mutex_};
  const auto found = entries_.find(service);
  if (found == entries_.end() || over(found->second.order)) return fault_kind::none;
  auto& [order, owed] = found->second;
  owed += order.rate;
  // A little less than one, so that ten times 0.1 is one.
  if (owed < 1 - 1e-9) return fault_kind::none;
  owed -= 1;
  if (order.kind != fault_kind::flapping) return order.kind;
  const auto halves = (time_.steady() - order.since) / flapping_half_period;
  return halves % 2 == 0 ? fault_kind::http_500 : fault_kind::none;
}

}  // namespace nxg::sandbox
