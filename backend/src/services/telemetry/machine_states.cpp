#include "services/telemetry/machine_states.hpp"

#include <algorithm>

namespace nxg::samples {
namespace {

constexpr std::size_t most_epochs = 4;
constexpr std::size_t most_oddities = 1'024;
constexpr std::size_t most_links = 8;
constexpr std::size_t most_judged_runs = 64;

}  // namespace

machine_state::epoch_state& machine_state::state_of(const epoch& id) {
  const auto found = std::ranges::find(epochs_, id, &epoch_state::id);
  if (found != epochs_.end()) {
    epochs_.splice(epochs_.begin(), epochs_, found);
  } else {
    epochs_.push_front({id, plausibility{limits_}, {}, {}});
    if (epochs_.size() > most_epochs) epochs_.pop_back();
  }
  return epochs_.front();
}

verdict machine_state::judge(const epoch& of, sample& what) {
  auto& state = state_of(of);
  if (state.judged.contains(what.seq)) {
    const auto odd = state.oddities.find(what.seq);
    if (odd == state.oddities.end()) return {};
    what.flags = odd->second.flags;
    return {odd->second.refused, false};
  }
  const bool late = !state.judged.empty() && what.seq < state.judged.highest().last;
  state.judged.add({what.seq, what.seq});
  state.judged.forget_lowest(most_judged_runs);
  const auto refused = late ? state.judge.judge_late(what) : state.judge.judge(what);
  if (refused || what.flags != 0) {
    state.oddities[what.seq] = {what.flags, refused};
    if (state.oddities.size() > most_oddities) state.oddities.erase(state.oddities.begin());
  }
  return {refused, true};
}

void machine_state::use_limits(const plausibility_limits& limits) {
  limits_ = limits;
  for (auto& one : epochs_) one.judge.use_limits(limits);
}

const link_holder* machine_state::find_link(const uuid& id) const {
  const auto found = std::ranges::find(links_, id, &std::pair<uuid, link_holder>::first);
  return found == links_.end() ? nullptr : &found->second;
}

link_holder* machine_state::find_link(const uuid& id) {
  return const_cast<link_holder*>(std::as_const(*this).find_link(id));
}

void machine_state::remember_link(const uuid& id, link_holder holder) {
  if (auto* known = find_link(id)) {
    holder.renew_at = known->renew_at;
    *known = holder;
    return;
  }
  links_.emplace_back(id, holder);
  if (links_.size() > most_links) links_.erase(links_.begin());
}

void machine_state::forget_link(const uuid& id) {
  std::erase_if(links_, [&id](const auto& one) { return one.first == id; });
}

std::shared_ptr<machine_state> machine_states::find(const uuid& machine) {
  const std::scoped_lock lock{mutex_};
  const auto found = machines_.find(machine);
  if (found == machines_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second.used);
  return found->second.state;
}

std::shared_ptr<machine_state> machine_states::make(const uuid& machine, const plausibility_limits& limits) {
  const std::scoped_lock lock{mutex_};
  const auto found = machines_.find(machine);
  if (found != machines_.end()) return found->second.state;
  by_use_.push_front(machine);
  auto made = std::make_shared<machine_state>(limits);
  machines_.emplace(machine, entry{made, by_use_.begin()});
  if (machines_.size() > most_) {
    machines_.erase(by_use_.back());
    by_use_.pop_back();
  }
  return made;
}

}  // namespace nxg::samples
