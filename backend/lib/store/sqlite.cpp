#include "store/sqlite.hpp"

#include "store/sqlite/connection.hpp"
#include "store/sqlite/request.hpp"
#include "store/sqlite/sql.hpp"
#include "store/sqlite/table.hpp"
#include "store/sqlite/threads.hpp"
#include "store/sqlite/write.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace nxg::store {

namespace {

using namespace sqlite;

using spec_pointer = std::shared_ptr<const collection_spec>;
using table_pointer = std::shared_ptr<const table>;

std::size_t size_of(const std::vector<write_operation>& operations) {
  std::size_t bytes = 0;
  for (const auto& one : operations) bytes += one.document.bytes.size() + 256 * (one.changes.size() + 1);
  return bytes;
}

class query_request final : public request {
 public:
  query_request(sql_query what, selecting columns, bool strict, steady_instant deadline)
      : request{effect::reads, 1, what.text.size(), deadline},
        what_{std::move(what)},
        columns_{columns},
        strict_{strict} {}

  outcome run(connection& on) override {
    bool fresh = false;
    {
      const sqlite::run known = on.prepare(what_.text, &fresh);
    }
    if (fresh && strict_) require_index(on, what_);
    sqlite::run rows = on.prepare(what_.text);
    what_.bind(rows);
    outcome found;
    while (rows.step()) {
      if (columns_ == selecting::number) {
        found.number = static_cast<std::uint64_t>(rows.integer(0));
      } else {
        found.documents.push_back({std::string{rows.text(0)}});
      }
    }
    return found;
  }

 private:
  sql_query what_;
  selecting columns_;
  bool strict_;
};

class write_request final : public request {
 public:
  write_request(table_pointer in, std::vector<write_operation> what, instant now, bool strict, steady_instant deadline)
      : request{effect::writes, what.size(), size_of(what), deadline},
        table_{std::move(in)},
        what_{std::move(what)},
        now_{now},
        strict_{strict} {}

  outcome run(connection& on) override {
    outcome done;
    done.results.reserve(what_.size());
    for (const auto& one : what_) done.results.push_back(perform(on, *table_, one, now_, strict_));
    return done;
  }

 private:
  table_pointer table_;
  std::vector<write_operation> what_;
  instant now_;
  bool strict_;
};

/// Something the writer does by itself; no time-out: an index over a large collection takes what it takes.
class job_request final : public request {
 public:
  explicit job_request(std::function<outcome(connection&)> job)
      : request{effect::writes, 1, 0, steady_instant::max()}, job_{std::move(job)} {}
  outcome run(connection& on) override { return job_(on); }
  [[nodiscard]] bool alone() const noexcept override { return true; }

 private:
  std::function<outcome(connection&)> job_;
};

/// Made here because SQLite would let others read it.
std::filesystem::path private_file(std::filesystem::path file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) {
    throw error{failure::unavailable, file.string() + " cannot be written: " + std::system_category().message(errno)};
  }
  ::close(handle);
  return file;
}

class engine_on_sqlite final : public sqlite_engine {
 public:
  explicit engine_on_sqlite(sqlite_options options)
      : options_{std::move(options)},
        lock_{options_.folder, options_.exclusive},
        file_{private_file(options_.folder / sqlite_engine::file_name)},
        writer_{file_, options_, counters_},
        readers_{file_, options_, counters_},
        watchdog_{{&writer_.queue(), &readers_.queue()}} {}

  stored_document encode(const std::function<void(document_sink&)>& write) const override {
    stored_document made;
    schema::json_sink sink{made.bytes};
    write(sink);
    return made;
  }

  document_value decode(const stored_document& document) const override {
    try {
      return schema::document_from_json(document.bytes);
    } catch (const schema::invalid& why) {
      throw error{failure::unavailable, std::string{"a stored document cannot be read: "} + why.what()};
    }
  }

  task<void> prepare(spec_pointer collection) override {
    auto job = [made = std::make_shared<const table>(std::move(collection))](connection& on) {
      prepare_table(on, *made);
      return outcome{};
    };
    co_await wait_for(std::make_shared<job_request>(std::move(job)), writer_.queue());
  }

  task<std::vector<std::string>> missing(spec_pointer collection) override {
    auto job = [made = std::make_shared<const table>(std::move(collection))](connection& on) {
      outcome found;
      found.sentences = missing_objects(on, *made);
      return found;
    };
    outcome found = co_await wait_for(std::make_shared<job_request>(std::move(job)), writer_.queue());
    co_return std::move(found.sentences);
  }

  task<std::vector<stored_document>> find(spec_pointer collection, query what, instant now) override {
    outcome found = co_await read(std::move(collection), std::move(what), now, selecting::documents);
    co_return std::move(found.documents);
  }

  task<std::uint64_t> count(spec_pointer collection, query what, instant now) override {
    const outcome found = co_await read(std::move(collection), std::move(what), now, selecting::number);
    co_return found.number;
  }

  task<std::vector<write_result>> write(spec_pointer collection, std::vector<write_operation> operations,
                                        instant now) override {
    if (operations.empty()) co_return std::vector<write_result>{};
    auto one =
        std::make_shared<write_request>(table_of(collection), std::move(operations), now, options_.strict, deadline());
    outcome done = co_await wait_for(std::move(one), writer_.queue());
    co_return std::move(done.results);
  }

  sqlite_figures figures() const override {
    return {counters_.transactions, counters_.operations, counters_.queries, readers_.queue().size(),
            writer_.queue().size()};
  }

  task<std::vector<std::string>> check() override {
    auto job = [](connection& on) {
      outcome found;
      sqlite::run all = on.prepare("PRAGMA integrity_check");
      while (all.step()) found.sentences.emplace_back(all.text(0));
      if (found.sentences == std::vector<std::string>{"ok"}) found.sentences.clear();
      return found;
    };
    outcome found = co_await wait_for(std::make_shared<job_request>(std::move(job)), writer_.queue());
    co_return std::move(found.sentences);
  }

 private:
  task<outcome> read(spec_pointer collection, query what, instant now, selecting columns) {
    auto one = std::make_shared<query_request>(spell(*table_of(collection), what, now, columns), columns,
                                               options_.strict, deadline());
    return wait_for(std::move(one), readers_.queue());
  }

  [[nodiscard]] steady_instant deadline() const { return std::chrono::steady_clock::now() + options_.time_out; }

  table_pointer table_of(const spec_pointer& collection) {
    {
      const std::shared_lock lock{tables_mutex_};
      const auto known = tables_.find(collection.get());
      if (known != tables_.end()) return known->second;
    }
    const std::unique_lock lock{tables_mutex_};
    auto& made = tables_[collection.get()];
    if (!made) made = std::make_shared<const table>(collection);  // keeps the declaration, and so its address
    return made;
  }

  sqlite_options options_;
  runtime::folder_lock lock_;
  std::filesystem::path file_;
  counters counters_;
  std::shared_mutex tables_mutex_;
  std::unordered_map<const collection_spec*, table_pointer> tables_;
  mutable writer writer_;
  mutable readers readers_;
  watchdog watchdog_;
};

}  // namespace

std::shared_ptr<sqlite_engine> sqlite_engine::open(sqlite_options options) {
  const std::filesystem::path file = options.folder / sqlite_engine::file_name;
  try {
    return std::make_shared<engine_on_sqlite>(std::move(options));
  } catch (const sqlite::failed& why) {
    throw sqlite::to_error(why, file);
  } catch (const runtime::folder_unusable& why) {
    throw error{failure::unavailable, why.what()};
  }
}

}  // namespace nxg::store
