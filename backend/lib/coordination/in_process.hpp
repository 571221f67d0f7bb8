#pragma once

#include "coordination/coordinator.hpp"
#include "runtime/clock.hpp"

#include <cstddef>
#include <memory>

namespace nxg::coordination {

struct in_process_options {
  /// Keys and values together.
  std::size_t max_cache_bytes = 64 << 20;
  std::size_t max_cache_entries = 100'000;
  /// Keys of the rate limiter, about 100 bytes each.
  std::size_t max_limited_keys = 200'000;
  std::size_t max_present = 200'000;
  std::size_t max_subscriptions = 100'000;
};

/// All of it in the memory of this process: the embedded default, and the fallback of other adapters. Never degraded.
/// `time` must outlive it.
std::unique_ptr<coordinator> make_in_process(runtime::clock& time, in_process_options options = {});

}  // namespace nxg::coordination
