#include "sqlite_host.hpp"

#include "store/sqlite/connection.hpp"
#include "store/sqlite/request.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace nxg::store::testing {

namespace {

class sqlite_store : public ::testing::Test {
 protected:
  std::shared_ptr<sqlite_engine> open(sqlite_options options = {}) {
    options.folder = folder.path();
    return sqlite_engine::open(options);
  }
  template <class T>
  T run(task<T> work) {
    return run_on(loop, std::move(work));
  }
  loan a_loan() {
    return {.id = uuid::version_7(time.now(), random),
            .reader = uuid::version_7(time.now(), random),
            .title = "Emma",
            .since = time.now()};
  }

  runtime::temporary_folder folder{"store"};
  boost::asio::io_context loop;
  runtime::clock time;
  runtime::secure_random random;
};

/// A connection of another process.
class raw_connection {
 public:
  explicit raw_connection(const std::filesystem::path& folder) {
    sqlite3_open((folder / "store.sqlite").c_str(), &handle_);
  }
  ~raw_connection() { sqlite3_close(handle_); }
  raw_connection(const raw_connection&) = delete;
  raw_connection& operator=(const raw_connection&) = delete;
  std::string one(const std::string& sql) {
    std::string result;
    char* message = nullptr;
    const auto take = [](void* into, int, char** values, char**) {
      *static_cast<std::string*>(into) = values[0] ? values[0] : "";
      return 0;
    };
    if (sqlite3_exec(handle_, sql.c_str(), take, &result, &message) != SQLITE_OK) result = message;
    sqlite3_free(message);
    return result;
  }

 private:
  sqlite3* handle_ = nullptr;
};

TEST_F(sqlite_store, documents_are_readable_with_the_shell) {
  database base{open(), time, random};
  collection<loan> loans{base};
  run(prepare(base));
  const loan one = a_loan();
  run(loans.insert(one));
  raw_connection shell{folder.path()};
  EXPECT_EQ(shell.one("SELECT title || ' ' || state FROM loans WHERE id = '" + one.id.to_string() + "'"), "Emma open");
  EXPECT_EQ(shell.one("SELECT doc->>'$.reader' FROM loans"), one.reader.to_string());
  EXPECT_EQ(shell.one("PRAGMA journal_mode"), "wal");
}

TEST_F(sqlite_store, what_was_acknowledged_is_there_after_opening_again) {
  const loan one = a_loan();
  {
    database base{open(), time, random};
    collection<loan> loans{base};
    run(prepare(base));
    run(loans.insert(one));
  }
  database base{open(), time, random};
  collection<loan> loans{base};
  EXPECT_TRUE(run(loans.find(one.id)));
}

TEST_F(sqlite_store, many_callers_share_a_transaction_and_one_that_fails_fails_alone) {
  const auto engine = open();
  database base{engine, time, random};
  collection<loan> loans{base};
  run(prepare(base));
  const loan taken = a_loan();
  run(loans.insert(taken));
  const auto before = engine->figures();
  int inserted = 0, refused = 0;
  raw_connection other{folder.path()};
  other.one("BEGIN IMMEDIATE");  // until all of them wait
  loop.restart();
  for (int i = 0; i < 400; ++i) {
    boost::asio::co_spawn(loop, loans.insert(i % 10 == 0 ? taken : a_loan()),
                          [&](std::exception_ptr e) { e ? ++refused : ++inserted; });
  }
  loop.poll();
  other.one("ROLLBACK");
  loop.run();
  EXPECT_EQ(inserted, 360);
  EXPECT_EQ(refused, 40);
  EXPECT_EQ(run(loans.count()), 361u);
  const auto after = engine->figures();
  EXPECT_EQ(after.operations - before.operations, 400u);
  EXPECT_LE(after.transactions - before.transactions, 2u);
}

TEST_F(sqlite_store, a_folder_is_served_once_while_commands_work_beside) {
  const auto serving = open({.exclusive = true});
  EXPECT_THROW(open({.exclusive = true}), folder_in_use);
  database base{serving, time, random}, beside{open(), time, random};
  collection<loan> loans{base}, from_beside{beside};
  run(prepare(base));
  const loan one = a_loan();
  run(from_beside.insert(one));
  EXPECT_TRUE(run(loans.find(one.id)));
}

TEST_F(sqlite_store, a_folder_is_copied_while_it_is_served) {
  const auto serving = open({.exclusive = true});
  database base{serving, time, random};
  collection<loan> loans{base};
  run(prepare(base));
  for (int i = 0; i < 20; ++i) run(loans.insert(a_loan()));
  const auto into = folder.path() / "backups" / "today";
  raw_connection writing{folder.path()};
  writing.one("BEGIN IMMEDIATE");  // a writer does not stand in the way
  std::filesystem::create_directories(into);
  const auto left = into / "store.sqlite-wal";
  std::ofstream{left} << "of a store that was here";
  copy_sqlite(folder.path(), into);
  EXPECT_FALSE(std::filesystem::exists(left)) << "it would be played over the copy";
  writing.one("ROLLBACK");
  run(loans.insert(a_loan()));
  EXPECT_EQ(std::filesystem::status(into / "store.sqlite").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  database copied{sqlite_engine::open({.folder = into, .strict = true}), time, random};
  collection<loan> as_it_was{copied};
  run(prepare(copied));
  EXPECT_EQ(run(as_it_was.count()), 20u);
  EXPECT_TRUE(run(copied.port().missing(rules_of<loan>()->spec)).empty());

  const auto refused = [](const std::filesystem::path& from, const std::filesystem::path& to) {
    try {
      copy_sqlite(from, to);
    } catch (const error& why) {
      return why.is(failure::unavailable);
    }
    return false;
  };
  EXPECT_TRUE(refused(folder.path(), into));
  EXPECT_TRUE(refused(folder.path() / "nowhere", folder.path() / "other"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "other"));
}

TEST_F(sqlite_store, the_lock_of_a_folder_dies_with_its_process) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto serving = open({.exclusive = true});
    if (write(ready[1], "x", 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_THROW(open({.exclusive = true}), folder_in_use);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_NO_THROW(open({.exclusive = true}));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(sqlite_store, a_full_queue_refuses_at_once_and_what_waits_too_long_is_busy) {
  const auto engine = open({.max_queued_writes = 2, .time_out = std::chrono::seconds{2}});
  database base{engine, time, random};
  collection<loan> loans{base};
  run(prepare(base));
  raw_connection other{folder.path()};
  other.one("BEGIN IMMEDIATE");
  std::map<failure, int> failed;
  int done = 0;
  loop.restart();
  for (int i = 0; i < 10; ++i) {
    boost::asio::co_spawn(loop, loans.insert(a_loan()), [&](std::exception_ptr e) {
      try {
        if (e) std::rethrow_exception(e);
        ++done;
      } catch (const error& why) {
        ++failed[why.failed()];
      }
    });
  }
  loop.run();
  EXPECT_EQ(done, 0);
  EXPECT_EQ(failed[failure::busy], 10);
  other.one("ROLLBACK");
  EXPECT_EQ(run(loans.count()), 0u);
  // And it goes on, once the writer has seen that those who waited are gone.
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  const auto written = [&] {
    try {
      run(loans.insert(a_loan()));
      return true;
    } catch (const error& why) {
      EXPECT_TRUE(why.is(failure::busy)) << why.what();
      return false;
    }
  };
  while (!written()) ASSERT_LT(std::chrono::steady_clock::now(), patience);
  EXPECT_EQ(run(loans.count()), 1u);
}

TEST_F(sqlite_store, a_file_that_is_no_database_is_said_to_be_none) {
  std::filesystem::create_directories(folder.path());
  std::ofstream{folder.path() / "store.sqlite"} << std::string(8192, 'x');
  try {
    open();
    FAIL() << "it was opened";
  } catch (const error& why) {
    EXPECT_TRUE(why.is(failure::unavailable));
    EXPECT_NE(std::string{why.what()}.find("no SQLite database"), std::string::npos) << why.what();
  }
}

TEST_F(sqlite_store, a_collection_that_was_not_prepared_says_so) {
  database base{open(), time, random};
  collection<loan> loans{base};
  try {
    run(loans.count());
    FAIL() << "it was counted";
  } catch (const error& why) {
    EXPECT_NE(std::string{why.what()}.find("migrate"), std::string::npos) << why.what();
  }
}

TEST_F(sqlite_store, failures_of_the_engine_are_told_in_the_stores_words) {
  const auto told = [](int code) { return sqlite::to_error(sqlite::failed{code, "detail"}, "store.sqlite"); };
  EXPECT_TRUE(told(SQLITE_FULL).is(failure::unavailable));
  EXPECT_NE(std::string{told(SQLITE_FULL).what()}.find("full"), std::string::npos);
  EXPECT_NE(std::string{told(SQLITE_READONLY_DBMOVED).what()}.find("read-only"), std::string::npos);
  EXPECT_NE(std::string{told(SQLITE_CORRUPT_INDEX).what()}.find("damaged"), std::string::npos);
  EXPECT_TRUE(told(SQLITE_IOERR_FSYNC).is(failure::unavailable));
  EXPECT_TRUE(told(SQLITE_BUSY_SNAPSHOT).is(failure::busy));
  EXPECT_TRUE(told(SQLITE_INTERRUPT).is(failure::busy));
}

TEST_F(sqlite_store, the_engine_checks_its_file) {
  const auto engine = open();
  EXPECT_TRUE(run(engine->check()).empty());
}

/// The race between a caller and a thread of the engine, step by step.
class requests : public ::testing::Test {
 protected:
  struct counting final : sqlite::request {
    explicit counting(effect what, steady_instant deadline = steady_instant::max()) : request{what, 1, 10, deadline} {}
    outcome run(sqlite::connection&) override { return {}; }
  };

  void wait(std::shared_ptr<sqlite::request> one) {
    loop.restart();
    boost::asio::co_spawn(loop, sqlite::wait_for(std::move(one), queue),
                          boost::asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr e, outcome) {
                            ended = true;
                            thrown = e;
                          }));
    loop.poll();
  }
  std::string result() {
    loop.restart();
    loop.poll();
    if (!ended) return "waits";
    if (!thrown) return "done";
    try {
      std::rethrow_exception(thrown);
    } catch (const error& why) {
      return std::string{to_string(why.failed())};
    } catch (const boost::system::system_error& why) {
      return why.code() == boost::asio::error::operation_aborted ? "aborted" : "else";
    }
  }

  boost::asio::io_context loop;
  boost::asio::cancellation_signal stop;
  sqlite::request_queue queue{"tests", 2, 100};
  bool ended = false;
  std::exception_ptr thrown;
};

TEST_F(requests, a_cancelled_write_that_has_not_begun_never_happens) {
  auto one = std::make_shared<counting>(effect::writes);
  wait(one);
  stop.emit(boost::asio::cancellation_type::all);
  EXPECT_EQ(result(), "aborted");
  EXPECT_FALSE(queue.take(10).front()->begin());
}

TEST_F(requests, a_cancelled_write_that_has_begun_is_unknown) {
  auto one = std::make_shared<counting>(effect::writes);
  wait(one);
  ASSERT_TRUE(queue.take(10).front()->begin());
  stop.emit(boost::asio::cancellation_type::all);
  EXPECT_EQ(result(), "outcome_unknown");
  one->finish({});  // too late, and harmless
}

TEST_F(requests, a_cancelled_read_ends) {
  auto one = std::make_shared<counting>(effect::reads);
  wait(one);
  ASSERT_TRUE(queue.take(10).front()->begin());
  stop.emit(boost::asio::cancellation_type::all);
  EXPECT_EQ(result(), "aborted");
  EXPECT_TRUE(one->abandoned());
}

TEST_F(requests, what_is_late_is_busy_or_unknown) {
  const steady_instant now = std::chrono::steady_clock::now();
  auto one = std::make_shared<counting>(effect::writes, now);
  wait(one);
  queue.expire(now - std::chrono::seconds{1});
  EXPECT_EQ(result(), "waits");
  queue.expire(now);
  EXPECT_EQ(result(), "busy");
  EXPECT_FALSE(queue.take(10).front()->begin());
  ended = false;
  auto two = std::make_shared<counting>(effect::writes, now);
  wait(two);
  ASSERT_TRUE(queue.take(10).front()->begin());
  queue.expire(now);
  EXPECT_EQ(result(), "outcome_unknown");
}

/// Threads that take from the queue, of which one can be kept at its work.
TEST_F(requests, what_waits_behind_a_long_query_gets_a_thread_of_its_own) {
  sqlite::request_queue shared{"tests", 100, 1'000'000};
  const auto slow = std::make_shared<counting>(effect::reads);
  std::promise<void> begun;
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t done = 0;
  const auto work = [&] {
    for (;;) {
      const auto taken = shared.take(1);
      if (taken.empty()) return;
      if (taken.front() == slow) {
        begun.set_value();
        released.wait();
      }
      shared.done(taken);
      const std::lock_guard lock{mutex};
      ++done;
      changed.notify_all();
    }
  };
  const auto wait_for_done = [&](std::size_t count) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, std::chrono::seconds{20}, [&] { return done >= count; });
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(work);
  shared.push(slow);
  begun.get_future().wait();
  // More than are left to one thread: another is woken at once. (It may come early, and go before the last are queued.)
  for (std::size_t i = 0; i <= sqlite::request_queue::few; ++i) shared.push(std::make_shared<counting>(effect::reads));
  EXPECT_TRUE(wait_for_done(1));
  EXPECT_LE(shared.size(), sqlite::request_queue::few);
  shared.expire(std::chrono::steady_clock::now());
  EXPECT_TRUE(wait_for_done(sqlite::request_queue::few + 1));
  // Whoever comes when it has been at work for a while is not left behind it, nor is what `expire` finds.
  const auto then = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - then <= 4 * sqlite::request_queue::usual) std::this_thread::yield();
  shared.push(std::make_shared<counting>(effect::reads));
  EXPECT_TRUE(wait_for_done(sqlite::request_queue::few + 2));
  shared.push(std::make_shared<counting>(effect::reads));
  shared.expire(std::chrono::steady_clock::now());
  EXPECT_TRUE(wait_for_done(sqlite::request_queue::few + 3));
  release.set_value();
  EXPECT_TRUE(wait_for_done(sqlite::request_queue::few + 4));
  shared.close();
}

TEST_F(requests, a_closed_or_full_queue_refuses) {
  auto one = std::make_shared<counting>(effect::writes);
  queue.push(one);
  queue.push(one);
  wait(std::make_shared<counting>(effect::writes));
  EXPECT_EQ(result(), "busy");
  queue.close();
  ended = false;
  wait(std::make_shared<counting>(effect::writes));
  EXPECT_EQ(result(), "unavailable");
}

}  // namespace

}  // namespace nxg::store::testing
