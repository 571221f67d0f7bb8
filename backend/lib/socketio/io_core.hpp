#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "socketio/deadlines.hpp"
#include "socketio/websocket_deflate.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace nxg::socketio {

/// What the connections of one core share: its loop, one timer, and one read buffer for whoever is being served, so
/// that an idle connection needs almost none of its own. Used on that core only.
class io_core {
 public:
  io_core(executor where, runtime::clock& time) : executor_{where}, deadlines_{where, time} {}

  [[nodiscard]] const executor& get_executor() const noexcept { return executor_; }
  [[nodiscard]] core_deadlines& deadlines() noexcept { return deadlines_; }
  [[nodiscard]] steady_instant now() const noexcept { return deadlines_.now(); }
  [[nodiscard]] std::span<char> scratch() {
    if (!scratch_) scratch_ = std::make_unique<char[]>(scratch_size);
    return {scratch_.get(), scratch_size};
  }

  /// For the connections that may compress; made when the first of them does.
  [[nodiscard]] websocket::message_compressor& compressor() {
    if (!compressor_) compressor_ = std::make_unique<websocket::message_compressor>(deflate_);
    return *compressor_;
  }
  void set_deflate(const websocket::deflate_options& options) { deflate_ = options; }

  /// Where the masks of client frames come from; servers have none.
  void set_mask_source(std::function<std::uint32_t()> source) { mask_source_ = std::move(source); }
  [[nodiscard]] std::uint32_t mask() const { return mask_source_(); }

 private:
  static constexpr std::size_t scratch_size = 64 * 1024;
  executor executor_;
  core_deadlines deadlines_;
  std::unique_ptr<char[]> scratch_;
  std::function<std::uint32_t()> mask_source_;
  websocket::deflate_options deflate_;
  std::unique_ptr<websocket::message_compressor> compressor_;
};

}  // namespace nxg::socketio
