#pragma once

#include "telemetry/log.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace nxg::telemetry {

/// Keeps the lines for a test to look at.
class kept_lines final : public log_sink {
 public:
  void write(log_level level, std::string_view line) noexcept override {
    const std::lock_guard lock{mutex_};
    levels_.push_back(level);
    lines_.emplace_back(line);
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    const std::lock_guard lock{mutex_};
    return lines_;
  }
  [[nodiscard]] std::string last() const { return lines().at(lines().size() - 1); }
  [[nodiscard]] std::size_t size() const { return lines().size(); }

 private:
  mutable std::mutex mutex_;
  std::vector<log_level> levels_;
  std::vector<std::string> lines_;
};

}  // namespace nxg::telemetry
