#pragma once

#include "objects/object_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace nxg::objects::detail {

/// What `figures` are made of. Shared by all calls of a store.
class counters {
 public:
  void call_ended(const failure* how) noexcept {
    ++calls_;
    if (how != nullptr && *how != failure::invalid && *how != failure::not_found && *how != failure::outside &&
        *how != failure::changed)
      ++failed_;
  }
  void retried() noexcept { ++retries_; }
  void hold(std::size_t bytes) noexcept {
    const auto now = buffered_ += bytes;
    auto most = most_.load();
    while (most < now && !most_.compare_exchange_weak(most, now)) {
    }
  }
  void release(std::size_t bytes) noexcept { buffered_ -= bytes; }

  [[nodiscard]] objects::figures figures() const noexcept { return {calls_, failed_, retries_, buffered_, most_}; }

 private:
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> retries_{0};
  std::atomic<std::size_t> buffered_{0};
  std::atomic<std::size_t> most_{0};
};

/// Content that is held while this lives.
class held_bytes {
 public:
  held_bytes(std::shared_ptr<counters> in, std::size_t bytes) : in_{std::move(in)}, bytes_{bytes} { in_->hold(bytes_); }
  ~held_bytes() { in_->release(bytes_); }
  held_bytes(const held_bytes&) = delete;
  held_bytes& operator=(const held_bytes&) = delete;

 private:
  std::shared_ptr<counters> in_;
  std::size_t bytes_;
};

}  // namespace nxg::objects::detail
