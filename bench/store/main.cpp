// store_bench FOLDER: durable inserts through lib/store against raw SQLite on the same disk, same document size, in one
// run. Prints one JSON object of inserts per second.

#include "runtime/blocking_pool.hpp"
#include "store/collection.hpp"
#include "store/database.hpp"
#include "store/sqlite.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace nxg;
namespace asio = boost::asio;

struct record {
  uuid id;
  std::int64_t version = 0;
  uuid machine_id;
  instant at{};
  std::string body;
};
BOOST_DESCRIBE_STRUCT(record, (), (id, version, machine_id, at, body))

store::declaration<record> declare(store::tag<record>) {
  using namespace store;
  return {.name = "records",
          .schema = 1,
          .shard = sharded_by<&record::machine_id>(),
          .owner = nobodys("machine data"),
          .exported = not_exported("machine data"),
          .erased = not_erased("machine data"),
          .kept = kept_for_good("a benchmark"),
          .indexes = {index_of<record>("by_machine").on<&record::machine_id>().on<&record::at>()}};
}

constexpr std::size_t small_bytes = 180;
constexpr std::size_t segment_bytes = 64 * 110;

class bench {
 public:
  explicit bench(const std::filesystem::path& folder)
      : database_{store::sqlite_engine::open({.folder = folder / "ours", .exclusive = true}), time_, random_},
        records_{database_} {}

  void prepare() {
    run([this]() -> task<> { co_await store::prepare(database_); });
  }

  double inserts(std::size_t callers, std::size_t each, std::size_t body_bytes) {
    return timed(callers * each, [&] {
      asio::io_context loop{1};
      for (std::size_t i = 0; i < callers; ++i) asio::co_spawn(loop, insert_many(each, body_bytes), rethrow);
      loop.run();
    });
  }

  double bulks(std::size_t callers, std::size_t each, std::size_t size) {
    return timed(callers * each * size, [&] {
      asio::io_context loop{1};
      for (std::size_t i = 0; i < callers; ++i) asio::co_spawn(loop, write_bulks(each, size), rethrow);
      loop.run();
    });
  }

  template <class Work>
  static double timed(std::size_t operations, Work work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return static_cast<double>(operations) /
           std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }

 private:
  static void rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  }

  template <class Job>
  void run(Job job) {
    asio::io_context loop{1};
    asio::co_spawn(loop, job(), rethrow);
    loop.run();
  }

  record make(std::size_t body_bytes) {
    return {.id = uuid::version_7(time_.now(), random_),
            .version = 0,
            .machine_id = machine_,
            .at = time_.now(),
            .body = std::string(body_bytes, 'x')};
  }

  task<> insert_many(std::size_t count, std::size_t body_bytes) {
    for (std::size_t i = 0; i < count; ++i) co_await records_.insert(make(body_bytes));
  }

  task<> write_bulks(std::size_t count, std::size_t size) {
    for (std::size_t i = 0; i < count; ++i) {
      store::bulk<record> many;
      for (std::size_t j = 0; j < size; ++j) many.insert(make(small_bytes));
      co_await records_.write(std::move(many));
    }
  }

  runtime::clock time_;
  runtime::secure_random random_;
  uuid machine_ = uuid::derived_from("machine");
  store::database database_;
  store::collection<record> records_;
};

/// The same table by hand: id, document, one index on a virtual column.
double raw_inserts(const std::filesystem::path& file, std::size_t transactions, std::size_t rows_each,
                   std::size_t body_bytes) {
  sqlite3* connection = nullptr;
  sqlite3_open(file.c_str(), &connection);
  const auto execute = [&](const char* sql) {
    if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error{sqlite3_errmsg(connection)};
  };
  execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, doc TEXT, machine TEXT AS (doc->>'$.machineId'), at "
      "TEXT AS (doc->>'$.at')) WITHOUT ROWID;"
      "CREATE INDEX IF NOT EXISTS by_machine ON records (machine, at);");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(connection, "INSERT INTO records (id, doc) VALUES (?, ?)", -1, &insert, nullptr);
  runtime::secure_random random;
  runtime::clock time;
  const auto rate = bench::timed(transactions * rows_each, [&] {
    for (std::size_t t = 0; t < transactions; ++t) {
      execute("BEGIN IMMEDIATE");
      for (std::size_t i = 0; i < rows_each; ++i) {
        const auto id = uuid::version_7(time.now(), random).to_string();
        const auto document =
            fmt::format(R"({{"id":"{}","machineId":"m","at":"2026-01-01T00:00:00.000Z","body":"{}"}})", id,
                        std::string(body_bytes, 'x'));
        sqlite3_bind_text(insert, 1, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
        sqlite3_bind_text(insert, 2, document.data(), static_cast<int>(document.size()), SQLITE_TRANSIENT);
        if (sqlite3_step(insert) != SQLITE_DONE) throw std::runtime_error{sqlite3_errmsg(connection)};
        sqlite3_reset(insert);
      }
      execute("COMMIT");
    }
  });
  sqlite3_finalize(insert);
  sqlite3_close(connection);
  return rate;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: store_bench FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder{argv[1]};
  bench ours{folder};
  ours.prepare();
  const double single = ours.inserts(64, 500, small_bytes);
  const double bulk = ours.bulks(4, 25, 1000);
  const double segments = ours.inserts(8, 500, segment_bytes);
  const double raw_single = raw_inserts(folder / "raw_single.sqlite", 10'000, 1, small_bytes);
  const double raw_bulk = raw_inserts(folder / "raw_bulk.sqlite", 100, 1000, small_bytes);
  const double raw_segments = raw_inserts(folder / "raw_segments.sqlite", 500, 8, segment_bytes);
  fmt::print(
      R"({{"oursPerSecond":{:.0f},"oursBulkPerSecond":{:.0f},"segmentsPerSecond":{:.0f},"rawSinglePerSecond":{:.0f},"rawBulkPerSecond":{:.0f},"rawSegmentsPerSecond":{:.0f}}})"
      "\n",
      single, bulk, segments, raw_single, raw_bulk, raw_segments);
}
