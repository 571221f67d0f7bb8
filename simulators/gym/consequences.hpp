#pragma once

#include "gym/complaints.hpp"
#include "gym/member.hpp"
#include "gym/totals.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace nxg::gym {

/// A final workout as the backend tells it, and what its samples come to.
struct final_workout {
  boost::json::value summary;
  totals ours;
};

/// Waits for what follows from a member's workouts and compares it with a recomputation: nothing is listed that did not
/// happen, day rows are the sums of their workouts, points have one entry for each and no other, the balance is their
/// sum, and the phone was told every event of the inbox once, in order, as the inbox has it. The number of points
/// entries.
task<std::uint64_t> check_consequences(surroundings& around, std::shared_ptr<member> who, std::size_t index,
                                       const std::vector<final_workout>& finals, complaints& wrong);

}  // namespace nxg::gym
