#pragma once

#include "gym/sample.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nxg::gym {

/// What the samples of one workout come to, by our own arithmetic: a counter went, in each epoch, from its smallest to
/// its largest value; averages are plain means over the samples that carry the value. Energy is that of somebody of
/// whom nothing is known, as a simulated gym's members have no profile.
class totals {
 public:
  explicit totals(std::string machine_class) : class_{std::move(machine_class)} {}

  /// In the order in which the machine made them.
  void add(const std::string& epoch, const sample& one);

  [[nodiscard]] std::int64_t samples() const noexcept { return samples_; }
  /// A point for each full minute, at least 1, at most 50; nothing without a sample.
  [[nodiscard]] std::int64_t points() const;
  /// How the backend's summary differs, a sentence each.
  [[nodiscard]] std::vector<std::string> differences(const boost::json::value& summary) const;

 private:
  struct range {
    double least = 0;
    double most = 0;
  };
  struct statistic {
    double sum = 0;
    double most = 0;
    std::int64_t count = 0;
  };
  [[nodiscard]] double way_of(field counter) const;
  [[nodiscard]] double mean_of(field value) const;
  [[nodiscard]] double most_of(field value) const;

  /// What was spent since the sample before of the same epoch, kcal: by power where the machine measures it, else by
  /// the machine's own counter.
  [[nodiscard]] double energy_between(const sample& before, const sample& now) const;

  std::string class_;
  std::int64_t samples_ = 0;
  double energy_kcal_ = absent;
  std::map<std::string, sample> latest_;
  std::array<std::map<std::string, range>, field_count> counters_;
  std::array<statistic, field_count> statistics_;
  std::vector<sample> sets_;
};

/// The same but for what adding up in another order changes.
[[nodiscard]] bool nearly(double a, double b);

}  // namespace nxg::gym
