#pragma once

#include "gym/member.hpp"
#include "gym/reconciliation.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace nxg::gym {

/// What a person sees: who trains where, how fast samples come, are acknowledged and delivered. On a terminal it is
/// drawn over itself twice a second; elsewhere a line is written every five seconds.
class view {
 public:
  view(surroundings& around, std::FILE* out);

  void say(const std::string& line);
  void draw(const std::vector<std::shared_ptr<machine>>& machines, const std::vector<std::shared_ptr<member>>& members);
  void show(const verdict& result);

 private:
  [[nodiscard]] std::string totals_line();

  surroundings& around_;
  std::FILE* out_;
  bool terminal_;
  std::size_t drawn_lines_ = 0;
  steady_instant last_{};
  std::uint64_t last_made_ = 0;
};

/// The verdict as one JSON object.
std::string to_json(const verdict& result);

}  // namespace nxg::gym
