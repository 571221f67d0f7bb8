// store_mongodb [SECONDS]: lib/store on MongoDB against bare libmongoc, on the same engine (the one of the tests), the
// same documents, write concern and number of callers, in turns, in one run. Prints one JSON object of operations per
// second.

#include "backend/lib/store/tests/mongodb/server.hpp"
#include "runtime/random.hpp"
#include "store/collection.hpp"
#include "store/database.hpp"
#include "store/mongodb.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <mongoc/mongoc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace nxg;
namespace asio = boost::asio;

constexpr std::size_t callers = 64;
constexpr std::size_t bulk_callers = 4;
constexpr std::size_t bulk_size = 1'000;
constexpr std::size_t documents = 20'000;  // those that are looked for
constexpr std::size_t body_bytes = 180;
constexpr int turns = 5;

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
          .shard = unsharded("a benchmark"),
          .owner = nobodys("machine data"),
          .exported = not_exported("machine data"),
          .erased = not_erased("machine data"),
          .kept = kept_for_good("a benchmark"),
          .indexes = {index_of<record>("by_machine").on<&record::machine_id>().on<&record::at>()}};
}

using deadline = std::chrono::steady_clock::time_point;

/// What both sides are given.
struct world {
  runtime::clock time;
  runtime::secure_random random;
  uuid machine = uuid::version_7(time.now(), random);
  std::vector<uuid> ids;

  record make() {
    return {.id = uuid::version_7(time.now(), random),
            .version = 0,
            .machine_id = machine,
            .at = time.now(),
            .body = std::string(body_bytes, 'x')};
  }
};

/// Operations per second of `callers` who go on until the time is over.
struct rates {
  double find = 0, insert = 0, bulk = 0;
};

class through_store {
 public:
  through_store(const std::string& url, world& in)
      : world_{&in}, database_{store::mongodb_engine::open({.url = url}), in.time, in.random}, records_{database_} {
    spawn_all(1, [this](deadline) { return store::prepare(database_); }, deadline{});
  }

  double finds(deadline end) {
    return spawn_all(callers, [this](deadline until) { return find_on(until); }, end);
  }
  double inserts(deadline end) {
    return spawn_all(callers, [this](deadline until) { return insert_on(until); }, end);
  }
  double bulks(deadline end) {
    return spawn_all(bulk_callers, [this](deadline until) { return bulk_on(until); }, end);
  }

  void fill() {
    while (world_->ids.size() < documents) {
      spawn_all(1, [this](deadline) { return fill_some(); }, deadline{});
    }
  }

 private:
  template <class Work>
  double spawn_all(std::size_t number, Work work, deadline end) {
    done_ = 0;
    const auto begun = std::chrono::steady_clock::now();
    asio::io_context loop{1};
    for (std::size_t i = 0; i < number; ++i) {
      asio::co_spawn(loop, work(end), [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
      });
    }
    loop.run();
    return static_cast<double>(done_) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }

  task<void> find_on(deadline end) {
    while (std::chrono::steady_clock::now() < end) {
      const auto found = co_await records_.find(world_->ids[next_++ % world_->ids.size()]);
      if (!found) throw std::runtime_error{"a document is gone"};
      ++done_;
    }
  }
  task<void> insert_on(deadline end) {
    while (std::chrono::steady_clock::now() < end) {
      const record one = world_->make();
      co_await records_.insert(one);
      ++done_;
    }
  }
  task<void> bulk_on(deadline end) {
    while (std::chrono::steady_clock::now() < end) {
      store::bulk<record> many;
      for (std::size_t i = 0; i < bulk_size; ++i) many.insert(world_->make());
      co_await records_.write(std::move(many));
      done_ += bulk_size;
    }
  }
  task<void> fill_some() {
    store::bulk<record> many;
    for (std::size_t i = 0; i < bulk_size; ++i) {
      const record one = world_->make();
      world_->ids.push_back(one.id);
      many.insert(one);
    }
    co_await records_.write(std::move(many));
  }

  world* world_;
  store::database database_;
  store::collection<record> records_;
  std::size_t done_ = 0, next_ = 0;
};

/// The same documents and commands by hand: a thread and a connection per caller.
class bare {
 public:
  bare(const std::string& url, world& in) : world_{&in}, uri_{mongoc_uri_new(url.c_str())} {
    mongoc_uri_set_option_as_int32(uri_, MONGOC_URI_MAXPOOLSIZE, static_cast<int>(callers));
    pool_ = mongoc_client_pool_new(uri_);
  }
  ~bare() {
    mongoc_client_pool_destroy(pool_);
    mongoc_uri_destroy(uri_);
  }
  bare(const bare&) = delete;
  bare& operator=(const bare&) = delete;

  double finds(deadline end) {
    return run(callers, end, [this](mongoc_collection_t* in) { return find_one(in); });
  }
  double inserts(deadline end) {
    return run(callers, end, [this](mongoc_collection_t* in) { return insert(in, 1); });
  }
  double bulks(deadline end) {
    return run(bulk_callers, end, [this](mongoc_collection_t* in) { return insert(in, bulk_size); });
  }

 private:
  template <class Work>
  double run(std::size_t number, deadline end, Work work) {
    std::atomic<std::size_t> done{0};
    const auto begun = std::chrono::steady_clock::now();
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < number; ++i) {
      threads.emplace_back([&] {
        mongoc_client_t* client = mongoc_client_pool_pop(pool_);
        mongoc_collection_t* records = mongoc_client_get_collection(client, mongoc_uri_get_database(uri_), "records");
        while (std::chrono::steady_clock::now() < end) done += work(records);
        mongoc_collection_destroy(records);
        mongoc_client_pool_push(pool_, client);
      });
    }
    threads.clear();
    return static_cast<double>(done) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }

  std::size_t find_one(mongoc_collection_t* in) {
    const std::string id = world_->ids[next_++ % world_->ids.size()].to_string();
    bson_t* filter = BCON_NEW("_id", BCON_UTF8(id.c_str()));
    bson_t* options = BCON_NEW("limit", BCON_INT64(1), "singleBatch", BCON_BOOL(true), "maxTimeMS", BCON_INT64(4'500));
    mongoc_cursor_t* cursor = mongoc_collection_find_with_opts(in, filter, options, nullptr);
    const bson_t* found = nullptr;
    if (!mongoc_cursor_next(cursor, &found)) throw std::runtime_error{"a document is gone"};
    mongoc_cursor_destroy(cursor);
    bson_destroy(options);
    bson_destroy(filter);
    return 1;
  }

  bson_t* make() {
    const record one = world_->make();
    bson_t* made = bson_new();
    bson_append_utf8(made, "_id", -1, one.id.to_string().c_str(), -1);
    bson_append_int64(made, "version", -1, 1);
    bson_append_utf8(made, "machineId", -1, one.machine_id.to_string().c_str(), -1);
    bson_append_date_time(made, "at", -1, one.at.time_since_epoch().count());
    bson_append_utf8(made, "body", -1, one.body.c_str(), -1);
    bson_append_int64(made, "_schema", -1, 1);
    return made;
  }

  std::size_t insert(mongoc_collection_t* in, std::size_t number) {
    std::vector<const bson_t*> made;
    for (std::size_t i = 0; i < number; ++i) made.push_back(make());
    bson_t* options = BCON_NEW("writeConcern", "{", "w", BCON_INT32(1), "j", BCON_BOOL(true), "}");
    bson_error_t why{};
    const bool good = number == 1 ? mongoc_collection_insert_one(in, made.front(), options, nullptr, &why)
                                  : mongoc_collection_insert_many(in, made.data(), number, options, nullptr, &why);
    if (!good) throw std::runtime_error{why.message};
    bson_destroy(options);
    for (const bson_t* one : made) bson_destroy(const_cast<bson_t*>(one));
    return number;
  }

  world* world_;
  mongoc_uri_t* uri_;
  mongoc_client_pool_t* pool_ = nullptr;
  std::atomic<std::size_t> next_{0};
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Both in turns, so that what else happens on the machine happens to both.
template <class Ours, class Theirs>
std::string row(const char* name, double seconds, Ours ours, Theirs theirs) {
  std::vector<double> ratios, mine, bare_rates;
  for (int i = 0; i < turns; ++i) {
    const auto end = [&] {
      return std::chrono::steady_clock::now() +
             std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>{seconds});
    };
    mine.push_back(ours(end()));
    bare_rates.push_back(theirs(end()));
    ratios.push_back(mine.back() / bare_rates.back());
  }
  return fmt::format(R"("{}":{{"ours":{:.0f},"raw":{:.0f},"ratio":{:.2f}}})", name, median(mine), median(bare_rates),
                     median(ratios));
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count > 1 ? std::atof(arguments[1]) : 2;
  const store::testing::mongodb_server server;
  const std::string url = store::testing::url_of(server.socket(), "bench");
  world both;
  through_store ours{url, both};
  ours.fill();
  bare raw{url, both};
  const std::string find =
      row("find", seconds, [&](deadline end) { return ours.finds(end); }, [&](deadline end) { return raw.finds(end); });
  const std::string insert = row(
      "insert", seconds, [&](deadline end) { return ours.inserts(end); },
      [&](deadline end) { return raw.inserts(end); });
  const std::string bulk =
      row("bulk", seconds, [&](deadline end) { return ours.bulks(end); }, [&](deadline end) { return raw.bulks(end); });
  fmt::print("{{{},{},{}}}\n", find, insert, bulk);
}
