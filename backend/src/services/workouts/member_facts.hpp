#pragma once

#include "models/workout_figures.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"

namespace nxg {

/// Port: what a workout needs to know of its member's body, as it is now. Facts that were never given are absent.
class member_facts {
 public:
  member_facts() = default;
  member_facts(const member_facts&) = delete;
  member_facts& operator=(const member_facts&) = delete;
  virtual ~member_facts() = default;

  virtual task<body_facts> body_of(uuid member) = 0;
};

}  // namespace nxg
