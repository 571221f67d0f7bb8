#pragma once

#include "coordination/in_process.hpp"
#include "integrations/planning/planning_service.hpp"
#include "models/user.hpp"
#include "repositories/exercises.hpp"
#include "repositories/workout_plans.hpp"
#include "resilience/one_shot.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/planning.hpp"
#include "services/planning/tests/library.hpp"
#include "store/database.hpp"
#include "store/sqlite.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg::planning {

/// A planning service that does what the test says, and can hold its answers back.
class fake_service final : public integrations::planning_service {
 public:
  task<integrations::outside_plan> make_plan(const training_need& need, steady_instant, integrations::urgency how,
                                             integrations::still_allowed) override {
    ++calls;
    last_urgency = how;
    if (exhausted) throw integrations::service_unavailable{"quota_exhausted", "the test says so"};
    if (held) co_await released.wait();
    if (fails) throw integrations::service_unavailable{"unavailable", "the test says so", std::chrono::seconds{42}};
    integrations::outside_plan plan;
    plan.plan_id = "outside-" + std::to_string(calls.load());
    plan.content.plan_name = "Outside";
    plan.content.difficulty = need.level;
    for (std::int32_t i = 1; i <= need.weekly_workout_days; ++i) plan.content.days.push_back(day(i));
    co_return plan;
  }
  [[nodiscard]] integrations::service_condition condition() const override {
    return {.service = "wps", .breaker = "closed", .retry_after = std::chrono::seconds{7}};
  }

  std::atomic<int> calls{0};
  std::atomic<bool> fails{false};
  std::atomic<bool> exhausted{false};
  std::atomic<integrations::urgency> last_urgency{integrations::urgency::interactive};
  std::atomic<bool> held{false};
  resilience::one_shot released;

 private:
  static plan_day day(std::int32_t number) {
    plan_day one;
    one.day_order = number;
    one.day_name = "Day";
    one.muscle_group = "Legs";
    plan_category core;
    for (const auto* id : {"Quad_Move_0", "Ham_Move_0", "Chest_Move_0"}) {
      plan_exercise entry;
      entry.external_id = id;
      entry.exercise_name = id;
      entry.sets = 3;
      entry.reps_min = entry.reps_max = 10;
      core.exercises.push_back(entry);
    }
    one.categories = {core};
    return one;
  }
};

/// Planning over a real store, with the small library in it.
class planning_fixture {
 public:
  planning_fixture() {
    pool.start();
    run(store::prepare(database));
    auto all = small_library();
    for (auto& one : all) one.updated_at = time.now();
    run(library.write(std::move(all), {}));
  }
  ~planning_fixture() { pool.stop(); }
  planning_fixture(const planning_fixture&) = delete;
  planning_fixture& operator=(const planning_fixture&) = delete;

  template <class T>
  std::future<T> start(task<T> work) {
    return boost::asio::co_spawn(pool.at(started_++), std::move(work), boost::asio::use_future);
  }
  /// Until what was started has gone as far as it goes by itself.
  void let_begin() {
    for (std::size_t core = 0; core < pool.size(); ++core) {
      boost::asio::post(pool.at(core), boost::asio::use_future).get();
    }
  }
  template <class T>
  T run(task<T> work) {
    auto done = start(std::move(work));
    if (done.wait_for(std::chrono::seconds{30}) != std::future_status::ready) throw std::runtime_error{"it hangs"};
    return done.get();
  }

  /// A member with a complete profile.
  uuid add_member(std::vector<std::string> conditions = {}) {
    user member;
    member.id = uuid::version_7(time.now(), random);
    member.level = difficulty_level::intermediate;
    member.goal = training_goal::muscle_building;
    member.date_of_birth = std::chrono::year_month_day{std::chrono::year{1990}, std::chrono::May, std::chrono::day{17}};
    member.height_cm = schema::encrypted<body_height_cm>{body_height_cm{180.0}};
    member.weight_kg = schema::encrypted<body_weight_kg>{body_weight_kg{80.0}};
    if (!conditions.empty()) {
      std::vector<schema::text<1, 100>> notes{conditions.begin(), conditions.end()};
      member.health_conditions = schema::encrypted<health_notes>{health_notes{std::move(notes)}};
    }
    const std::scoped_lock lock{mutex};
    members[member.id] = member;
    return member.id;
  }
  user& member(uuid id) { return members.at(id); }
  void consent(uuid id) {
    members.at(id).consents.push_back({consent_kind::health_data, "1", time.now(), std::nullopt});
  }

  uuid new_id() { return uuid::version_7(time.now(), random); }
  plan_answer generate(uuid member, plan_options options = {}) {
    return run(plans.generate(member, std::move(options), new_id(), time.steady() + std::chrono::seconds{25}));
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  runtime::io_pool pool{2};
  runtime::temporary_folder folder{"planning"};
  store::database database{store::sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  repositories::exercises library{database};
  repositories::workout_plans kept{database};
  exercises::catalogue catalogue{library, time};
  std::unique_ptr<coordination::coordinator> shared = coordination::make_in_process(time);
  telemetry::metrics metrics;
  fake_service service;
  std::mutex mutex;
  std::map<uuid, user> members;
  planning plans{{.members = [this](uuid id) -> task<std::optional<user>> {
                    const std::scoped_lock lock{mutex};
                    const auto found = members.find(id);
                    co_return found == members.end() ? std::nullopt : std::optional{found->second};
                  },
                  .plans = kept,
                  .exercises = catalogue,
                  .cache = shared->cache(),
                  .service = service,
                  .time = time,
                  .metrics = metrics,
                  .log = telemetry::logger::none()}};

 private:
  std::size_t started_ = 0;
};

}  // namespace nxg::planning
