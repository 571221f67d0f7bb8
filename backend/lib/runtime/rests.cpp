#include "runtime/rests.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdint>
#include <thread>
#include <utility>

namespace nxg::runtime {

namespace {

/// A pause between messages counts as this long at most: what was before it is still remembered after it.
constexpr std::chrono::milliseconds longest_gap{20};
/// How slowly the gap follows.
constexpr int weight = 8;

}  // namespace

std::chrono::nanoseconds rest_rule::after(std::size_t served, steady_instant now) noexcept {
  const auto passed = std::min<std::chrono::nanoseconds>(now - last_, longest_gap);
  last_ = now;
  gap_ += (passed / std::max<std::int64_t>(static_cast<std::int64_t>(served), 1) - gap_) / weight;
  return gap_ * 2 <= longest_ ? longest_ : std::chrono::nanoseconds{0};
}

void rests::served() {
  ++served_;
  if (std::exchange(wished_, true)) return;
  boost::asio::post(where_, [this] { rest(); });
}

void rests::rest() {
  // By the true clock: it is a thread that rests.
  const auto pause = rule_.after(std::exchange(served_, 0), std::chrono::steady_clock::now());
  const auto* const loop = where_.target<boost::asio::io_context::executor_type>();
  if (pause.count() > 0 && loop != nullptr) {
    loop->context().poll();  // what is there already does not have to wait
    std::this_thread::sleep_for(pause);
  }
  wished_ = false;
}

}  // namespace nxg::runtime
