#pragma once

#include "models/body_metrics.hpp"
#include "models/branch.hpp"
#include "models/day_rows.hpp"
#include "models/diet_plan.hpp"
#include "models/exercise_log.hpp"
#include "models/inbox.hpp"
#include "models/journal_segment.hpp"
#include "models/machine.hpp"
#include "models/meal.hpp"
#include "models/nutrition_day.hpp"
#include "models/personal_record.hpp"
#include "models/plan_overlay.hpp"
#include "models/points.hpp"
#include "models/sample_bucket.hpp"
#include "models/scan.hpp"
#include "models/user.hpp"
#include "models/visit.hpp"
#include "models/workout.hpp"
#include "models/workout_plan.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nxg {

/// Everything there is, page by page in the order of ids: for checks of the whole store, never for a request.
class census {
 public:
  explicit census(store::database& in);

  using position = std::optional<std::string>;
  task<store::page<user>> accounts(position after) { return page_of(users_, std::move(after)); }
  task<store::page<machine>> machines(position after) { return page_of(machines_, std::move(after)); }
  task<store::page<visit>> visits(position after) { return page_of(visits_, std::move(after)); }
  task<store::page<workout>> workouts(position after) { return page_of(workouts_, std::move(after)); }
  task<store::page<workout_plan>> plans(position after) { return page_of(plans_, std::move(after)); }
  task<store::page<diet_plan>> diet_plans(position after) { return page_of(diet_plans_, std::move(after)); }
  task<store::page<journal_segment>> segments(position after) { return segments_.find_page({}, {}, 8, after); }
  task<store::page<sample_bucket>> buckets(position after) { return page_of(buckets_, std::move(after)); }
  task<store::page<member_day>> member_days(position after) { return page_of(member_days_, std::move(after)); }
  task<store::page<machine_day>> machine_days(position after) { return page_of(machine_days_, std::move(after)); }
  task<store::page<meal>> meals(position after) { return page_of(meals_, std::move(after)); }
  task<store::page<water_entry>> water(position after) { return page_of(water_, std::move(after)); }
  task<store::page<nutrition_day>> nutrition_days(position after) { return page_of(nutrition_days_, std::move(after)); }
  task<store::page<scan>> scans(position after) { return page_of(scans_, std::move(after)); }
  task<store::page<scan_upload>> scan_uploads(position after) { return page_of(scan_uploads_, std::move(after)); }
  task<store::page<avatar>> avatars(position after) { return page_of(avatars_, std::move(after)); }
  task<store::page<body_record>> body_records(position after) { return page_of(body_records_, std::move(after)); }
  task<store::page<points_entry>> entries(position after) { return page_of(entries_, std::move(after)); }
  task<store::page<inbox>> inboxes(position after) { return inboxes_.find_page({}, {}, 8, std::move(after)); }
  task<store::page<points_balance>> balances(position after) { return page_of(balances_, std::move(after)); }

  task<store::page<exercise_log>> logs(position after) { return page_of(logs_, std::move(after)); }
  task<store::page<personal_record>> records(position after) { return page_of(records_, std::move(after)); }
  task<store::page<plan_overlay>> overlays(position after) { return page_of(overlays_, std::move(after)); }

  enum class target : std::uint8_t { user, branch, machine, visit, workout, meal, scan };
  /// Those of the ids that name nothing.
  task<std::set<uuid>> unknown(target what, std::set<uuid> ids);
  task<std::set<std::string>> without_member_day(std::set<std::string> ids);
  task<std::set<std::string>> without_machine_day(std::set<std::string> ids);
  task<std::set<uuid>> without_balance(std::set<uuid> members);
  task<std::map<uuid, points_entry>> entries_among(std::set<uuid> ids);

  /// Whether something follows from the document that is not there yet.
  task<bool> workout_has_undelivered(uuid id);
  task<bool> account_has_undelivered(uuid id);
  /// The same of any food diary: a meal that was removed can no longer be asked for.
  task<bool> diaries_have_undelivered();
  /// Whether a change of some training diary is still to be delivered.
  task<bool> logs_have_undelivered();
  /// Events of a member's ledger that have not moved the balance, so far as this can be told.
  task<std::vector<uuid>> undelivered_of_entry(uuid id);

 private:
  template <class T>
  static task<store::page<T>> page_of(store::collection<T>& in, position after) {
    return in.find_page({}, {}, 200, std::move(after));
  }

  store::database* database_;
  store::collection<branch> branches_;
  store::collection<user> users_;
  store::collection<machine> machines_;
  store::collection<visit> visits_;
  store::collection<workout> workouts_;
  store::collection<workout_plan> plans_;
  store::collection<diet_plan> diet_plans_;
  store::collection<journal_segment> segments_;
  store::collection<sample_bucket> buckets_;
  store::collection<member_day> member_days_;
  store::collection<machine_day> machine_days_;
  store::collection<meal> meals_;
  store::collection<water_entry> water_;
  store::collection<nutrition_day> nutrition_days_;
  store::collection<scan> scans_;
  store::collection<scan_upload> scan_uploads_;
  store::collection<avatar> avatars_;
  store::collection<body_record> body_records_;
  store::collection<points_entry> entries_;
  store::collection<points_balance> balances_;
  store::collection<exercise_log> logs_;
  store::collection<personal_record> records_;
  store::collection<plan_overlay> overlays_;
  store::collection<inbox> inboxes_;
};

}  // namespace nxg
