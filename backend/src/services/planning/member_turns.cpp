#include "services/planning/member_turns.hpp"

#include "services/api_error.hpp"

#include <utility>

namespace nxg::planning {

struct member_turns::state {
  std::mutex mutex;
  /// Whose turn it is, with those who wait for it.
  std::map<uuid, std::deque<resilience::one_shot>> taken;

  void pass_on(uuid member) {
    const std::scoped_lock lock{mutex};
    auto& waiting = taken[member];
    // Those who gave up meanwhile are passed over.
    while (!waiting.empty()) {
      const auto next = std::move(waiting.front());
      waiting.pop_front();
      if (next.fire(0)) return;
    }
    taken.erase(member);
  }
};

member_turns::member_turns() : state_{std::make_shared<state>()} {}

member_turns::turn::~turn() {
  if (of_) of_->pass_on(member_);
}

task<member_turns::turn> member_turns::take(uuid member) {
  std::optional<resilience::one_shot> wait;
  {
    const std::scoped_lock lock{state_->mutex};
    const auto [place, first] = state_->taken.try_emplace(member);
    if (!first) {
      if (place->second.size() >= most_waiting) {
        throw api_error{error_code::plan_in_progress, "A plan is being made already."}.with_retry_after(
            std::chrono::seconds{5});
      }
      wait.emplace();
      place->second.push_back(*wait);
    }
  }
  if (wait) co_await wait->wait();
  co_return turn{state_, member, wait.has_value()};
}

}  // namespace nxg::planning
