#include "telemetry/log.hpp"

#include "telemetry/json_line.hpp"

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cerrno>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace nxg::telemetry {

namespace {

using namespace std::chrono_literals;

/// Writes by the system call: a `FILE` would stay locked by a thread that a stalled reader holds, and exit with it.
class descriptor_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit descriptor_sink(int descriptor) : descriptor_{descriptor} {}

  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
  void set_queue(const spdlog::details::thread_pool* queue) noexcept { queue_ = queue; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    buffer_.append(message.payload.data(), message.payload.size());
    buffer_ += '\n';
    ++pending_;
    // One system call for all that waits, but never late: an empty queue means nobody else is about to write.
    auto* queue = const_cast<spdlog::details::thread_pool*>(queue_);
    if (buffer_.size() >= max_buffered || queue == nullptr || queue->queue_size() == 0) flush_();
  }

  void flush_() override {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
      const auto done = ::write(descriptor_, rest.data(), rest.size());
      if (done > 0) {
        rest.remove_prefix(static_cast<std::size_t>(done));
      } else if (errno == EAGAIN) {
        pollfd writable{descriptor_, POLLOUT, 0};
        ::poll(&writable, 1, -1);
      } else if (errno != EINTR) {
        break;  // nobody reads any more; the lines are lost
      }
    }
    buffer_.clear();
    written_ += std::exchange(pending_, 0);
  }

 private:
  static constexpr std::size_t max_buffered = 64 * 1024;
  int descriptor_;
  const spdlog::details::thread_pool* queue_ = nullptr;
  std::string buffer_;
  std::uint64_t pending_ = 0;
  std::atomic<std::uint64_t> written_{0};
};

class stream_sink final : public log_sink {
 public:
  stream_sink(int descriptor, std::size_t max_queued)
      : writer_{std::make_shared<descriptor_sink>(descriptor)},
        pool_{std::make_shared<spdlog::details::thread_pool>(max_queued, 1)},
        log_{std::make_shared<spdlog::async_logger>("nxg", writer_, pool_,
                                                    spdlog::async_overflow_policy::overrun_oldest)} {
    writer_->set_queue(pool_.get());
    log_->set_level(spdlog::level::trace);
  }

  ~stream_sink() override {
    flush();
    if (written() < submitted_) {
      // The reader stalls: joining the writer could take for ever. It is left to end with the process.
      auto* never_deleted = new std::shared_ptr{pool_};
      static_cast<void>(never_deleted);
    }
  }

  void write(log_level, std::string_view line) noexcept override {
    try {
      tell_dropped();
      submit(line);
    } catch (...) {  // a line less
    }
  }

  void flush() noexcept override {
    const auto until = std::chrono::steady_clock::now() + 1s;
    while (written() < submitted_ && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
  }

 private:
  [[nodiscard]] std::uint64_t written() const noexcept { return writer_->written() + pool_->overrun_counter(); }

  void submit(std::string_view line) {
    ++submitted_;
    log_->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
  }

  void tell_dropped() {
    const std::uint64_t dropped = pool_->overrun_counter();
    std::uint64_t told = told_;
    if (dropped == told || pool_->queue_size() > 0) return;
    if (!told_.compare_exchange_strong(told, dropped)) return;
    std::string line = R"({"time":")";
    append_instant(line, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    line += fmt::format(R"(","level":"warn","message":"log lines dropped","count":{}}})", dropped - told);
    submit(line);
  }

  std::shared_ptr<descriptor_sink> writer_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> log_;
  std::atomic<std::uint64_t> submitted_{0};
  std::atomic<std::uint64_t> told_{0};
};

class null_sink final : public log_sink {
 public:
  void write(log_level, std::string_view) noexcept override {}
};

}  // namespace

std::shared_ptr<log_sink> make_stream_sink(log_stream stream, std::size_t max_queued) {
  return std::make_shared<stream_sink>(stream == log_stream::out ? STDOUT_FILENO : STDERR_FILENO, max_queued);
}

std::shared_ptr<log_sink> make_null_sink() { return std::make_shared<null_sink>(); }

}  // namespace nxg::telemetry
