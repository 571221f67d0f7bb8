#include "app/storage.hpp"

#include "store/outbox.hpp"

namespace nxg::app {

storage::storage(const settings& values, platform& on, store_use use)
    : documents{open_documents(values, on, use)},
      database{documents.engine, on.time, on.random},
      leases{database, on.process_id},
      audit_records{database},
      body_records{database},
      branches{database},
      day_rows{database},
      diet_plans{database, on.time},
      exercises{database},
      foods{database},
      exercise_logs{database},
      inboxes{database},
      job_runs{database},
      journal{database},
      keyed_operations{database},
      keys{database},
      machines{database},
      meals{database},
      personal_records{database},
      plan_overlays{database},
      points{database},
      refresh_families{database},
      revocations{database},
      sample_buckets{database},
      scans{database},
      users{database},
      visits{database},
      workout_plans{database},
      workouts{database} {
  // The dispatcher's: commands have none, and look after its documents all the same.
  database.add(store::rules_of<store::dead_letter>());
}

}  // namespace nxg::app
