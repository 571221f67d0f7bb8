#pragma once

#include "coordination/bus.hpp"
#include "coordination/cache.hpp"
#include "coordination/presence.hpp"
#include "coordination/rate_limiter.hpp"

namespace nxg::coordination {

/// What the processes of a deployment share and may lose. One adapter provides all of it; nothing but the wiring knows
/// which. Must outlive its users. Tasks start when they are awaited: texts passed to them must live until then.
class coordinator {
 public:
  coordinator() = default;
  coordinator(const coordinator&) = delete;
  coordinator& operator=(const coordinator&) = delete;
  virtual ~coordinator() = default;

  virtual coordination::cache& cache() = 0;
  virtual coordination::rate_limiter& rate_limiter() = 0;
  virtual coordination::bus& bus() = 0;
  virtual coordination::presence& presence() = 0;

  /// True while the other processes cannot be reached: limits count per process, caches miss, messages stay here.
  /// Readiness tells; it ends by itself.
  [[nodiscard]] virtual bool degraded() const = 0;
};

}  // namespace nxg::coordination
