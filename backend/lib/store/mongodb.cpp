#include "store/mongodb.hpp"

#include "store/mongodb/bson.hpp"
#include "store/mongodb/call.hpp"
#include "store/mongodb/driver.hpp"
#include "store/mongodb/indexes.hpp"
#include "store/mongodb/query.hpp"
#include "store/mongodb/session.hpp"
#include "store/mongodb/url.hpp"
#include "store/mongodb/workers.hpp"
#include "store/mongodb/write.hpp"

#include <algorithm>
#include <utility>

namespace nxg::store {

namespace {

using namespace mongodb;

using spec_pointer = std::shared_ptr<const collection_spec>;

constexpr std::chrono::milliseconds longest_time_out{5'000};
constexpr std::int64_t oldest_server = 5;  // dotted names, operators without fields

std::size_t size_of(const std::vector<write_operation>& operations) {
  std::size_t bytes = 0;
  for (const auto& one : operations) bytes += one.document.bytes.size() + 256 * (one.changes.size() + 1);
  return bytes;
}

mongodb_options bounded(mongodb_options options) {
  options.workers = std::max<std::size_t>(options.workers, 1);
  options.time_out = std::clamp(options.time_out, std::chrono::milliseconds{1}, longest_time_out);
  return options;
}

class engine_on_mongodb final : public mongodb_engine {
 public:
  explicit engine_on_mongodb(mongodb_options options)
      : options_{bounded(std::move(options))},
        driver_{parse_url(options_.url, options_.workers, options_.time_out), options_},
        plans_{options_.strict},
        workers_{driver_, options_} {
    greet();
  }

  stored_document encode(const std::function<void(document_sink&)>& write) const override {
    bson_writer sink{bson_writer::purpose::document};
    write(sink);
    return {sink.take()};
  }

  document_value decode(const stored_document& document) const override { return mongodb::decode(document.bytes); }

  task<void> prepare(spec_pointer collection) override {
    // No time-out: an index over a large collection takes what it takes.
    const auto patience = options_.index_time;
    auto job = [this, collection = std::move(collection), patience](session&) {
      const auto client = driver_.patient_client(patience);
      session patient{driver_, client.get(), std::chrono::steady_clock::now() + patience, patience};
      mongodb::prepare(patient, *collection);
      return outcome{};
    };
    const steady_instant end = std::chrono::steady_clock::now() + patience;
    co_await wait_for(std::make_shared<call>(effect::writes, 0, end, std::move(job)), workers_);
  }

  task<std::vector<std::string>> missing(spec_pointer collection) override {
    auto job = [collection = std::move(collection)](session& on) {
      outcome found;
      found.sentences = mongodb::missing(on, *collection);
      return found;
    };
    outcome found = co_await wait_for(std::make_shared<call>(effect::reads, 0, deadline(), std::move(job)), workers_);
    co_return std::move(found.sentences);
  }

  task<std::vector<stored_document>> find(spec_pointer collection, query what, instant now) override {
    auto job = [this, collection = std::move(collection), what = std::move(what), now](session& on) {
      plans_.require_index(on, *collection, what, now);
      outcome found;
      found.documents = mongodb::find(on, *collection, what, now);
      return found;
    };
    outcome found = co_await wait_for(std::make_shared<call>(effect::reads, 0, deadline(), std::move(job)), workers_);
    co_return std::move(found.documents);
  }

  task<std::uint64_t> count(spec_pointer collection, query what, instant now) override {
    auto job = [this, collection = std::move(collection), what = std::move(what), now](session& on) {
      plans_.require_index(on, *collection, what, now, false);
      outcome counted;
      counted.number = mongodb::count(on, *collection, what, now);
      return counted;
    };
    const outcome counted =
        co_await wait_for(std::make_shared<call>(effect::reads, 0, deadline(), std::move(job)), workers_);
    co_return counted.number;
  }

  task<std::vector<write_result>> write(spec_pointer collection, std::vector<write_operation> operations,
                                        instant now) override {
    if (operations.empty()) co_return std::vector<write_result>{};
    const std::size_t bytes = size_of(operations);
    // Nobody waits for an abandoned call: what it has not begun is left alone.
    auto self = std::make_shared<std::weak_ptr<call>>();
    auto job = [this, self, collection = std::move(collection), operations = std::move(operations), now](session& on) {
      const auto abandoned = [&] {
        const auto one = self->lock();
        return one && one->abandoned();
      };
      outcome done;
      done.results = perform_all({&on, collection.get(), &plans_, now}, operations, abandoned);
      return done;
    };
    auto one = std::make_shared<call>(effect::writes, bytes, deadline(), std::move(job));
    *self = one;
    outcome done = co_await wait_for(std::move(one), workers_);
    co_return std::move(done.results);
  }

  mongodb_figures figures() const override {
    return {.commands = driver_.commands(),
            .failed_commands = driver_.failed_commands(),
            .refused = workers_.refused(),
            .workers = options_.workers,
            .working = workers_.working(),
            .queued = workers_.queued(),
            .reachable = driver_.reachable()};
  }

 private:
  [[nodiscard]] steady_instant deadline() const { return std::chrono::steady_clock::now() + options_.time_out; }

  /// Finds out at the start what would fail later.
  void greet() {
    const auto client = driver_.lend();
    session on{driver_, client.get(), deadline(), options_.time_out};
    bson_writer question;
    question.add("buildInfo", 1);
    const reply answer = on.read(question, "*");
    if (answer.integer("versionArray.0") < oldest_server) {
      throw error{failure::unavailable, "MongoDB at " + driver_.where().hosts + " is version " +
                                            std::string{text_in(answer.document(), "version")} +
                                            "; 5.0 or later is needed"};
    }
    // Also those that need rights: who may ask this may use the database.
    bson_writer look{"find", "_collections"};
    look.add("limit", 1);
    on.read(look, "_collections");
  }

  mongodb_options options_;
  mutable driver driver_;
  plan_check plans_;
  workers workers_;
};

}  // namespace

std::shared_ptr<mongodb_engine> mongodb_engine::open(mongodb_options options) {
  return std::make_shared<engine_on_mongodb>(std::move(options));
}

}  // namespace nxg::store
