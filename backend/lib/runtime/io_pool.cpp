#include "runtime/io_pool.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace nxg::runtime {

namespace asio = boost::asio;

struct io_pool::loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> busy{context.get_executor()};
  std::thread thread;
  /// Set by the thread itself: `thread` is assigned only after it may have begun to run handlers.
  std::atomic<std::thread::id> id;
};

io_pool::io_pool(std::size_t threads) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < threads; ++i) cores_.push_back(std::make_unique<loop>());
}

io_pool::~io_pool() { stop(); }

std::size_t io_pool::size() const noexcept { return cores_.size(); }

executor io_pool::at(std::size_t core) const { return cores_[core % cores_.size()]->context.get_executor(); }

std::size_t io_pool::current() const noexcept {
  const auto it =
      std::ranges::find_if(cores_, [](const auto& one) { return one->id.load() == std::this_thread::get_id(); });
  return static_cast<std::size_t>(it - cores_.begin());
}

void io_pool::start() {
  for (auto& one : cores_) {
    one->thread = std::thread{[core = one.get()] {
      core->id = std::this_thread::get_id();
      core->context.run();
    }};
  }
}

void io_pool::stop() {
  for (auto& one : cores_) one->context.stop();
  for (auto& one : cores_) {
    if (one->thread.joinable()) one->thread.join();
  }
}

}  // namespace nxg::runtime
