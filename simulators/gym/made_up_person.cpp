#include "gym/exercise_source.hpp"

#include <algorithm>
#include <cmath>

namespace nxg::gym {

namespace {

/// The body: maximal power and heart rate, and how its heart follows what the legs do.
class body {
 public:
  explicit body(std::mt19937_64& random)
      : max_power_watts_{std::uniform_real_distribution{220.0, 380.0}(random)},
        rest_bpm_{std::uniform_real_distribution{52.0, 72.0}(random)},
        max_bpm_{std::uniform_real_distribution{172.0, 196.0}(random)},
        bpm_{rest_bpm_ + 10} {}

  void work(double power_watts) {
    constexpr double seconds_up = 25;
    constexpr double seconds_down = 50;
    const double target = rest_bpm_ + (max_bpm_ - rest_bpm_) * std::min(1.0, power_watts / max_power_watts_);
    bpm_ += (target - bpm_) * (1 - std::exp(-1 / (target > bpm_ ? seconds_up : seconds_down)));
    // Gross efficiency of about 24 %: a joule of work costs a little over four of food, so 1 kJ done is about 1 kcal.
    work_kilojoules_ += power_watts / 1000;
  }

  [[nodiscard]] double heart_rate() const { return std::round(bpm_); }
  [[nodiscard]] double kilocalories() const { return std::floor(work_kilojoules_); }
  [[nodiscard]] double max_power() const { return max_power_watts_; }

 private:
  double max_power_watts_;
  double rest_bpm_;
  double max_bpm_;
  double bpm_;
  double work_kilojoules_ = 0;
};

double rounded(double value, double step) { return std::round(value / step) * step; }
/// To a decimal that prints short: 0.1 as 0.1.
double tenth(double value) { return std::round(value * 10) / 10; }
double hundredth(double value) { return std::round(value * 100) / 100; }

class person : public exercise_source {
 public:
  explicit person(std::uint64_t seed) : random_{seed}, body_{random_} {
    hard_seconds_ = std::uniform_int_distribution{30, 120}(random_);
    easy_seconds_ = std::uniform_int_distribution{45, 150}(random_);
  }

 protected:
  /// Share of the maximal power this second: three minutes of warm-up, then hard and easy in turn.
  double effort() {
    constexpr int warm_up_seconds = 180;
    std::normal_distribution noise{0.0, 0.015};
    double share = 0;
    if (second_ < warm_up_seconds) {
      share = 0.25 + 0.3 * second_ / warm_up_seconds;
    } else {
      const int in_round = (second_ - warm_up_seconds) % (hard_seconds_ + easy_seconds_);
      share = in_round < hard_seconds_ ? 0.85 : 0.45;
    }
    return std::clamp(share + noise(random_), 0.05, 1.0);
  }

  /// The heart rate, unless the strap has lost contact (once in five minutes, for up to ten seconds).
  double strap() {
    if (lost_seconds_ > 0) {
      --lost_seconds_;
      return absent;
    }
    if (std::uniform_int_distribution{0, 299}(random_) == 0)
      lost_seconds_ = std::uniform_int_distribution{1, 10}(random_);
    return body_.heart_rate();
  }

  std::mt19937_64 random_;
  body body_;
  int second_ = 0;

 private:
  int hard_seconds_ = 60;
  int easy_seconds_ = 90;
  int lost_seconds_ = 0;
};

class moving_person final : public person {
 public:
  moving_person(std::string machine_class, std::uint64_t seed) : person{seed}, class_{std::move(machine_class)} {}

  sample next() override {
    ++second_;
    const double power = std::round(effort() * body_.max_power());
    body_.work(power);
    sample one;
    one[field::elapsed_seconds] = second_;
    one[field::heart_rate_bpm] = strap();
    one[field::energy_kcal] = body_.kilocalories();
    one[field::power_watts] = power;
    move(one, power);
    return one;
  }

 private:
  void move(sample& one, double power) {
    if (class_ == "treadmill") {
      ride(one, power / 22);
      one[field::incline_percent] = second_ < 180 ? 0 : 1;
    } else if (class_ == "rower") {
      // Concept2: power = 2.80 / pace^3, pace in seconds per metre.
      ride(one, 3.6 * std::cbrt(power / 2.80));
      one[field::stroke_rate_spm] = rounded(18 + power / 20, 0.5);
      strokes_ += one[field::stroke_rate_spm] / 60;
      one[field::stroke_count] = std::floor(strokes_);
    } else if (class_ == "step_climber" || class_ == "stair_climber") {
      one[field::steps_per_minute] = std::round(40 + power / 4);
      climbed_ += one[field::steps_per_minute] / 60;
      one[field::floors] = std::floor(climbed_ / 16);
    } else if (class_ == "cross_trainer") {
      ride(one, power / 25);
      one[field::steps_per_minute] = std::round(90 + power / 4);
      one[field::resistance_level] = 8;
    } else {
      ride(one, 3.6 * std::cbrt(power / 0.22));
      one[field::cadence_rpm] = rounded(65 + power / 15, 0.5);
      one[field::resistance_level] = 10;
    }
  }

  void ride(sample& one, double speed_kmh) {
    one[field::speed_kmh] = hundredth(speed_kmh);
    distance_meters_ += one[field::speed_kmh] / 3.6;
    one[field::distance_meters] = tenth(distance_meters_);
  }

  std::string class_;
  double distance_meters_ = 0;
  double strokes_ = 0;
  double climbed_ = 0;
};

/// Sets of ten with a minute and a half between; each second says the heart rate, the last one of a set says the set.
class lifting_person final : public person {
 public:
  explicit lifting_person(std::uint64_t seed)
      : person{seed}, weight_kg_{rounded(std::uniform_real_distribution{20.0, 90.0}(random_), 2.5)} {}

  sample next() override {
    constexpr int set_seconds = 30;
    constexpr int rest_seconds = 90;
    ++second_;
    const int in_round = second_ % (set_seconds + rest_seconds);
    body_.work(in_round < set_seconds ? 180 : 40);
    sample one;
    one[field::elapsed_seconds] = second_;
    one[field::heart_rate_bpm] = strap();
    if (in_round == set_seconds) {
      one[field::set_number] = ++sets_;
      one[field::set_reps] = std::uniform_int_distribution{8, 12}(random_);
      one[field::set_weight_kg] = weight_kg_;
      one[field::set_duration_seconds] = set_seconds;
    }
    return one;
  }

 private:
  double weight_kg_;
  int sets_ = 0;
};

}  // namespace

std::unique_ptr<exercise_source> made_up_person(const std::string& machine_class, std::uint64_t seed) {
  if (machine_class == "strength" || machine_class == "functional") return std::make_unique<lifting_person>(seed);
  return std::make_unique<moving_person>(machine_class, seed);
}

}  // namespace nxg::gym
