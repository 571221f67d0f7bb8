#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nxg::gym {

/// What does not fit, a sentence each; the first so many.
class complaints {
 public:
  complaints(std::vector<std::string>& into, std::size_t most) : into_{into}, most_{most} {}
  void add(std::string what) {
    if (into_.size() < most_) into_.push_back(std::move(what));
  }

 private:
  std::vector<std::string>& into_;
  std::size_t most_;
};

}  // namespace nxg::gym
