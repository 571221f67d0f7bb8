#include "services/meals/balance.hpp"

#include "models/day_rows.hpp"
#include "services/api_error.hpp"
#include "store/wrote_first.hpp"
#include "utilities/time_zones.hpp"

#include <cmath>

namespace nxg::meals {
namespace {

constexpr int most_rounds = 32;

std::optional<double> left(const std::optional<double>& target, double so_far) {
  if (!target) return std::nullopt;
  return std::round((*target - so_far) * 10) / 10;
}

}  // namespace

day_intake intake_of(const std::vector<meal>& eaten, const std::vector<water_entry>& drunk) {
  day_intake sum;
  for (const auto& one : eaten) {
    ++sum.meals;
    sum.unconfirmed_meals += one.counts() ? 0 : 1;
    sum.consumed = sum.consumed + one.content->totals;
  }
  for (const auto& one : drunk) sum.water_ml += one.milliliters;
  sum.consumed = rounded(sum.consumed);
  return sum;
}

remaining_intake remaining_of(const nutrition_targets& targets, const day_intake& so_far) {
  const auto& eaten = so_far.consumed;
  remaining_intake rest{left(targets.energy_kcal, eaten.energy_kcal), left(targets.carbs_g, eaten.carbs_g),
                        left(targets.protein_g, eaten.protein_g),     left(targets.fat_g, eaten.fat_g),
                        left(targets.fiber_g, eaten.fiber_g),         {}};
  if (targets.water_ml) rest.water_ml = *targets.water_ml - so_far.water_ml;
  return rest;
}

task<void> balance::set_day(uuid member, schema::local_date date) {
  const auto key = day_row_id(member, date);
  const coordination::coalescer::work work = [&] { return recompute(member, date); };
  co_await crowd_.run(key, work);
}

task<void> balance::recompute(uuid member, schema::local_date date) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await diaries_.find_day(member, date);
    const auto eaten = co_await diaries_.of_day(member, date);
    const auto drunk = co_await diaries_.water_of_day(member, date);
    auto sum = intake_of(eaten, drunk);
    if (found && found->intake.value() == sum) co_return;
    auto row = found.value_or(nutrition_day{.id = day_row_id(member, date), .member_id = member, .local_date = date});
    row.intake = sum;
    row.updated_at = time_.now();
    // Looked at again where it was written, too: meanwhile another process may have found the row as it should be.
    co_await store::wrote_first(diaries_.save(std::move(row)));
  }
  throw store::error{store::failure::busy, "a day of a diary is being changed by too many at once"};
}

task<balance::full_day> balance::today(uuid member) {
  auto who = co_await members_(member);
  if (!who) throw not_found("member");
  full_day day;
  day.sums.time_zone = who->time_zone.value();
  day.sums.date = utilities::local_date_at(time_.now(), day.sums.time_zone);
  day.meals = co_await diaries_.of_day(member, day.sums.date);
  const auto drunk = co_await diaries_.water_of_day(member, day.sums.date);
  day.sums.targets = co_await targets_(std::move(*who));
  day.sums.so_far = intake_of(day.meals, drunk);
  day.sums.remaining = remaining_of(day.sums.targets, day.sums.so_far);
  co_return day;
}

task<std::optional<day_balance>> balance::kept(uuid member, schema::local_date date) {
  auto who = co_await members_(member);
  if (!who) co_return std::nullopt;
  const auto row = co_await diaries_.find_day(member, date);
  day_balance day{.date = date, .time_zone = who->time_zone.value()};
  day.targets = co_await targets_(std::move(*who));
  if (row) day.so_far = row->intake.value();
  day.remaining = remaining_of(day.targets, day.so_far);
  co_return day;
}

}  // namespace nxg::meals
