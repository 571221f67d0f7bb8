#pragma once

#include "sandbox/wps/exercise_list.hpp"
#include "sandbox/wps/messages.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nxg::sandbox::wps {

/// Makes believable plans. The same request, list and seed give the same plan, with the same id.
class plan_maker {
 public:
  plan_maker(std::vector<known_exercise> exercises, std::uint64_t seed);

  [[nodiscard]] workout_plan make(const plan_request& request) const;
  [[nodiscard]] std::span<const known_exercise> exercises() const noexcept { return exercises_; }

 private:
  std::vector<known_exercise> exercises_;
  std::uint64_t seed_;
};

/// The weekly splits plans follow, by training days.
[[nodiscard]] std::vector<week_template> week_templates();

}  // namespace nxg::sandbox::wps
