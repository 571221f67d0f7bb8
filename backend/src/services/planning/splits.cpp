#include "services/planning/splits.hpp"

#include <algorithm>

namespace nxg::planning {
namespace {

using enum muscle;
using enum mechanic_kind;

const day_template full_body_a{"Full Body A",
                               {{{quadriceps}, compound},
                                {{muscle::chest}, compound},
                                {{middle_back}, compound},
                                {{hamstrings}, isolation},
                                {{muscle::shoulders}, compound},
                                {{abdominals}, isolation}}};
const day_template full_body_b{"Full Body B",
                               {{{hamstrings, glutes}, compound},
                                {{lats}, compound},
                                {{muscle::chest}, compound},
                                {{quadriceps}, isolation},
                                {{biceps}, isolation},
                                {{triceps}, isolation},
                                {{abdominals}, isolation}}};
const day_template full_body_c{"Full Body C",
                               {{{quadriceps, glutes}, compound},
                                {{muscle::shoulders}, compound},
                                {{lats, middle_back}, compound},
                                {{muscle::chest}, isolation},
                                {{calves}, isolation},
                                {{abdominals}, isolation}}};
const day_template push{"Push",
                        {{{muscle::chest}, compound},
                         {{muscle::shoulders}, compound},
                         {{muscle::chest}, isolation},
                         {{muscle::shoulders}, isolation},
                         {{triceps}, isolation},
                         {{triceps}, compound}}};
const day_template pull{"Pull",
                        {{{lats}, compound},
                         {{middle_back}, compound},
                         {{lats, middle_back}, compound},
                         {{traps}, isolation},
                         {{biceps}, isolation},
                         {{biceps}, isolation}}};
const day_template legs{"Legs",
                        {{{quadriceps}, compound},
                         {{hamstrings}, compound},
                         {{quadriceps}, isolation},
                         {{glutes, hamstrings}, isolation},
                         {{calves}, isolation},
                         {{abdominals}, isolation}}};
const day_template upper{"Upper Body",
                         {{{muscle::chest}, compound},
                          {{lats}, compound},
                          {{muscle::shoulders}, compound},
                          {{middle_back}, compound},
                          {{biceps}, isolation},
                          {{triceps}, isolation}}};
const day_template lower{"Lower Body",
                         {{{quadriceps}, compound},
                          {{hamstrings}, compound},
                          {{glutes}, isolation},
                          {{quadriceps}, isolation},
                          {{calves}, isolation},
                          {{abdominals}, isolation}}};
const day_template arms_and_core{"Arms and Core",
                                 {{{biceps}, isolation},
                                  {{triceps}, compound},
                                  {{biceps}, isolation},
                                  {{triceps}, isolation},
                                  {{abdominals}, isolation},
                                  {{abdominals}, compound}}};

}  // namespace

std::vector<const day_template*> split_for(std::int32_t days, difficulty_level level) {
  switch (days) {
    case 1: return {&full_body_a};
    case 2: return {&full_body_a, &full_body_b};
    case 3:
      // Beginners progress faster when every muscle is trained each time (position stand, see rule_based_plan.hpp).
      if (level == difficulty_level::beginner) return {&full_body_a, &full_body_b, &full_body_c};
      return {&push, &pull, &legs};
    case 4: return {&upper, &lower, &upper, &lower};
    case 5: return {&push, &pull, &legs, &upper, &arms_and_core};
    case 6: return {&push, &pull, &legs, &push, &pull, &legs};
    default: return {&push, &pull, &legs, &push, &pull, &legs, &arms_and_core};
  }
}

std::vector<std::int32_t> training_weekdays(std::int32_t days, std::optional<std::int32_t> rest_day) {
  if (!rest_day && days >= 7) return {1, 2, 3, 4, 5, 6, 7};
  const auto rest = rest_day.value_or(7);
  const auto count = std::min(days, 6);
  std::vector<std::int32_t> chosen;
  for (std::int32_t i = 0; i < count; ++i) {
    const auto after_rest = i * 6 / count;
    chosen.push_back((rest + after_rest) % 7 + 1);
  }
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace nxg::planning
