#pragma once

#include "app/document_engine.hpp"
#include "app/platform.hpp"
#include "repositories/audit_records.hpp"
#include "repositories/body_records.hpp"
#include "repositories/branches.hpp"
#include "repositories/day_rows.hpp"
#include "repositories/diet_plans.hpp"
#include "repositories/exercise_logs.hpp"
#include "repositories/exercises.hpp"
#include "repositories/foods.hpp"
#include "repositories/inboxes.hpp"
#include "repositories/job_runs.hpp"
#include "repositories/journal.hpp"
#include "repositories/keyed_operations.hpp"
#include "repositories/keys.hpp"
#include "repositories/machines.hpp"
#include "repositories/meals.hpp"
#include "repositories/personal_records.hpp"
#include "repositories/plan_overlays.hpp"
#include "repositories/points.hpp"
#include "repositories/refresh_families.hpp"
#include "repositories/revocations.hpp"
#include "repositories/sample_buckets.hpp"
#include "repositories/scans.hpp"
#include "repositories/users.hpp"
#include "repositories/visits.hpp"
#include "repositories/workout_plans.hpp"
#include "repositories/workouts.hpp"
#include "store/database.hpp"
#include "store/leases.hpp"

namespace nxg::app {

/// The store and everything kept in it. Opening throws as `open_documents` does.
struct storage {
  storage(const settings& values, platform& on, store_use use);

  document_engine documents;
  store::database database;
  store::leases leases;

  audit_repository audit_records;
  body_record_repository body_records;
  branch_repository branches;
  day_row_repository day_rows;
  repositories::diet_plans diet_plans;
  repositories::exercises exercises;
  repositories::foods foods;
  repositories::exercise_logs exercise_logs;
  inbox_repository inboxes;
  repositories::job_runs job_runs;
  journal_repository journal;
  keyed_operation_repository keyed_operations;
  key_repository keys;
  machine_repository machines;
  repositories::meals meals;
  repositories::personal_records personal_records;
  repositories::plan_overlays plan_overlays;
  points_repository points;
  refresh_family_repository refresh_families;
  revocation_repository revocations;
  sample_bucket_repository sample_buckets;
  repositories::scans scans;
  user_repository users;
  visit_repository visits;
  repositories::workout_plans workout_plans;
  workout_repository workouts;
};

}  // namespace nxg::app
