#include "services/training/progression.hpp"

#include "services/training/one_rep_max.hpp"
#include "services/training/week.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace nxg::training {
namespace {

constexpr double easy_enough = 8;
constexpr double lighter = 0.9;
constexpr std::chrono::days long_pause{21};
constexpr int rising_weeks = 4;

/// The smallest step of weight on that equipment; nothing where there is none.
std::optional<double> smallest_step(const std::optional<equipment_kind>& equipment) {
  if (!equipment) return std::nullopt;
  switch (*equipment) {
    case equipment_kind::barbell:
    case equipment_kind::e_z_curl_bar:
    case equipment_kind::cable:
    case equipment_kind::machine: return 2.5;
    case equipment_kind::dumbbell: return 2.0;
    case equipment_kind::kettlebells: return 4.0;
    case equipment_kind::body_only:
    case equipment_kind::bands:
    case equipment_kind::medicine_ball:
    case equipment_kind::exercise_ball:
    case equipment_kind::foam_roll:
    case equipment_kind::other: return std::nullopt;
  }
  return std::nullopt;
}

// Steps as they are on the rack; a hair of slack for what arithmetic does to 2.5.
double up_to_step(double kilograms, double step) { return std::ceil(kilograms / step - 1e-9) * step; }
double down_to_step(double kilograms, double step) { return std::floor(kilograms / step + 1e-9) * step; }

double weight_of(const logged_set& set) { return set.weight_kg.value_or(0); }

/// The sets at the heaviest weight of a day: those that decide.
std::vector<logged_set> deciding_sets(const trained_day& day) {
  double heaviest = 0;
  for (const auto& set : day.sets) heaviest = std::max(heaviest, weight_of(set));
  std::vector<logged_set> result;
  for (const auto& set : day.sets) {
    if (weight_of(set) == heaviest) result.push_back(set);
  }
  return result;
}

class adviser {
 public:
  explicit adviser(const progression_facts& facts) : facts_{facts} {
    if (!facts.days.empty()) sets_ = deciding_sets(facts.days.front());
  }

  progression_advice run() {
    advice_.confidence = how_sure();
    advice_.recommended_sets = facts_.asked.sets;
    if (facts_.days.empty()) return start();
    const bool timed = std::ranges::none_of(sets_, [](const logged_set& set) { return set.reps.has_value(); });
    weight_ = weight_of(sets_.front());
    advice_.recommended_weight_kg = weight_ > 0 ? std::optional{weight_} : std::nullopt;
    const std::chrono::sys_days last{facts_.days.front().date};
    if (std::chrono::sys_days{facts_.today} - last > long_pause) return come_back(timed);
    if (timed) return run_timed();
    if (rising()) return lighter_week();
    if (missed(0) && facts_.days.size() > 1 && missed(1)) return deload();
    advice_.recommended_reps = facts_.asked.reps_min;
    if (missed(0))
      return say(progression_step::repeat,
                 fmt::format("Not every set reached {} repetitions: the same weight again.", facts_.asked.reps_min));
    if (too_few_sets()) {
      advice_.recommended_reps = least_reps();
      return say(progression_step::repeat, fmt::format("Only {} of {} sets were done: the same again, all of them.",
                                                       sets_.size(), *facts_.asked.sets));
    }
    if (at_top(0)) return from_the_top();
    return one_more();
  }

 private:
  progression_advice say(progression_step step, std::string why) {
    advice_.step = step;
    advice_.rationale = std::move(why);
    return advice_;
  }

  [[nodiscard]] confidence how_sure() const {
    constexpr std::size_t enough = 3;
    if (facts_.days.size() < enough) return confidence::low;
    for (std::size_t i = 0; i < enough; ++i) {
      if (!all_rated(deciding_sets(facts_.days[i]))) return confidence::medium;
    }
    return confidence::high;
  }
  static bool all_rated(const std::vector<logged_set>& sets) {
    return std::ranges::all_of(sets, [](const logged_set& set) { return set.rpe.has_value(); });
  }

  [[nodiscard]] bool missed(std::size_t day) const {
    return std::ranges::any_of(deciding_sets(facts_.days[day]),
                               [&](const logged_set& set) { return set.reps.value_or(0) < facts_.asked.reps_min; });
  }
  [[nodiscard]] bool at_top(std::size_t day) const {
    return std::ranges::all_of(deciding_sets(facts_.days[day]),
                               [&](const logged_set& set) { return set.reps.value_or(0) >= facts_.asked.reps_max; });
  }
  [[nodiscard]] bool too_few_sets() const {
    return facts_.asked.sets && static_cast<std::int32_t>(sets_.size()) < *facts_.asked.sets;
  }
  [[nodiscard]] std::int32_t least_reps() const {
    return std::ranges::min(sets_, {}, [](const logged_set& set) { return set.reps.value_or(0); }).reps.value_or(0);
  }
  [[nodiscard]] bool easy() const {
    return std::ranges::all_of(sets_, [](const logged_set& set) { return set.rpe && *set.rpe <= easy_enough; });
  }

  // The best estimate of each of the last five weeks, each above the one before.
  [[nodiscard]] bool rising() const {
    std::map<std::chrono::sys_days, double> weeks;
    for (const auto& day : facts_.days) {
      for (const auto& set : day.sets) {
        const auto estimate = estimate_one_rep_max(one_rep_max_formula::epley, weight_of(set), set.reps.value_or(0));
        if (!estimate) continue;
        auto& best = weeks[monday_of(day.date)];
        best = std::max(best, estimate->kilograms);
      }
    }
    auto week = monday_of(facts_.days.front().date);
    for (int i = 0; i < rising_weeks; ++i, week -= std::chrono::days{7}) {
      const auto now = weeks.find(week);
      const auto before = weeks.find(week - std::chrono::days{7});
      if (now == weeks.end() || before == weeks.end() || !(now->second > before->second)) return false;
    }
    return true;
  }

  [[nodiscard]] double reduced() const {
    const auto step = smallest_step(facts_.equipment).value_or(0.5);
    return std::max(down_to_step(weight_ * lighter, step), std::min(step, weight_));
  }

  progression_advice start() {
    advice_.recommended_weight_kg = facts_.asked.weight_kg;
    if (facts_.asked.seconds) {
      advice_.recommended_seconds = facts_.asked.seconds;
    } else {
      advice_.recommended_reps = facts_.asked.reps_min;
    }
    return say(progression_step::start, facts_.asked.weight_kg
                                            ? "Nothing is logged yet: begin as the plan says."
                                            : "Nothing is logged yet: begin with a weight that leaves two or three "
                                              "repetitions in reserve.");
  }

  progression_advice come_back(bool timed) {
    if (weight_ > 0) advice_.recommended_weight_kg = reduced();
    if (timed) {
      advice_.recommended_seconds = static_cast<std::int32_t>(std::floor(shortest() * lighter));
    } else {
      advice_.recommended_reps = facts_.asked.reps_min;
    }
    return say(progression_step::come_back,
               "The last time was more than three weeks ago: come back with a tenth less.");
  }

  progression_advice lighter_week() {
    advice_.recommended_weight_kg = reduced();
    advice_.recommended_reps = facts_.asked.reps_min;
    const auto sets = facts_.asked.sets.value_or(static_cast<std::int32_t>(sets_.size()));
    advice_.recommended_sets = std::max(1, sets / 2);
    return say(progression_step::deload_week,
               "Four weeks of getting stronger: a week with a tenth less weight and half the sets.");
  }

  progression_advice deload() {
    if (weight_ > 0) advice_.recommended_weight_kg = reduced();
    advice_.recommended_reps = facts_.asked.reps_min;
    return say(progression_step::deload,
               fmt::format("Twice in a row not every set reached {} repetitions: a tenth less weight.",
                           facts_.asked.reps_min));
  }

  progression_advice from_the_top() {
    const bool rated = all_rated(sets_);
    const bool twice =
        facts_.days.size() > 1 && at_top(1) && weight_of(deciding_sets(facts_.days[1]).front()) >= weight_;
    if (rated ? !easy() : !twice) {
      advice_.recommended_reps = facts_.asked.reps_max;
      return say(progression_step::repeat,
                 rated ? fmt::format("Every set reached {} repetitions, but some felt harder than RPE 8: once more.",
                                     facts_.asked.reps_max)
                       : fmt::format("Every set reached {} repetitions: once more to be sure, or note the exertion "
                                     "(RPE).",
                                     facts_.asked.reps_max));
    }
    const auto step = smallest_step(facts_.equipment);
    if (weight_ <= 0 || !step) {
      advice_.recommended_reps = least_reps() + 1;
      return say(progression_step::increase_reps,
                 "Every set reached the top of the range, and there is no weight to add: one repetition more.");
    }
    const auto added = std::max(*step, up_to_step(weight_ * (facts_.lower_body ? 0.05 : 0.025), *step));
    advice_.recommended_weight_kg = weight_ + added;
    advice_.recommended_reps = facts_.asked.reps_min;
    return say(progression_step::increase_weight,
               fmt::format("Every set reached {} repetitions with some in reserve: {} kg more, from {} repetitions.",
                           facts_.asked.reps_max, added, facts_.asked.reps_min));
  }

  progression_advice one_more() {
    advice_.recommended_reps = std::min(least_reps() + 1, facts_.asked.reps_max);
    return say(progression_step::increase_reps,
               fmt::format("Between {} and {} repetitions: the same weight, one repetition more.",
                           facts_.asked.reps_min, facts_.asked.reps_max));
  }

  [[nodiscard]] double shortest() const {
    return std::ranges::min(sets_, {}, [](const logged_set& set) { return set.seconds.value_or(0); })
        .seconds.value_or(0);
  }
  progression_advice run_timed() {
    constexpr double grain = 5;
    const auto held = shortest();
    const bool reached = !facts_.asked.seconds || held >= *facts_.asked.seconds;
    const bool rated_hard = all_rated(sets_) && !easy();
    if (!reached || rated_hard || too_few_sets()) {
      advice_.recommended_seconds = facts_.asked.seconds.value_or(static_cast<std::int32_t>(held));
      return say(progression_step::repeat, "Not every set was held as long as planned, or some felt too hard: again.");
    }
    advice_.recommended_seconds = static_cast<std::int32_t>(up_to_step(held * 1.1, grain));
    return say(progression_step::increase_time, "Every set was held as long as planned: a tenth longer.");
  }

  const progression_facts& facts_;
  std::vector<logged_set> sets_;
  double weight_ = 0;
  progression_advice advice_;
};

}  // namespace

progression_advice advise(const progression_facts& facts) { return adviser{facts}.run(); }

std::vector<trained_day> trained_days(const std::vector<exercise_log>& newest_first) {
  std::vector<trained_day> days;
  for (const auto& log : newest_first) {
    if (days.empty() || days.back().date != log.local_date) days.push_back({log.local_date, {}});
    for (const auto& set : log.sets) {
      if (!set.warmup && (set.reps || set.seconds)) days.back().sets.push_back(set);
    }
  }
  std::erase_if(days, [](const trained_day& day) { return day.sets.empty(); });
  return days;
}

}  // namespace nxg::training
