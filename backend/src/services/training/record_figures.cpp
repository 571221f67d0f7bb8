#include "services/training/record_figures.hpp"

#include <algorithm>
#include <map>

namespace nxg::training {
namespace {

constexpr std::size_t most_weights = 50;

double weight_of(const logged_set& set) { return set.weight_kg.value_or(0); }
std::int32_t reps_of(const logged_set& set) { return set.reps.value_or(0); }
bool counts(const logged_set& set) { return !set.warmup && reps_of(set) > 0; }

/// Sets none of which is beaten by another in both weight and repetitions; an equal earlier one stays. Heaviest first.
class front {
 public:
  /// The most repetitions with at least that weight so far; 0 for none.
  [[nodiscard]] std::int32_t most_reps(double weight_kg) const {
    std::int32_t most = 0;
    for (const auto& one : sets_) {
      if (one.weight_kg >= weight_kg) most = std::max(most, one.reps);
    }
    return most;
  }
  void add(const best_set& set) {
    if (most_reps(set.weight_kg) >= set.reps) return;
    std::erase_if(sets_, [&](const best_set& one) { return one.weight_kg <= set.weight_kg && one.reps <= set.reps; });
    const auto place = std::ranges::find_if(sets_, [&](const best_set& one) { return one.weight_kg < set.weight_kg; });
    sets_.insert(place, set);
  }
  [[nodiscard]] const std::vector<best_set>& sets() const noexcept { return sets_; }

 private:
  std::vector<best_set> sets_;
};

class counter {
 public:
  void take(const exercise_log& log) {
    if (!result_.first_session) result_.first_session = log.local_date;
    if (result_.last_session != log.local_date) ++result_.sessions;
    result_.last_session = log.local_date;
    kinds_.clear();
    for (const auto& set : log.sets) {
      if (counts(set)) take_counted(log, set);
      if (!set.warmup && !set.reps && set.seconds) take_timed(log, *set.seconds);
    }
    take_volume(log);
    // What came on the first day is what there is to beat.
    if (kinds_.empty() || log.local_date == *result_.first_session) return;
    std::ranges::sort(kinds_);
    const auto twice = std::ranges::unique(kinds_);
    kinds_.erase(twice.begin(), twice.end());
    result_.setters.push_back(
        {log.id, log.completed_at, log.local_date, kinds_, log.source == log_source::manual && !log.session_id});
  }

  record_figures finish() && {
    result_.reps_at_weight = reps_.sets();
    if (result_.reps_at_weight.size() > most_weights) result_.reps_at_weight.resize(most_weights);
    result_.estimable = estimable_.sets();
    if (result_.setters.size() > most_setters) {
      result_.setters.erase(result_.setters.begin(), result_.setters.end() - static_cast<std::ptrdiff_t>(most_setters));
    }
    return std::move(result_);
  }

 private:
  void take_counted(const exercise_log& log, const logged_set& set) {
    const best_set one{weight_of(set), reps_of(set), log.id, log.completed_at, log.local_date};
    if (one.weight_kg > 0 && (!result_.max_weight || one.weight_kg > result_.max_weight->weight_kg)) {
      if (result_.max_weight) kinds_.push_back(record_kind::max_weight);
      result_.max_weight = one;
    }
    const auto before = reps_.most_reps(one.weight_kg);
    if (before > 0 && one.reps > before) kinds_.push_back(record_kind::reps_at_weight);
    reps_.add(one);
    if (const auto estimate = estimate_one_rep_max(one_rep_max_formula::epley, one.weight_kg, one.reps)) {
      if (best_estimate_ > 0 && estimate->kilograms > best_estimate_)
        kinds_.push_back(record_kind::estimated_one_rep_max);
      best_estimate_ = std::max(best_estimate_, estimate->kilograms);
      estimable_.add(one);
    }
  }

  void take_timed(const exercise_log& log, double seconds) {
    if (result_.longest && seconds <= result_.longest->seconds) return;
    if (result_.longest) kinds_.push_back(record_kind::longest_time);
    result_.longest = best_time{seconds, log.id, log.completed_at, log.local_date};
  }

  void take_volume(const exercise_log& log) {
    if (day_ != log.local_date) {
      day_ = log.local_date;
      volume_ = 0;
    }
    volume_ += volume_of(log.sets);
    if (volume_ <= 0 || (result_.max_volume && volume_ <= result_.max_volume->volume_kg)) return;
    // The same day growing beyond its own volume beats nobody.
    if (result_.max_volume && result_.max_volume->local_date != *day_) kinds_.push_back(record_kind::session_volume);
    result_.max_volume = best_volume{volume_, *day_};
  }

  record_figures result_;
  std::vector<record_kind> kinds_;
  front reps_;
  front estimable_;
  double best_estimate_ = 0;
  std::optional<schema::local_date> day_;
  double volume_ = 0;
};

}  // namespace

double volume_of(const std::vector<logged_set>& sets) {
  double volume = 0;
  for (const auto& set : sets) {
    if (counts(set)) volume += weight_of(set) * reps_of(set);
  }
  return volume;
}

record_figures figures_of(const std::vector<exercise_log>& logs) {
  counter count;
  for (const auto& log : logs) count.take(log);
  return std::move(count).finish();
}

std::optional<estimated_maximum> best_estimate(const record_figures& figures, one_rep_max_formula by) {
  std::optional<estimated_maximum> best;
  for (const auto& set : figures.estimable) {
    const auto value = estimate_one_rep_max(by, set.weight_kg, set.reps);
    if (value && (!best || value->kilograms > best->value.kilograms)) best = estimated_maximum{*value, set};
  }
  return best;
}

}  // namespace nxg::training
