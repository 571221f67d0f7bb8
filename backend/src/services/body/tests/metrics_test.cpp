#include "services/body/metrics.hpp"

#include "services/accounts/tests/identity_fixture.hpp"

#include <gmock/gmock.h>

namespace nxg::body {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

body_changes weight(double kg) { return {.weight_kg = kg}; }

struct body_metrics : identity_test {
  body_metrics() { member = make_member("anna").user.id; }

  metrics& bodies() { return people->bodies; }
  body_state change(body_changes given) {
    time.advance(std::chrono::seconds{1});
    return run(bodies().change(member, std::move(given), {}, std::nullopt));
  }
  void consent() {
    consent_decision decision{.version = std::string{"1"}, .granted = true};
    run(people->accounts().decide_consent({.id = member}, decision, origin));
  }
  std::vector<body_record> records() { return run(bodies().history(member, {}, 100, std::nullopt)).items; }
  user account() { return *run(people->users.find(member)); }
  /// What a process does that dies between the account and the history.
  body_record change_and_die(double kg) {
    const auto before = account();
    time.advance(std::chrono::seconds{1});
    auto written = run(bodies().prepare(before, weight(kg), {}));
    profile_changes changes{.weight_kg = kg, .record = written};
    run(people->users.change_profile(member, changes, time.now(), before.version));
    return written;
  }

  uuid member;
};

TEST_F(body_metrics, that_change_are_one_record_each_with_what_was_calculated) {
  change({.height_cm = 180, .weight_kg = 80});
  const auto state = change({.weight_kg = 79, .gender = gender::male});
  EXPECT_EQ(state.calculated.bmi, 24.38);
  EXPECT_EQ(state.calculated.bmi_category, bmi_category::normal_weight);
  EXPECT_FALSE(state.calculated.bmr);  // nobody said how old she is

  const auto kept = records();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_THAT(kept[0].changed, ElementsAre("weightKg", "gender"));
  EXPECT_THAT(kept[1].changed, ElementsAre("heightCm", "weightKg"));
  EXPECT_EQ(static_cast<double>(*kept[0].values->height_cm), 180);
  EXPECT_EQ(kept[0].calculated->bmi, 24.38);
  EXPECT_EQ(kept[1].calculated->bmi, 24.69);
  EXPECT_EQ(kept[1].calculated->estimates.front().inputs.weight_kg, 80);
}

TEST_F(body_metrics, merge_what_is_given_into_what_is_known) {
  consent();
  body_changes first;
  first.composition.body_fat_percentage = 20.0;
  first.measurements.waist_cm = 90.0;
  change(first);
  body_changes second;
  second.composition.skeletal_muscle_mass_kg = 35.0;
  const auto state = change(second);
  EXPECT_EQ(static_cast<double>(*state.values.composition.body_fat_percentage), 20);
  EXPECT_EQ(static_cast<double>(*state.values.composition.skeletal_muscle_mass_kg), 35);
  EXPECT_EQ(static_cast<double>(*state.values.measurements.waist_cm), 90);
  EXPECT_THAT(records()[0].changed, ElementsAre("skeletalMuscleMassKg"));
}

TEST_F(body_metrics, that_were_measured_need_a_consent) {
  body_changes measured;
  measured.composition.body_fat_percentage = 20.0;
  EXPECT_EQ(refusal(bodies().change(member, measured, {}, std::nullopt)), error_code::consent_required);
  EXPECT_EQ(refusal(bodies().record(member, measured, metric_source::body_scan)), error_code::consent_required);
  EXPECT_THAT(records(), IsEmpty());
  consent();
  const auto state = run(bodies().record(member, measured, metric_source::body_scan));
  EXPECT_EQ(records().at(0).source, metric_source::body_scan);
}

TEST_F(body_metrics, of_one_scan_are_recorded_once) {
  const auto scan = uuid::derived_from("scan");
  run(bodies().record(member, weight(80), metric_source::body_scan, scan));
  run(bodies().record(member, weight(80), metric_source::body_scan, scan));
  change(weight(79));
  run(bodies().record(member, weight(80), metric_source::body_scan, scan));
  EXPECT_EQ(records().size(), 2U);
  EXPECT_EQ(static_cast<double>(account().weight_kg->value()), 79);
}

TEST_F(body_metrics, are_refused_empty_for_nobody_and_at_another_version) {
  EXPECT_EQ(refusal(bodies().change(member, {}, {}, std::nullopt)), error_code::invalid_request);
  EXPECT_EQ(refusal(bodies().change(uuid{}, weight(80), {}, std::nullopt)), error_code::not_found);
  EXPECT_EQ(refusal(bodies().change(member, weight(80), {}, account().version + 1)), error_code::precondition_failed);
  EXPECT_THAT(records(), IsEmpty());
  EXPECT_FALSE(account().weight_kg);
}

TEST_F(body_metrics, of_a_process_that_died_come_into_the_history_once_by_the_event) {
  const auto written = change_and_die(80);
  EXPECT_THAT(records(), IsEmpty());
  const body_metrics_changed event{member, written.id, written.changed};
  for (int times = 0; times < 3; ++times) {
    const auto newest = run(bodies().complete(event));
    ASSERT_TRUE(newest);
    EXPECT_EQ(newest->id, written.id);
  }
  ASSERT_EQ(records().size(), 1U);
  EXPECT_EQ(records()[0].id, written.id);
}

TEST_F(body_metrics, of_a_process_that_died_come_into_the_history_before_the_next_ones) {
  const auto first = change_and_die(80);
  change(weight(79));
  const auto kept = records();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].id, first.id);
  // The event that comes late finds another record in the account, and does no harm.
  run(bodies().complete({member, first.id, first.changed}));
  EXPECT_EQ(records().size(), 2U);
}

TEST_F(body_metrics, keep_their_order_when_clocks_do_not_agree) {
  change(weight(80));
  auto before = account();
  auto ahead = before.last_body_record->value();
  ahead.recorded_at = time.now() + std::chrono::hours{1};
  before.last_body_record = ahead;
  EXPECT_GT(run(bodies().prepare(before, weight(79), {})).recorded_at, ahead.recorded_at);
}

TEST_F(body_metrics, in_a_profile_are_recorded_when_they_are_new) {
  profile_update form;
  form.height_cm = 171.0;
  form.weight_kg = 66.0;
  run(people->accounts().update_own({.id = member}, form, std::nullopt, origin));
  ASSERT_EQ(records().size(), 1U);
  EXPECT_THAT(records()[0].changed, ElementsAre("heightCm", "weightKg"));
  form.weight_kg = 65.0;
  time.advance(std::chrono::seconds{1});
  run(people->accounts().update_own({.id = member}, form, std::nullopt, origin));
  run(people->accounts().update_own({.id = member}, form, std::nullopt, origin));
  ASSERT_EQ(records().size(), 2U);
  EXPECT_THAT(records()[0].changed, ElementsAre("weightKg"));
}

TEST_F(body_metrics, that_are_unusual_are_kept_and_named) {
  const auto codes = [](const body_state& state) {
    std::vector<std::string> found;
    for (const auto& one : state.warnings) found.push_back(one.code);
    return found;
  };
  consent();
  change({.height_cm = 180, .weight_kg = 80});
  body_changes odd;
  odd.weight_kg = 150.0;
  odd.composition.body_fat_percentage = 4.0;
  odd.composition.skeletal_muscle_mass_kg = 20.0;
  EXPECT_THAT(codes(change(odd)),
              ElementsAre("bmi_unusual", "body_fat_unusual", "muscle_share_unusual", "weight_changed_much"));
  EXPECT_EQ(records().size(), 2U);
}

TEST_F(body_metrics, progress_is_told_between_the_newest_two_and_over_the_range) {
  consent();
  body_changes first{.height_cm = 180, .weight_kg = 80};
  change(first);
  body_changes second{.weight_kg = 78};
  second.composition.body_fat_percentage = 20.0;
  change(second);
  body_changes third{.weight_kg = 76};
  third.composition.body_fat_percentage = 18.0;
  change(third);
  const auto report = run(bodies().progress_of(member, {}, {}));
  ASSERT_TRUE(report.last_change && report.range);
  EXPECT_EQ(report.last_change->weight, (metric_change{78, 76, -2, -2.56}));
  EXPECT_EQ(report.last_change->body_fat, (metric_change{20, 18, -2, -10}));
  EXPECT_FALSE(report.last_change->muscle_mass);
  EXPECT_FALSE(report.last_change->bmi->percent);
  EXPECT_EQ(report.range->weight, (metric_change{80, 76, -4, -5}));
  // Never measured at first is no loss of all of it.
  EXPECT_FALSE(report.range->body_fat);

  const auto some = run(bodies().progress_of(member, {}, {metric::weight}));
  EXPECT_TRUE(some.range->weight);
  EXPECT_FALSE(some.range->bmi);
}

TEST_F(body_metrics, progress_of_one_record_is_none) {
  change(weight(80));
  const auto report = run(bodies().progress_of(member, {}, {}));
  EXPECT_FALSE(report.last_change);
  EXPECT_FALSE(report.range);
}

TEST_F(body_metrics, make_targets_that_are_kept_until_they_are_old) {
  EXPECT_EQ(refusal(bodies().recalculate_macros(member, formula_id::bmr_harris_benedict_revised)),
            error_code::profile_incomplete);
  profile_update form;
  form.height_cm = 180.0;
  form.weight_kg = 80.0;
  form.target_weight_kg = 75.0;
  form.gender = gender::male;
  form.date_of_birth = schema::local_date{std::chrono::year{1990} / 1 / 1};
  form.activity_level = activity_level::moderately_active;
  form.goal = training_goal::maintenance;
  run(people->accounts().update_own({.id = member}, form, std::nullopt, origin));
  const auto before = time.now();
  const auto state = run(bodies().recalculate_macros(member, formula_id::bmr_harris_benedict_revised));
  ASSERT_TRUE(state.account.current_macros);
  EXPECT_EQ(state.account.current_macros->value().protein_g, 120);
  EXPECT_GE(*state.account.macros_valid_until, before + macros_valid_for);
  EXPECT_LE(*state.account.macros_valid_until, time.now() + macros_valid_for);
  EXPECT_EQ(account().current_macros->value(), state.account.current_macros->value());
}

}  // namespace
}  // namespace nxg::body
