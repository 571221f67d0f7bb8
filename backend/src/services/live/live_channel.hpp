#pragma once

#include "runtime/uuid.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nxg {

/// Port: what people and machines are told at once, on whatever connection they have, in whatever process. Best effort:
/// nothing here is kept for who is away. Every call returns at once, from any thread, and never throws.
class live_channel {
 public:
  enum class audience : std::uint8_t { workouts, notifications };

  live_channel() = default;
  live_channel(const live_channel&) = delete;
  live_channel& operator=(const live_channel&) = delete;
  virtual ~live_channel() = default;

  /// To a member's devices that listen in that namespace. `json` is one JSON value.
  virtual void to_member(audience where, const uuid& member, std::string_view event, std::string json) = 0;
  /// To whoever watches the branch.
  virtual void to_branch(const uuid& branch, std::string_view event, std::string json) = 0;
  /// To the machine itself.
  virtual void to_machine(const uuid& machine, std::string_view event, std::string json) = 0;
};

}  // namespace nxg
