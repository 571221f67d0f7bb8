#include "services/body/metrics.hpp"

#include "schema/reflection.hpp"
#include "services/api_error.hpp"
#include "store/errors.hpp"
#include "utilities/time_zones.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace nxg::body {
namespace {

using namespace std::chrono_literals;

constexpr int most_rounds = 8;

api_error health_consent_needed() {
  return {error_code::consent_required,
          "What was measured of your body is kept only with your consent: record consent of type health_data first."};
}

api_error macros_need(const std::vector<std::string>& missing) {
  std::vector<field_error> fields;
  for (const auto& name : missing) {
    // The profile has the date, not the age.
    const std::string field = name == "ageYears" ? "dateOfBirth" : name;
    fields.push_back({"/" + field, "required", "is missing in the profile"});
  }
  return api_error{error_code::profile_incomplete, "Complete your profile first: targets are made from it."}
      .with_fields(std::move(fields));
}

api_error out_of_range(const std::vector<std::string>& outside) {
  std::vector<field_error> fields;
  for (const auto& name : outside) fields.push_back({"/" + name, "out_of_range", "is outside the formula's range"});
  return api_error{error_code::figures_out_of_range,
                   "The formula does not hold for this body; another one may (`formula`)."}
      .with_fields(std::move(fields));
}

// Calls `each(member, name)` for the members of Part.
template <class Part, class Each>
void for_each_member(Each each) {
  using members = boost::describe::describe_members<Part, boost::describe::mod_public>;
  boost::mp11::mp_for_each<members>(
      [&](auto described) { each(described.pointer, schema::detail::key_of<decltype(described)>::key); });
}

template <class Part>
void merge(Part& into, const Part& given) {
  for_each_member<Part>([&](auto member, std::string_view) {
    if (given.*member) into.*member = given.*member;
  });
}

template <class Part>
void add_names(std::vector<std::string>& names, const Part& given) {
  for_each_member<Part>([&](auto member, std::string_view name) {
    if (given.*member) names.emplace_back(name);
  });
}

bool measures_something(const body_changes& given) {
  std::vector<std::string> names;
  add_names(names, given.composition);
  add_names(names, given.measurements);
  return !names.empty();
}

body_values merged(body_values values, const body_changes& given) {
  if (given.height_cm) values.height_cm = given.height_cm;
  if (given.weight_kg) values.weight_kg = given.weight_kg;
  if (given.target_weight_kg) values.target_weight_kg = given.target_weight_kg;
  merge(values.composition, given.composition);
  merge(values.measurements, given.measurements);
  return values;
}

// A store that fails now does not undo what is kept already: what was to follow comes by the event.
bool follows_later(const store::error& failed) {
  return failed.is(store::failure::unavailable) || failed.is(store::failure::busy) ||
         failed.is(store::failure::outcome_unknown);
}

double two_decimals(double value) { return std::round(value * 100) / 100; }

template <class Value>
std::optional<metric_change> change_of(const std::optional<Value>& from, const std::optional<Value>& to,
                                       bool in_percent) {
  if (!from || !to) return std::nullopt;
  const double before = static_cast<double>(*from);
  const double after = static_cast<double>(*to);
  metric_change made{before, after, two_decimals(after - before)};
  if (in_percent) made.percent = before == 0 ? 0 : two_decimals((after - before) / before * 100);
  return made;
}

body_record_range moments_of(const day_range& days, std::string_view zone) {
  using std::chrono::sys_days;
  using namespace std::chrono;
  // Nothing was recorded outside of these; what a store can hold ends soon after them.
  constexpr instant earliest = sys_days{1970y / 1 / 1};
  constexpr instant latest = sys_days{9999y / 12 / 31};
  body_record_range made{earliest, latest};
  if (days.start) made.from = std::clamp(utilities::start_of_day(*days.start, zone), earliest, latest);
  if (days.end) {
    const schema::local_date next = std::chrono::sys_days{*days.end} + std::chrono::days{1};
    made.to = std::clamp(utilities::start_of_day(next, zone) - 1ms, earliest, latest);
  }
  return made;
}

}  // namespace

std::vector<std::string> names_of(const body_changes& given) {
  std::vector<std::string> names;
  const auto look = [&](bool is_given, const char* name) {
    if (is_given) names.emplace_back(name);
  };
  look(given.height_cm.has_value(), "heightCm");
  look(given.weight_kg.has_value(), "weightKg");
  look(given.target_weight_kg.has_value(), "targetWeightKg");
  look(given.gender.has_value(), "gender");
  look(given.activity_level.has_value(), "activityLevel");
  add_names(names, given.composition);
  add_names(names, given.measurements);
  look(given.notes.has_value(), "notes");
  return names;
}

progress progress_between(const body_record& from, const body_record& to, const std::vector<metric>& which) {
  const auto wanted = [&](metric one) { return which.empty() || std::ranges::find(which, one) != which.end(); };
  const auto& before = from.values.value();
  const auto& after = to.values.value();
  progress made{from.recorded_at, to.recorded_at};
  if (wanted(metric::weight)) made.weight = change_of(before.weight_kg, after.weight_kg, true);
  if (wanted(metric::body_fat))
    made.body_fat = change_of(before.composition.body_fat_percentage, after.composition.body_fat_percentage, true);
  if (wanted(metric::muscle_mass)) {
    made.muscle_mass =
        change_of(before.composition.skeletal_muscle_mass_kg, after.composition.skeletal_muscle_mass_kg, true);
  }
  if (wanted(metric::bmi)) made.bmi = change_of(from.calculated->bmi, to.calculated->bmi, false);
  if (wanted(metric::visceral_fat))
    made.visceral_fat = change_of(before.composition.visceral_fat_level, after.composition.visceral_fat_level, false);
  if (wanted(metric::bmr)) made.bmr = change_of(from.calculated->bmr, to.calculated->bmr, false);
  return made;
}

task<user> metrics::account_of(uuid member) {
  auto account = co_await users_.find(member);
  if (!account || account->status == account_status::erased) throw not_found("account");
  co_return std::move(*account);
}

body_state metrics::state_of(user account, formula_id bmr) const {
  auto values = values_of(account, time_.now());
  auto calculated = calculate_metrics(inputs_of(values, account.gender), account.activity_level, bmr);
  auto warnings = warnings_of(values);
  return {std::move(account), values, std::move(calculated), std::move(warnings)};
}

task<body_state> metrics::current(uuid member, formula_id bmr) {
  auto account = co_await account_of(member);
  co_return state_of(std::move(account), bmr);
}

task<body_record> metrics::prepare(const user& account, const body_changes& given, body_origin from) {
  const auto now = time_.now();
  // The one before must be in the history before this one takes its place in the account.
  auto earliest = now;
  if (account.last_body_record) {
    const auto& before = account.last_body_record->value();
    co_await records_.keep(before);
    // Clocks of processes differ; the order of a member's records does not.
    earliest = std::max(now, before.recorded_at + 1ms);
  }
  body_record made{
      .id = from.record_id.value_or(uuid::version_7(now, random_)), .member_id = account.id, .recorded_at = earliest};
  made.source = from.source;
  made.entered_by = from.entered_by;
  made.changed = names_of(given);
  auto values = merged(values_of(account, now), given);
  const auto gender = given.gender ? given.gender : account.gender;
  const auto activity = given.activity_level ? given.activity_level : account.activity_level;
  made.calculated = calculate_metrics(inputs_of(values, gender), activity);
  made.values = values;
  if (given.notes) made.notes = *given.notes;
  co_return made;
}

task<void> metrics::settle(body_record written) {
  try {
    co_await records_.keep(std::move(written));
  } catch (const store::error& failed) {
    if (!follows_later(failed)) throw;
  }
}

task<body_state> metrics::change(uuid member, body_changes given, body_origin from,
                                 std::optional<std::int64_t> expected) {
  if (names_of(given).empty()) throw invalid_field("", "empty", "must have at least one value");
  for (int round = 0; round < most_rounds; ++round) {
    const auto account = co_await account_of(member);
    if (expected && account.version != *expected) throw lost_race();
    if (measures_something(given) && !account.consents_to(consent_kind::health_data)) throw health_consent_needed();
    if (from.record_id) {
      const bool repeated = co_await has_record(account, *from.record_id);
      if (repeated) co_return state_of(account, formula_id::bmr_harris_benedict_revised);
    }
    auto written = co_await prepare(account, given, from);
    profile_changes changes{.gender = given.gender,
                            .height_cm = given.height_cm,
                            .weight_kg = given.weight_kg,
                            .target_weight_kg = given.target_weight_kg,
                            .activity_level = given.activity_level,
                            .record = written};
    std::optional<user> changed;
    try {
      changed = co_await users_.change_profile(member, std::move(changes), time_.now(), account.version);
    } catch (const store::error& refused) {
      if (refused.is(store::failure::not_found)) throw not_found("account");
      if (!refused.is(store::failure::version_conflict)) throw;
    }
    if (!changed) continue;
    co_await settle(std::move(written));
    auto state = state_of(std::move(*changed), formula_id::bmr_harris_benedict_revised);
    std::optional<double> weight_before;
    if (account.weight_kg) weight_before = static_cast<double>(account.weight_kg->value());
    state.warnings = warnings_of(state.values, weight_before);
    co_return state;
  }
  throw busy();
}

task<bool> metrics::has_record(const user& account, uuid id) {
  if (account.last_body_record && account.last_body_record->value().id == id) co_return true;
  const auto kept = co_await records_.find(id);
  co_return kept.has_value();
}

task<body_state> metrics::record(uuid member, body_changes values, metric_source source, std::optional<uuid> measured) {
  body_origin from{.source = source};
  if (measured) from.record_id = uuid::derived_from("body-record:" + measured->to_string());
  return change(member, std::move(values), from, std::nullopt);
}

task<body_state> metrics::recalculate_macros(uuid member, formula_id bmr) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto account = co_await account_of(member);
    const auto now = time_.now();
    const auto targets = macro_targets_of(macro_basis_of(account, now, bmr));
    if (!targets.missing.empty()) throw macros_need(targets.missing);
    if (!targets.calories) throw out_of_range(targets.bmr.outside);
    std::optional<user> changed;
    try {
      changed = co_await users_.set_macros(member, targets, now + macros_valid_for, now, account.version);
    } catch (const store::error& refused) {
      if (refused.is(store::failure::not_found)) throw not_found("account");
      if (!refused.is(store::failure::version_conflict)) throw;
    }
    if (changed) co_return state_of(std::move(*changed), bmr);
  }
  throw busy();
}

task<store::page<body_record>> metrics::history(uuid member, day_range within, std::size_t limit,
                                                std::optional<std::string> after) {
  const auto account = co_await account_of(member);
  co_return co_await records_.history(member, moments_of(within, account.time_zone.value()), limit, std::move(after));
}

task<progress_report> metrics::progress_of(uuid member, day_range within, std::vector<metric> which) {
  const auto account = co_await account_of(member);
  const auto range = moments_of(within, account.time_zone.value());
  progress_report report;
  const auto newest = co_await records_.history(member, range, 2, std::nullopt);
  if (newest.items.size() < 2) co_return report;
  report.last_change = progress_between(newest.items[1], newest.items[0], which);
  const auto oldest = co_await records_.oldest(member, range);
  if (oldest) report.range = progress_between(*oldest, newest.items[0], which);
  co_return report;
}

task<std::optional<body_record>> metrics::complete(body_metrics_changed event) {
  std::optional<body_record> newest;
  const auto account = co_await users_.find(event.member_id);
  if (!account || account->status == account_status::erased || !account->last_body_record) co_return newest;
  newest = account->last_body_record->value();
  // Another one by now: who put it there has seen to this one.
  if (event.record_id == newest->id) co_await records_.keep(*newest);
  co_return newest;
}

}  // namespace nxg::body
