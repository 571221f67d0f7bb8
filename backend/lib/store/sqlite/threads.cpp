#include "store/sqlite/threads.hpp"

#include "store/sqlite/connection.hpp"

#include <chrono>
#include <utility>

namespace nxg::store::sqlite {

namespace {

constexpr std::chrono::milliseconds watch_every{100};

/// What ends more than one operation.
bool ends_transaction(const failed& why) {
  switch (why.code()) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_BUSY: return true;
    default: return false;
  }
}

/// A commit that failed on the way to the disk may still be found there after a restart.
bool may_have_committed(const failed& why) { return why.code() == SQLITE_IOERR; }

std::exception_ptr pointer_to(const error& what) { return std::make_exception_ptr(what); }

}  // namespace

writer::writer(const std::filesystem::path& file, const sqlite_options& options, counters& count)
    : file_{file},
      max_batch_{options.max_batch},
      count_{&count},
      connection_{std::make_unique<connection>(file, access::write, options.time_out)},
      queue_{"writes", options.max_queued_writes, options.max_queued_bytes},
      thread_{[this] { work(); }} {}

writer::~writer() {
  queue_.close();
  thread_.join();
}

void writer::work() {
  for (;;) {
    const batch taken = queue_.take(max_batch_);
    if (taken.empty()) return;
    if (taken.front()->alone()) {
      carry_out_alone(*taken.front());
    } else {
      carry_out(taken);
    }
    queue_.done(taken);
  }
}

void writer::carry_out_alone(request& one) {
  if (!one.begin()) return;
  try {
    one.finish(one.run(*connection_));
  } catch (const failed& why) {
    one.fail(pointer_to(to_error(why, file_)));
  } catch (...) {
    one.fail(std::current_exception());
  }
}

void writer::carry_out(const batch& taken) {
  bool committing = false;
  try {
    connection_->execute("BEGIN IMMEDIATE");
    std::vector<finished> done = run_all(taken);
    committing = true;
    connection_->execute("COMMIT");
    count_->transactions.fetch_add(1, std::memory_order_relaxed);
    for (auto& one : done) {
      count_->operations.fetch_add(one.what->operations(), std::memory_order_relaxed);
      one.refused ? one.what->fail(std::move(one.refused)) : one.what->finish(std::move(one.result));
    }
  } catch (const failed& why) {
    fail_all(taken, why, committing);
  }
}

std::vector<writer::finished> writer::run_all(const batch& taken) {
  std::vector<finished> done;
  done.reserve(taken.size());
  for (const auto& one : taken) {
    if (!one->begin()) continue;
    finished& result = done.emplace_back(finished{one, {}, nullptr});
    try {
      result.result = one->run(*connection_);
    } catch (const failed& why) {
      if (ends_transaction(why) || connection_->autocommit()) throw;
      result.refused = pointer_to(to_error(why, file_));
    } catch (...) {
      result.refused = std::current_exception();
    }
  }
  return done;
}

void writer::fail_all(const batch& taken, const failed& why, bool while_committing) {
  if (!connection_->autocommit()) {
    try {
      connection_->execute("ROLLBACK");
    } catch (const failed&) {
      // It ends with the connection's next transaction at the latest.
    }
  }
  const error told = while_committing && may_have_committed(why)
                         ? error{failure::outcome_unknown, "the commit to " + file_.string() + " failed: " + why.what()}
                         : to_error(why, file_);
  for (const auto& one : taken) one->fail(pointer_to(told));
}

readers::readers(const std::filesystem::path& file, const sqlite_options& options, counters& count)
    : file_{file}, count_{&count}, queue_{"reads", options.max_queued_reads, options.max_queued_bytes} {
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    connections_.push_back(std::make_unique<connection>(file, access::read, options.time_out));
  }
  for (const auto& one : connections_) threads_.emplace_back([this, &on = *one] { work(on); });
}

readers::~readers() {
  queue_.close();
  for (auto& one : threads_) one.join();
}

void readers::work(connection& on) {
  for (;;) {
    const auto taken = queue_.take(1);
    if (taken.empty()) return;
    request& one = *taken.front();
    if (one.begin()) {
      on.set_interrupt([&one] { return one.abandoned(); });
      try {
        one.finish(one.run(on));
      } catch (const failed& why) {
        one.fail(pointer_to(to_error(why, file_)));
      } catch (...) {
        one.fail(std::current_exception());
      }
      on.set_interrupt(nullptr);
      count_->queries.fetch_add(1, std::memory_order_relaxed);
    }
    queue_.done(taken);
  }
}

watchdog::watchdog(std::vector<request_queue*> over)
    : thread_{[this, over = std::move(over)] {
        std::unique_lock lock{mutex_};
        while (!stopped_.wait_for(lock, watch_every, [this] { return stop_; })) {
          for (request_queue* one : over) one->expire(std::chrono::steady_clock::now());
        }
      }} {}

watchdog::~watchdog() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

}  // namespace nxg::store::sqlite
