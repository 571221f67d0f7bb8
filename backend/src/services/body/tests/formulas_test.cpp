#include "services/body/formulas.hpp"

#include "services/body/composition.hpp"
#include "services/body/energy_needs.hpp"
#include "services/body/strength.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace nxg::body {
namespace {

using testing::ElementsAre;

constexpr auto man = body_sex::male;
constexpr auto woman = body_sex::female;

double value(formula_id id, const formula_inputs& from) {
  const auto answer = calculate(id, from);
  EXPECT_TRUE(answer.value) << formula_of(id).name;
  return answer.value.value_or(-1);
}

TEST(formulas, are_all_published_once_and_say_where_they_come_from) {
  std::set<std::string> names;
  for (const auto& one : formulas()) {
    EXPECT_EQ(&formula_of(one.id), &one);
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_FALSE(one.source.empty() || one.unit.empty() || one.expression.empty() || one.valid_range.empty())
        << one.name;
  }
  EXPECT_EQ(formulas().size(), boost::mp11::mp_size<boost::describe::describe_enumerators<formula_id>>::value);
}

TEST(formulas, give_what_their_published_examples_say) {
  for (const auto& one : formulas()) {
    if (one.equation == nullptr) continue;
    EXPECT_FALSE(one.examples.empty()) << one.name;
    for (const auto& example : one.examples)
      EXPECT_NEAR(value(one.id, example.inputs), example.value, 6e-4) << one.name;
  }
}

TEST(golden_vectors, of_strength) {
  const auto of_five = [](formula_id by) { return one_rep_max(100, 5, by).value.value_or(-1); };
  EXPECT_NEAR(of_five(formula_id::one_rep_max_epley), 116.667, 5e-4);
  EXPECT_NEAR(of_five(formula_id::one_rep_max_brzycki), 112.500, 5e-4);
  EXPECT_NEAR(of_five(formula_id::one_rep_max_lombardi), 117.462, 5e-4);
  EXPECT_NEAR(of_five(formula_id::one_rep_max_oconner), 112.500, 5e-4);
  EXPECT_NEAR(of_five(formula_id::one_rep_max_mayhew), 119.011, 5e-4);
  EXPECT_NEAR(of_five(formula_id::one_rep_max_wathan), 116.583, 5e-4);
  EXPECT_NEAR(*one_rep_max(100, 10).value, 133.333, 5e-4);
  EXPECT_NEAR(*one_rep_max(100, 10, formula_id::one_rep_max_brzycki).value, 133.333, 5e-4);
  EXPECT_EQ(*one_rep_max(100, 1).value, 100);
  EXPECT_NEAR(value(formula_id::dots, {.weight_kg = 90, .sex = man, .total_kg = 500}), 323.300, 5e-4);
  EXPECT_NEAR(value(formula_id::dots, {.weight_kg = 60, .sex = woman, .total_kg = 300}), 332.564, 5e-4);
}

TEST(golden_vectors, of_energy_and_body) {
  const formula_inputs of_man{.weight_kg = 80, .height_cm = 180, .age_years = 30, .sex = man};
  EXPECT_EQ(value(formula_id::bmr_mifflin_st_jeor, of_man), 1780);
  EXPECT_EQ(value(formula_id::bmr_mifflin_st_jeor, {.weight_kg = 65, .height_cm = 165, .age_years = 30, .sex = woman}),
            1370.25);
  EXPECT_NEAR(value(formula_id::bmr_katch_mcardle, {.weight_kg = 80, .body_fat_percent = 15}), 1838.8, 1e-9);
  EXPECT_NEAR(value(formula_id::bmr_cunningham, {.weight_kg = 80, .body_fat_percent = 15}), 1996.0, 1e-9);
  EXPECT_NEAR(*tdee(calculate(formula_id::bmr_mifflin_st_jeor, of_man), activity_level::moderately_active).value, 2759,
              1e-9);
  EXPECT_NEAR(value(formula_id::bmi, of_man), 24.691, 5e-4);
  const formula_inputs tape_of_man{.height_cm = 180, .sex = man, .waist_cm = 90, .neck_cm = 40};
  const formula_inputs tape_of_woman{.height_cm = 165, .sex = woman, .waist_cm = 75, .hip_cm = 100, .neck_cm = 33};
  EXPECT_NEAR(value(formula_id::body_fat_navy_inch, tape_of_man), 18.462, 5e-4);
  EXPECT_NEAR(value(formula_id::body_fat_navy_inch, tape_of_woman), 29.739, 5e-4);
  EXPECT_NEAR(value(formula_id::body_fat_navy_cm, tape_of_man), 18.367, 5e-4);
  EXPECT_NEAR(value(formula_id::body_fat_navy_cm, tape_of_woman), 29.434, 5e-4);
  EXPECT_NEAR(value(formula_id::body_fat_deurenberg, {.age_years = 30, .sex = man, .bmi = 24.691}), 20.329, 5e-4);
  EXPECT_NEAR(value(formula_id::met_energy, {.weight_kg = 70, .met = 8}), 9.800, 5e-4);
  EXPECT_NEAR(value(formula_id::met_energy_net, {.weight_kg = 70, .met = 8}), 8.575, 5e-4);
  EXPECT_NEAR(value(formula_id::energy_keytel, {.weight_kg = 75, .age_years = 35, .sex = man, .heart_rate_bpm = 140}),
              13.193, 5e-4);
  EXPECT_NEAR(value(formula_id::energy_keytel, {.weight_kg = 60, .age_years = 35, .sex = woman, .heart_rate_bpm = 140}),
              8.895, 5e-4);
  EXPECT_NEAR(value(formula_id::vo2_running, {.speed_meters_per_minute = 10000.0 / 60, .grade_fraction = 0.01}), 38.333,
              5e-4);
  EXPECT_NEAR(value(formula_id::vo2_walking, {.speed_meters_per_minute = 5000.0 / 60, .grade_fraction = 0.05}), 19.333,
              5e-4);
  EXPECT_NEAR(value(formula_id::vo2_cycling, {.weight_kg = 75, .power_watts = 150}), 28.600, 5e-4);
  EXPECT_NEAR(value(formula_id::vo2_stepping, {.steps_per_minute = 24, .step_height_meters = 0.3}), 25.537, 5e-4);
  const double watts = value(formula_id::concept2_power, {.seconds_per_500_meters = 120});
  EXPECT_NEAR(watts, 202.546, 5e-4);
  EXPECT_NEAR(value(formula_id::concept2_energy, {.power_watts = watts}), 997.083, 5e-4);
  EXPECT_NEAR(value(formula_id::concept2_energy, {.weight_kg = 60, .power_watts = watts}),
              (997.083 - 300) * 60 / 79.5 + 300, 5e-3);
}

TEST(golden_vectors, of_revised_harris_benedict) {
  const auto of = [](double kg, std::optional<body_sex> sex) {
    return value(formula_id::bmr_harris_benedict_revised,
                 {.weight_kg = kg, .height_cm = 180, .age_years = 28, .sex = sex});
  };
  EXPECT_EQ(std::round(of(76, man)), 1811);
  EXPECT_EQ(std::round(of(78, man)), 1838);
  EXPECT_NEAR(of(76, std::nullopt), (of(76, man) + of(76, woman)) / 2, 1e-9);
}

TEST(strength, is_refused_above_twelve_repetitions_and_doubted_above_ten) {
  EXPECT_EQ(one_rep_max(100, 10).confidence, confidence::medium);
  EXPECT_EQ(one_rep_max(100, 11).confidence, confidence::low);
  EXPECT_EQ(one_rep_max(100, 12).confidence, confidence::low);
  for (const int reps : {0, -1, 13, 37, 100}) {
    const auto refused = one_rep_max(100, reps, formula_id::one_rep_max_brzycki);
    EXPECT_FALSE(refused.value) << reps;
    EXPECT_TRUE(refused.out_of_range) << reps;
    EXPECT_THAT(refused.outside, ElementsAre("reps")) << reps;
  }
  EXPECT_THAT(one_rep_max(0, 13).outside, ElementsAre("loadKg", "reps"));
}

TEST(strength, dots_take_no_body_weight_beyond_what_they_were_fitted_to) {
  EXPECT_EQ(value(formula_id::dots, {.weight_kg = 300, .sex = man, .total_kg = 500}),
            value(formula_id::dots, {.weight_kg = 210, .sex = man, .total_kg = 500}));
  EXPECT_EQ(value(formula_id::dots, {.weight_kg = 30, .sex = woman, .total_kg = 100}),
            value(formula_id::dots, {.weight_kg = 40, .sex = woman, .total_kg = 100}));
  EXPECT_EQ(value(formula_id::dots, {.weight_kg = 200, .sex = woman, .total_kg = 100}),
            value(formula_id::dots, {.weight_kg = 150, .sex = woman, .total_kg = 100}));
}

TEST(an_estimate, without_an_input_has_no_value_and_names_what_is_missing) {
  const auto answer = calculate(formula_id::bmr_harris_benedict_revised, {.weight_kg = 80});
  EXPECT_FALSE(answer.value);
  EXPECT_FALSE(answer.out_of_range);
  EXPECT_FALSE(answer.confidence);
  EXPECT_THAT(answer.missing, ElementsAre("heightCm", "ageYears"));
}

TEST(an_estimate, names_everything_that_is_out_of_range) {
  const auto answer =
      calculate(formula_id::bmr_mifflin_st_jeor, {.weight_kg = 700, .height_cm = 180, .age_years = 90, .sex = man});
  EXPECT_FALSE(answer.value);
  EXPECT_TRUE(answer.out_of_range);
  EXPECT_THAT(answer.outside, ElementsAre("weightKg", "ageYears"));
}

TEST(an_estimate, carries_the_inputs_the_formula_takes_and_no_others) {
  const auto answer = calculate(formula_id::bmi, {.weight_kg = 80, .height_cm = 180, .sex = man, .waist_cm = 90});
  EXPECT_EQ(answer.inputs, (formula_inputs{.weight_kg = 80, .height_cm = 180}));
}

TEST(an_estimate, for_a_sex_not_given_is_the_mean_with_both_and_of_low_confidence) {
  const auto answer = calculate(formula_id::body_fat_deurenberg, {.age_years = 30, .sex = std::nullopt, .bmi = 24.691});
  ASSERT_TRUE(answer.by_sex);
  EXPECT_NEAR(answer.by_sex->male, 20.329, 5e-4);
  EXPECT_NEAR(answer.by_sex->female, 31.129, 5e-4);
  EXPECT_NEAR(*answer.value, 25.729, 5e-4);
  EXPECT_EQ(answer.confidence, confidence::low);
}

TEST(an_estimate, for_adults_refuses_minors) {
  for (const auto& one : formulas()) {
    if (!one.adults_only || one.equation == nullptr) continue;
    auto inputs = one.examples.front().inputs;
    inputs.age_years = 17;
    const auto refused = calculate(one.id, inputs);
    EXPECT_FALSE(refused.value) << one.name;
    EXPECT_TRUE(refused.out_of_range) << one.name;
    EXPECT_THAT(refused.outside, ElementsAre("ageYears")) << one.name;
  }
}

TEST(an_estimate, of_energy_at_rest_is_given_from_sixteen_years_on) {
  const formula_inputs young{.weight_kg = 60, .height_cm = 170, .age_years = 16, .sex = man};
  EXPECT_TRUE(calculate(formula_id::bmr_harris_benedict_revised, young).value);
  auto too_young = young;
  too_young.age_years = 15;
  EXPECT_TRUE(calculate(formula_id::bmr_harris_benedict_revised, too_young).out_of_range);
}

TEST(body_fat, by_a_tape_that_cannot_be_right_has_no_value) {
  for (const auto by : {formula_id::body_fat_navy_cm, formula_id::body_fat_navy_inch}) {
    const auto refused = calculate(by, {.height_cm = 180, .sex = man, .waist_cm = 40, .neck_cm = 45});
    EXPECT_FALSE(refused.value);
    EXPECT_THAT(refused.outside, ElementsAre("value"));
    const auto thin = calculate(by, {.height_cm = 200, .sex = man, .waist_cm = 50, .neck_cm = 49});
    EXPECT_FALSE(thin.value) << *thin.value;
  }
}

TEST(body_fat, by_a_tape_asks_women_and_those_who_do_not_say_for_the_hip) {
  formula_inputs tape{.height_cm = 165, .waist_cm = 75, .neck_cm = 33};
  EXPECT_THAT(calculate(formula_id::body_fat_navy_cm, tape).missing, ElementsAre("hipCm"));
  tape.sex = man;
  tape.hip_cm = 9000;  // of no matter to a man's
  EXPECT_TRUE(calculate(formula_id::body_fat_navy_cm, tape).value);
}

TEST(categories, change_at_their_cuts) {
  EXPECT_EQ(category_of(18.49), bmi_category::underweight);
  EXPECT_EQ(category_of(18.5), bmi_category::normal_weight);
  EXPECT_EQ(category_of(25), bmi_category::overweight);
  EXPECT_EQ(category_of(30), bmi_category::obesity);
  EXPECT_EQ(class_of(15.9), bmi_class::severe_thinness);
  EXPECT_EQ(class_of(16), bmi_class::moderate_thinness);
  EXPECT_EQ(class_of(17), bmi_class::mild_thinness);
  EXPECT_EQ(class_of(24.99), bmi_class::normal_range);
  EXPECT_EQ(class_of(29.9), bmi_class::pre_obese);
  EXPECT_EQ(class_of(35), bmi_class::obese_class_2);
  EXPECT_EQ(class_of(40), bmi_class::obese_class_3);
  EXPECT_EQ(asian_action_points_passed(22.9), 0);
  EXPECT_EQ(asian_action_points_passed(27.5), 2);
  EXPECT_EQ(asian_action_points_passed(40), 4);
  EXPECT_EQ(band_of_waist(93.9, man), waist_band::usual);
  EXPECT_EQ(band_of_waist(94, man), waist_band::increased);
  EXPECT_EQ(band_of_waist(88, woman), waist_band::substantially_increased);
}

TEST(water, is_thirty_five_millilitres_a_kilogram_and_nothing_without_a_weight) {
  EXPECT_EQ(*water_target(70).value, 2450);
  EXPECT_FALSE(water_target(std::nullopt).value);
  EXPECT_TRUE(water_target(300).out_of_range);
}

}  // namespace
}  // namespace nxg::body
