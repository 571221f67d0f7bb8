#include "services/training/customisation.hpp"

#include "services/planning/member_profile.hpp"
#include "store/wrote_first.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nxg::training {
namespace {

constexpr int most_rounds = 8;

api_error change_not_found() { return {error_code::change_not_found, "The plan has no such change."}; }

[[noreturn]] void refuse(std::vector<field_error> faults) {
  const auto unsafe = [](const field_error& one) { return one.code == "contraindicated"; };
  if (!std::ranges::all_of(faults, unsafe)) throw invalid_fields(std::move(faults));
  throw api_error{error_code::plan_not_safe, "An exercise does not suit the health conditions of the profile."}
      .with_fields(std::move(faults));
}

}  // namespace

task<followed_plan> customisation::followed(uuid member) {
  followed_plan result;
  result.plan = co_await parts_.plans.active(member);
  auto who = co_await parts_.members(member);
  if (!who) throw not_found("member");
  result.member = std::move(*who);
  result.limits = planning::restrictions_of(result.member);
  result.library = co_await parts_.exercises.current();
  auto kept = co_await parts_.overlays.find(member);
  const overlay_rules by{*result.library, result.limits};
  result.overlay = fitted_to(kept.value_or(plan_overlay{.id = member}), result.plan, by);
  result.merged = merge(result.plan.content, result.overlay.changes, by);
  co_return result;
}

task<followed_plan> customisation::edited(uuid member, std::optional<std::int64_t> expected, edit how) {
  for (int round = 0; round < most_rounds; ++round) {
    auto now = co_await followed(member);
    if (expected && *expected != now.overlay.version) throw lost_race();
    now.overlay.changes = how(now);
    now.overlay.updated_at = parts_.time.now();
    const bool written = co_await store::wrote_first(parts_.overlays.save(now.overlay));
    if (!written && expected) throw lost_race();
    if (!written) continue;
    auto after = co_await followed(member);
    // Made to a plan that was just replaced: whether it has a place in the new one, the caller has to look at.
    if (after.plan.id != now.plan.id) throw lost_race();
    co_return after;
  }
  throw busy();
}

task<followed_plan> customisation::change(uuid member, std::vector<overlay_change> wanted,
                                          std::optional<std::int64_t> expected) {
  const auto at = parts_.time.now();
  for (auto& one : wanted) {
    one.at = at;
    one.by = member;
  }
  const edit add = [&wanted](const followed_plan& now) {
    const overlay_rules by{*now.library, now.limits};
    auto days = merge(now.plan.content, now.overlay.changes, by).days;
    auto changes = now.overlay.changes;
    std::vector<field_error> faults;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto one = wanted[i];
      name_exercises(one, days, *now.library);
      for (auto& fault : apply(days, one, by)) {
        faults.push_back(
            {fmt::format("/changes/{}/{}", i, fault.field), std::move(fault.code), std::move(fault.message)});
      }
      changes = with_change(std::move(changes), std::move(one));
    }
    if (changes.size() > plan_overlay::most_changes) {
      faults.push_back(
          {"/changes", "too_long",
           fmt::format("a plan has at most {} changes: take some back first", plan_overlay::most_changes)});
    }
    if (!faults.empty()) refuse(std::move(faults));
    return changes;
  };
  co_return co_await edited(member, expected, add);
}

task<followed_plan> customisation::undo(uuid member, uuid change_id, std::optional<std::int64_t> expected) {
  const edit remove = [change_id](const followed_plan& now) {
    auto changes = now.overlay.changes;
    if (std::erase_if(changes, [&](const overlay_change& one) { return one.id == change_id; }) == 0)
      throw change_not_found();
    return changes;
  };
  co_return co_await edited(member, expected, remove);
}

task<followed_plan> customisation::undo_all(uuid member, std::optional<std::int64_t> expected) {
  const edit remove = [](const followed_plan&) { return std::vector<overlay_change>{}; };
  co_return co_await edited(member, expected, remove);
}

task<void> customisation::carry_over(uuid member) {
  auto kept = co_await parts_.overlays.find(member);
  if (!kept) co_return;
  const auto before = kept->plan_id;
  std::optional<followed_plan> now;
  try {
    now = co_await followed(member);
  } catch (const api_error& error) {
    // Put away, or the account is gone: nothing to carry it to.
    if (error.code() != error_code::plan_not_found && error.code() != error_code::not_found) throw;
  }
  if (!now || now->overlay.plan_id == before) co_return;
  now->overlay.updated_at = parts_.time.now();
  // Whoever changes it meanwhile carries it over by that.
  co_await store::wrote_first(parts_.overlays.save(std::move(now->overlay)));
}

}  // namespace nxg::training
