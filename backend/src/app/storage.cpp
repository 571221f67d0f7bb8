#include "app/storage.hpp"

namespace nxg::app {

namespace {

std::shared_ptr<store::sqlite_engine> open_engine(const settings& values, store_use use) {
  store::sqlite_options options;
  options.folder = values.data_dir;
  options.exclusive = use == store_use::serve;
  // A query without an index is a defect of ours: found by tests, survived in production.
  options.strict = values.env == environment::test;
  return store::sqlite_engine::open(options);
}

}  // namespace

storage::storage(const settings& values, platform& on, store_use use)
    : engine{open_engine(values, use)},
      database{engine, on.time, on.random},
      leases{database, on.process_id},
      audit_records{database},
      branches{database},
      day_rows{database},
      exercises{database},
      journal{database},
      keyed_operations{database},
      keys{database},
      machines{database},
      points{database},
      refresh_families{database},
      revocations{database},
      sample_buckets{database},
      users{database},
      visits{database},
      workout_plans{database},
      workouts{database} {
  const auto figure = [&](std::string_view name, std::string_view help, auto read) {
    registrations.push_back(
        on.metrics.counter_from(name, help, {}, [this, read] { return static_cast<double>(read(engine->figures())); }));
  };
  figure("nxg_store_transactions_total", "Transactions committed",
         [](const store::sqlite_figures& now) { return now.transactions; });
  figure("nxg_store_writes_total", "Documents written",
         [](const store::sqlite_figures& now) { return now.operations; });
  figure("nxg_store_queries_total", "Queries answered", [](const store::sqlite_figures& now) { return now.queries; });
  registrations.push_back(
      on.metrics.gauge_from("nxg_store_queued_writes", "Writes that wait for their transaction", {},
                            [this] { return static_cast<double>(engine->figures().queued_writes); }));
}

}  // namespace nxg::app
