#pragma once

#include "events/floor_handlers.hpp"
#include "repositories/branches.hpp"
#include "repositories/day_rows.hpp"
#include "repositories/journal.hpp"
#include "repositories/machines.hpp"
#include "repositories/points.hpp"
#include "repositories/sample_buckets.hpp"
#include "repositories/users.hpp"
#include "repositories/visits.hpp"
#include "repositories/workouts.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/accounts/audit.hpp"
#include "services/accounts/data_seals.hpp"
#include "services/accounts/keys.hpp"
#include "services/live/live_channel.hpp"
#include "services/machines/link_service.hpp"
#include "services/machines/presence.hpp"
#include "services/points/ledger.hpp"
#include "services/telemetry/fold.hpp"
#include "services/telemetry/intake.hpp"
#include "services/telemetry/journal.hpp"
#include "services/visits/branch_floor.hpp"
#include "services/visits/visit_service.hpp"
#include "services/workouts/closing.hpp"
#include "services/workouts/history.hpp"
#include "services/workouts/projections.hpp"
#include "store/database.hpp"
#include "store/outbox.hpp"
#include "store/sqlite.hpp"
#include "utilities/sealing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nxg::testing {

/// What was told live, in order.
class told final : public live_channel {
 public:
  struct message {
    std::string to;
    std::string event;
    std::string json;
  };
  [[nodiscard]] std::vector<message> of(std::string_view event) const {
    std::vector<message> found;
    for (const auto& one : messages_) {
      if (one.event == event) found.push_back(one);
    }
    return found;
  }
  [[nodiscard]] const std::vector<message>& all() const { return messages_; }
  void clear() { messages_.clear(); }

 protected:
  task<void> keep(uuid member, const live::sent& what, uuid, std::string json) override {
    show_member(member, what, std::move(json));
    co_return;
  }
  void show_member(const uuid& member, const live::sent& what, std::string json) override {
    note(std::string{live::namespace_of(what.to)}.substr(1) + ':' + member.to_string(), what, std::move(json));
  }
  void show_branch(const uuid& branch, const live::sent& what, std::string json) override {
    note("branch:" + branch.to_string(), what, std::move(json));
  }
  void show_staff(const uuid& branch, const live::sent& what, std::string json) override {
    note("staff:" + branch.to_string(), what, std::move(json));
  }
  void show_machine(const uuid& machine, const live::sent& what, std::string json) override {
    note("machine:" + machine.to_string(), what, std::move(json));
  }

 private:
  void note(std::string to, const live::sent& what, std::string json) {
    messages_.push_back({std::move(to), std::string{what.name}, std::move(json)});
  }
  std::vector<message> messages_;  // everything runs on one thread here
};

class facts_of_nobody final : public member_facts {
 public:
  task<body_facts> body_of(uuid) override { co_return body_facts{70, 30, body_sex::female}; }
};

/// Everything of one process on one thread: the parts of the gym floor over a real store. Another one on the same
/// folder is what starts after the first died.
class process {
 public:
  process(const std::filesystem::path& where, runtime::clock& clock);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// Runs the loop until the task has ended.
  template <class T>
  T run(task<T> what) {
    auto result = boost::asio::co_spawn(io, std::move(what), boost::asio::use_future);
    turn_until([&] { return result.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
    return result.get();
  }
  /// Runs the loop until that is so; fails the test after 10 s.
  void turn_until(const std::function<bool()>& so);
  /// Runs events to their end.
  void settle();

  branch open_branch(std::vector<opening_hours> hours = {});
  machine enrol(const branch& at, machine_class kind = machine_class::treadmill, std::string name = "Treadmill 1");
  uuid new_member();
  uuid new_id();
  visit check_in(const uuid& member, const branch& at);
  /// Sends over one stream and waits for the ack.
  samples::ack send(const std::shared_ptr<samples::stream>& by, const epoch& of, std::vector<sample> what);
  std::shared_ptr<samples::stream> stream_of(const uuid& machine);

  boost::asio::io_context io{1};
  runtime::clock& time;
  runtime::secure_random random;
  telemetry::metrics metrics;
  runtime::blocking_pool pool{"test", 1, 64};
  std::shared_ptr<store::sqlite_engine> engine;
  store::database database;

  branch_repository branches;
  machine_repository machines;
  visit_repository visits_kept;
  workout_repository workouts_kept;
  journal_repository segments;
  sample_bucket_repository buckets;
  day_row_repository rows_kept;
  points_repository points_kept;
  user_repository users_kept;

  key_service keys;
  data_seals seals;
  audit_log audit;
  told live;
  facts_of_nobody facts;
  workouts::workout_samples samples_of;
  workouts::closing closing;
  workouts::projections rows;
  workouts::history history;
  points::ledger ledger;
  link_service links;
  machine_presence presence;
  visit_service visits;
  branch_floor who_is_where;
  samples::journal journal;
  samples::intake intake;
  samples::folder folder;
  std::optional<store::dispatcher> dispatcher;
};

/// One sample a second of somebody who runs at 9 km/h.
[[nodiscard]] sample running(std::int64_t seq, const uuid& link, instant at);
[[nodiscard]] std::vector<sample> run_of(std::int64_t from, std::int64_t to, const uuid& link, instant at);

}  // namespace nxg::testing
