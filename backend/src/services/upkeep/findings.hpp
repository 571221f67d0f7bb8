#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nxg::upkeep {

/// One kind of fault and how often it was found.
struct finding {
  std::uint64_t count = 0;
  std::uint64_t rebuilt = 0;
  std::vector<std::string> examples;  ///< ids, at most three
};

/// What a check of the store found.
struct findings {
  std::map<std::string, finding> faults;  ///< by a sentence without its number: "workouts name no machine"
  std::uint64_t documents = 0;            ///< looked at
  /// Derived documents that are behind because events are still to be delivered: no faults.
  std::uint64_t behind = 0;

  void add(const std::string& fault, std::string id);
  void rebuilt(const std::string& fault) { ++faults[fault].rebuilt; }
  /// Faults that are still there.
  [[nodiscard]] std::uint64_t remaining() const noexcept;
};

}  // namespace nxg::upkeep
