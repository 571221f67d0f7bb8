#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace nxg::runtime {

/// The source of randomness, injected so that tests can repeat a run. Thread-safe.
class random {
 public:
  random() = default;
  random(const random&) = delete;
  random& operator=(const random&) = delete;
  virtual ~random() = default;

  virtual void fill(std::span<std::byte> bytes) = 0;

  /// Evenly distributed in [0, bound); `bound` > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Evenly distributed in [0, 1).
  double unit();
};

/// Cryptographically secure (OpenSSL's generator). Throws `std::runtime_error` where the system has no entropy.
class secure_random final : public random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace nxg::runtime
