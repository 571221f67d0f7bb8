#pragma once

#include "store/sqlite.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/request.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

namespace nxg::store::sqlite {

struct counters {
  std::atomic<std::uint64_t> transactions{0};
  std::atomic<std::uint64_t> operations{0};
  std::atomic<std::uint64_t> queries{0};
};

/// The one thread that writes: everything that waits goes into one transaction, so that one flush of the disk serves
/// many callers.
class writer {
 public:
  /// Opens the file. Throws `failed`.
  writer(const std::filesystem::path& file, const sqlite_options& options, counters& count);
  /// Finishes what is queued.
  ~writer();
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  [[nodiscard]] request_queue& queue() noexcept { return queue_; }

 private:
  using batch = std::vector<std::shared_ptr<request>>;
  struct finished {
    std::shared_ptr<request> what;
    outcome result;
    std::exception_ptr refused;
  };

  void work();
  void carry_out(const batch& taken);
  void carry_out_alone(request& one);
  std::vector<finished> run_all(const batch& taken);
  void fail_all(const batch& taken, const failed& why, bool while_committing);

  std::filesystem::path file_;
  std::size_t max_batch_;
  counters* count_;
  std::unique_ptr<connection> connection_;
  request_queue queue_;
  std::thread thread_;
};

/// Threads that read, each with its own connection.
class readers {
 public:
  readers(const std::filesystem::path& file, const sqlite_options& options, counters& count);
  ~readers();
  readers(const readers&) = delete;
  readers& operator=(const readers&) = delete;

  [[nodiscard]] request_queue& queue() noexcept { return queue_; }

 private:
  void work(connection& on);

  std::filesystem::path file_;
  counters* count_;
  request_queue queue_;
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<std::thread> threads_;
};

/// Ends the wait of callers whose time is over, also when every thread hangs.
class watchdog {
 public:
  explicit watchdog(std::vector<request_queue*> over);
  ~watchdog();
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace nxg::store::sqlite
