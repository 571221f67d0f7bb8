#include "services/upkeep/findings.hpp"

#include <utility>

namespace nxg::upkeep {

void findings::add(const std::string& fault, std::string id) {
  constexpr std::size_t most_examples = 3;
  auto& one = faults[fault];
  ++one.count;
  if (one.examples.size() < most_examples) one.examples.push_back(std::move(id));
}

std::uint64_t findings::remaining() const noexcept {
  std::uint64_t number = 0;
  for (const auto& [fault, one] : faults) number += one.count - one.rebuilt;
  return number;
}

}  // namespace nxg::upkeep
