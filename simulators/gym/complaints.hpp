#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nxg::gym {

/// What does not fit, a sentence each; the first so many.
class complaints {
 public:
  explicit complaints(std::size_t most) : most_{most} {}
  void add(std::string what) {
    if (said_.size() < most_) said_.push_back(std::move(what));
  }
  [[nodiscard]] const std::vector<std::string>& said() const noexcept { return said_; }

 private:
  std::vector<std::string> said_;
  std::size_t most_;
};

}  // namespace nxg::gym
