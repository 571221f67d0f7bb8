#include "app/document_engine.hpp"

#include "store/mongodb.hpp"
#include "store/sqlite.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace nxg::app {

namespace {

/// Adds a count or a gauge whose value is read from the engine at each scrape.
template <class Engine>
class shown_figures {
 public:
  shown_figures(telemetry::metrics& in, std::shared_ptr<Engine> of, std::vector<telemetry::metrics::registration>& into)
      : in_{in}, of_{std::move(of)}, into_{into} {}

  void count(std::string_view name, std::string_view help, auto read) {
    into_.push_back(in_.counter_from(name, help, {}, reading(read)));
  }
  void gauge(std::string_view name, std::string_view help, auto read) {
    into_.push_back(in_.gauge_from(name, help, {}, reading(read)));
  }

 private:
  std::function<double()> reading(auto read) const {
    return [engine = of_, read] { return static_cast<double>(read(engine->figures())); };
  }

  telemetry::metrics& in_;
  std::shared_ptr<Engine> of_;
  std::vector<telemetry::metrics::registration>& into_;
};

/// A query without an index is a defect of ours: found by tests, survived in production.
bool strict(const settings& values) { return values.env == environment::test; }

document_engine open_sqlite(const settings& values, platform& on, store_use use) {
  store::sqlite_options options;
  options.folder = values.data_dir;
  options.exclusive = use == store_use::serve;
  options.strict = strict(values);
  const bool is_new = !std::filesystem::exists(options.folder / store::sqlite_engine::file_name);
  if (is_new && use == store_use::maintain)
    throw std::runtime_error{"there is no store in " + std::filesystem::absolute(options.folder).string()};
  const auto engine = store::sqlite_engine::open(options);

  document_engine result{engine, [engine] { return engine->check(); }, {}, {}, is_new};
  using figures = store::sqlite_figures;
  shown_figures shown{on.metrics, engine, result.registrations};
  shown.count("nxg_store_transactions_total", "Transactions committed",
              [](const figures& now) { return now.transactions; });
  shown.count("nxg_store_writes_total", "Documents written", [](const figures& now) { return now.operations; });
  shown.count("nxg_store_queries_total", "Queries answered", [](const figures& now) { return now.queries; });
  shown.gauge("nxg_store_queued_writes", "Writes that wait for their transaction",
              [](const figures& now) { return now.queued_writes; });
  return result;
}

/// How long commands take, by their name; names are the driver's, a small set.
class command_times {
 public:
  explicit command_times(telemetry::metrics& into) : into_{into} {}

  void note(const store::mongodb_command& command) {
    const std::lock_guard lock{mutex_};
    auto found = by_name_.find(command.name);
    if (found == by_name_.end()) {
      found = by_name_.emplace(std::string{command.name}, make(command.name)).first;
    }
    found->second.observe(std::chrono::duration<double>(command.took).count());
  }

 private:
  telemetry::histogram make(std::string_view name) {
    return into_.make_histogram("nxg_store_command_duration_seconds", "Commands to MongoDB, until their answer",
                                telemetry::latency_buckets(), {{"command", std::string{name}}});
  }

  telemetry::metrics& into_;
  std::mutex mutex_;
  std::map<std::string, telemetry::histogram, std::less<>> by_name_;
};

/// What keeps a process from starting says which setting is wrong.
std::shared_ptr<store::mongodb_engine> connect(const store::mongodb_options& options) {
  try {
    return store::mongodb_engine::open(options);
  } catch (const store::error& why) {
    throw store::error{why.failed(), std::string{"NXG_MONGODB_URL: "} + why.what()};
  }
}

/// What MongoDB keeps is its server's to check.
task<std::vector<std::string>> nothing_wrong() { co_return std::vector<std::string>{}; }

document_engine open_mongodb(const settings& values, platform& on, store_use use) {
  auto folder = std::make_shared<const runtime::folder_lock>(values.data_dir, use == store_use::serve);
  store::mongodb_options options;
  options.url = values.mongodb_url;
  options.strict = strict(values);
  options.on_command = [times = std::make_shared<command_times>(on.metrics)](const store::mongodb_command& command) {
    times->note(command);
  };
  const auto engine = connect(options);

  document_engine result{engine, nothing_wrong, {}, std::move(folder)};
  using figures = store::mongodb_figures;
  shown_figures shown{on.metrics, engine, result.registrations};
  shown.count("nxg_store_commands_total", "Commands sent to MongoDB", [](const figures& now) { return now.commands; });
  shown.count("nxg_store_failed_commands_total", "Commands MongoDB refused or did not answer",
              [](const figures& now) { return now.failed_commands; });
  shown.count("nxg_store_refused_total", "Calls turned away at once because MongoDB was away or did not keep up",
              [](const figures& now) { return now.refused; });
  shown.gauge("nxg_store_workers", "Connections that are for calls to MongoDB",
              [](const figures& now) { return now.workers; });
  shown.gauge("nxg_store_working", "Calls to MongoDB under way", [](const figures& now) { return now.working; });
  shown.gauge("nxg_store_queued", "Calls that wait for a connection to MongoDB",
              [](const figures& now) { return now.queued; });
  shown.gauge("nxg_store_reachable", "1 while a MongoDB server that takes writes is known",
              [](const figures& now) { return now.reachable ? 1 : 0; });
  return result;
}

}  // namespace

document_engine open_documents(const settings& values, platform& on, store_use use) {
  return values.mongodb_url.empty() ? open_sqlite(values, on, use) : open_mongodb(values, on, use);
}

}  // namespace nxg::app
