#include "services/diets/diet_planning.hpp"

#include "coordination/in_process.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/diets/diet_refresh.hpp"
#include "services/diets/tests/larder.hpp"
#include "store/database.hpp"
#include "store/sqlite.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <set>

namespace nxg::diets {
namespace {

using namespace std::chrono_literals;

/// Seals nothing: what is sealed is of no concern here.
struct open_keys final : store::keyring {
  struct plain final : schema::cipher {
    std::string seal(std::string_view, std::string_view text) override { return std::string{text}; }
    std::optional<std::string> open(std::string_view, std::string_view sealed) override { return std::string{sealed}; }
  };
  task<std::shared_ptr<schema::cipher>> cipher_for(std::string, std::string, std::string) override {
    std::shared_ptr<schema::cipher> made = std::make_shared<plain>();
    co_return made;
  }
};

/// A service that does what the test says.
class fake_service final : public integrations::nutrition_planning_service {
 public:
  task<integrations::outside_diet> make_diet(const diet_need& need, steady_instant, bool in_background,
                                             integrations::still_allowed) override {
    ++calls;
    background = background + (in_background ? 1 : 0);
    if (during) during();
    if (!reason.empty()) throw integrations::service_unavailable{reason, "the test says so"};
    integrations::outside_diet made;
    made.target_weight_kg = need.target_weight_kg;
    made.total_macros = need.targets;
    diet_day day;
    planned_meal only;
    only.meal_type = meal_type::lunch;
    only.meal_description = meal;
    only.short_name = "Lunch";
    only.calories = need.targets.energy_kcal;
    day.meals = {only};
    made.days = {day};
    co_return made;
  }
  [[nodiscard]] integrations::service_condition condition() const override {
    return {.service = "nps", .configured = true, .breaker = "closed", .retry_after = 7s};
  }

  std::string meal = "Rice with lentils";
  std::string reason;
  /// Happens while it is at work.
  std::function<void()> during;
  std::atomic<int> calls{0};
  std::atomic<int> background{0};
};

class diet_planning_test : public ::testing::Test {
 protected:
  diet_planning_test() {
    pool.start();
    database.use_keyring(&keys);
    run(store::prepare(database));
    auto all = real_larder();
    for (auto& one : all) one.updated_at = time.now();
    run(foods.write(std::move(all), {}));
  }
  ~diet_planning_test() override { pool.stop(); }

  template <class T>
  T run(task<T> work) {
    auto done = boost::asio::co_spawn(pool.at(0), std::move(work), boost::asio::use_future);
    if (done.wait_for(60s) != std::future_status::ready) throw std::runtime_error{"it hangs"};
    return done.get();
  }

  uuid add_member(std::vector<std::string> allergies = {}, bool consents = true) {
    user member;
    member.id = uuid::version_7(time.now(), random);
    member.goal = training_goal::maintenance;
    member.gender = gender::female;
    member.date_of_birth = schema::local_date{std::chrono::year{1990}, std::chrono::May, std::chrono::day{17}};
    member.height_cm = schema::encrypted<body_height_cm>{body_height_cm{170.0}};
    member.weight_kg = schema::encrypted<body_weight_kg>{body_weight_kg{65.0}};
    if (!allergies.empty()) {
      std::vector<schema::text<1, 100>> notes{allergies.begin(), allergies.end()};
      member.allergies = schema::encrypted<health_notes>{health_notes{std::move(notes)}};
    }
    if (consents) member.consents.push_back({consent_kind::health_data, "1", time.now(), std::nullopt});
    members[member.id] = member;
    return member.id;
  }
  diet_answer generate(uuid member, bool force = false) {
    return run(plans.generate(member, {}, force, uuid::version_7(time.now(), random), time.steady() + 25s));
  }
  error_code refusal(uuid member) {
    return refusal([&] { generate(member); });
  }
  error_code refusal(const std::function<void()>& work) {
    try {
      work();
    } catch (const api_error& error) {
      return error.code();
    }
    return error_code::invalid_request;
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  runtime::io_pool pool{1};
  runtime::temporary_folder folder{"diets"};
  open_keys keys;
  store::database database{store::sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  repositories::foods foods{database};
  repositories::diet_plans kept{database, time};
  std::unique_ptr<coordination::coordinator> shared = coordination::make_in_process(time);
  telemetry::metrics metrics;
  fake_service service;
  std::map<uuid, user> members;
  diet_planning plans{{.members = [this](uuid id) -> task<std::optional<user>> {
                         const auto found = members.find(id);
                         co_return found == members.end() ? std::nullopt : std::optional{found->second};
                       },
                       .plans = kept,
                       .foods = foods,
                       .cache = shared->cache(),
                       .service = service,
                       .targets = [](const user&, const diet_wishes&, instant) -> std::optional<intake> {
                         return intake{2000, 235, 125, 62, 28};
                       },
                       .time = time,
                       .metrics = metrics,
                       .log = telemetry::logger::none()}};
};

TEST_F(diet_planning_test, keeps_one_plan_in_force_and_asks_once) {
  const auto member = add_member();
  const auto first = generate(member);
  EXPECT_EQ(first.source, plan_source::service);
  EXPECT_TRUE(first.is_new);
  EXPECT_EQ(first.plan.content->days.size(), 7U);
  EXPECT_EQ(generate(member).plan.id, first.plan.id);
  EXPECT_EQ(service.calls, 1);
  const auto second = generate(member, true);
  EXPECT_NE(second.plan.id, first.plan.id);
  EXPECT_EQ(run(kept.active_of(member))->id, second.plan.id);
  EXPECT_EQ(run(kept.find(member, first.plan.id))->state, plan_state::retired);
  EXPECT_EQ(run(kept.count_of(member)), 2U);
}

TEST_F(diet_planning_test, refuses_an_unsafe_week_and_cooks_itself) {
  service.meal = "Chicken satay with peanut sauce";
  const auto answer = generate(add_member({"peanuts"}));
  EXPECT_EQ(answer.source, plan_source::rules);
  for (const auto& day : answer.plan.content->days) {
    for (const auto& meal : day.meals) EXPECT_EQ(meal.meal_description.find("eanut"), std::string::npos);
  }
  EXPECT_EQ(refusal(add_member({"a thing nobody knows"})), error_code::invalid_request)
      << "the service's words hold none of it";
  service.reason = "timed_out";
  EXPECT_EQ(refusal(add_member({"a thing nobody knows"})), error_code::plan_service_unavailable);
}

TEST_F(diet_planning_test, uses_no_answer_that_comes_after_the_consent_was_withdrawn) {
  const auto member = add_member();
  service.during = [&] { members.at(member).consents.clear(); };
  const auto given = generate(member);
  EXPECT_EQ(service.calls, 1);
  EXPECT_EQ(given.source, plan_source::rules);
  EXPECT_NE(metrics.render().find("nxg_diet_plans_refused_total{reason=\"consent_withdrawn\"} 1"), std::string::npos);
}

TEST_F(diet_planning_test, one_that_cannot_be_refreshed_does_not_keep_the_others_from_it) {
  const auto broken = add_member();
  const auto other = add_member();
  generate(broken);
  const auto before = generate(other).plan.id;
  time.advance(24h * 16);
  diet_refresh job{plans, kept, time, telemetry::logger::none(), 2000, 1440};
  const auto due = members.at(other).id;
  service.during = [&, first = true]() mutable {
    if (std::exchange(first, false)) throw std::runtime_error{"a document nobody can read"};
  };
  for (int steps = 0; steps < 3; ++steps) run(job.step());
  EXPECT_NE(run(kept.active_of(due))->id, before);
}

TEST_F(diet_planning_test, asks_nobody_without_consent) {
  EXPECT_EQ(generate(add_member({}, false)).source, plan_source::rules);
  EXPECT_EQ(service.calls, 0);
}

TEST_F(diet_planning_test, keeps_the_last_plan_while_the_service_fails_unless_an_allergy_is_new) {
  const auto member = add_member();
  service.meal = "Prawns with rice";
  const auto first = generate(member);
  service.reason = "unavailable";
  time.advance(24h * 30);
  const auto kept_one = generate(member);
  EXPECT_EQ(kept_one.plan.id, first.plan.id);
  EXPECT_EQ(kept_one.source, plan_source::last_plan);
  EXPECT_TRUE(kept_one.stale);
  std::vector<schema::text<1, 100>> notes{"shellfish"};
  members.at(member).allergies = schema::encrypted<health_notes>{health_notes{std::move(notes)}};
  EXPECT_EQ(generate(member).source, plan_source::rules);
}

TEST_F(diet_planning_test, keeps_to_the_profiles_preferences_where_the_request_names_none) {
  const auto member = add_member();
  diet_preferences liked;
  liked.dietary_restrictions = {dietary_restriction::vegan, dietary_restriction::soy_free};
  liked.cuisine_preferences = {{"Indian", {"Dal"}}};
  members[member].diet_preferences = schema::encrypted<diet_preferences>{liked};
  const auto basis = generate(member).plan.content->basis;
  EXPECT_EQ(basis.restrictions, liked.dietary_restrictions);
  EXPECT_EQ(basis.cuisines, liked.cuisine_preferences);
  diet_wishes named;
  named.restrictions = {dietary_restriction::no_pork};
  const auto asked =
      run(plans.generate(member, named, false, uuid::version_7(time.now(), random), time.steady() + 25s));
  EXPECT_EQ(asked.plan.content->basis.restrictions, named.restrictions);
  EXPECT_EQ(asked.plan.content->basis.cuisines, liked.cuisine_preferences);
}

TEST_F(diet_planning_test, a_profile_that_changed_brings_another_plan_or_makes_the_present_one_due) {
  const auto member = add_member();
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::not_possible);
  const auto first = generate(member);
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::not_due);

  members[member].goal = training_goal::muscle_building;
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::refreshed);
  const auto second = run(plans.active(member));
  EXPECT_NE(second.id, first.plan.id);
  EXPECT_EQ(second.content->basis.goal, training_goal::muscle_building);
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::not_due);

  // Nothing better is to be had: the present one does no harm and stays, and is due.
  service.reason = "breaker_open";
  members[member].goal = training_goal::weight_gain;
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::postponed);
  const auto present = run(plans.active(member));
  EXPECT_EQ(present.id, second.id);
  EXPECT_LE(present.next_refresh_at, time.now());

  // It would do harm: the rules make another one at once.
  service.meal = "Rice with milk";
  service.reason.clear();
  run(plans.follow(member));
  service.reason = "breaker_open";
  std::vector<schema::text<1, 100>> milk{std::string{"milk"}};
  members[member].allergies = schema::encrypted<health_notes>{health_notes{std::move(milk)}};
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::refreshed);
  EXPECT_EQ(run(plans.active(member)).source, plan_source::rules);
}

TEST_F(diet_planning_test, a_plan_that_may_do_harm_is_not_shown_until_there_is_another) {
  const auto member = add_member();
  const auto first = generate(member);
  service.reason = "breaker_open";
  std::vector<schema::text<1, 100>> unknown{std::string{"a thing nobody knows"}};
  members[member].allergies = schema::encrypted<health_notes>{health_notes{std::move(unknown)}};
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::postponed);
  EXPECT_EQ(run(kept.active_of(member))->id, first.plan.id);
  EXPECT_EQ(refusal([&] { run(plans.active(member)); }), error_code::plan_not_safe);
  service.reason.clear();
  EXPECT_EQ(run(plans.follow(member)), refresh_outcome::refreshed);
  EXPECT_NE(run(plans.active(member)).id, first.plan.id);
}

TEST_F(diet_planning_test, an_answer_that_is_refused_is_counted_also_where_an_earlier_one_serves) {
  const auto member = add_member({"milk"});
  generate(member);
  service.meal = "Rice with milk";
  EXPECT_EQ(generate(member, true).source, plan_source::cache);
  EXPECT_NE(metrics.render().find("nxg_diet_plans_refused_total{reason=\"unsafe\"} 1"), std::string::npos);
}

TEST_F(diet_planning_test, a_forced_refresh_makes_another_plan_however_soon) {
  const auto member = add_member();
  std::set<uuid> made{generate(member).plan.id};
  // Some of them within one millisecond.
  for (int times = 0; times < 50; ++times) made.insert(generate(member, true).plan.id);
  EXPECT_EQ(made.size(), 51U);
}

TEST_F(diet_planning_test, gives_no_weight_loss_to_the_thin) {
  const auto member = add_member();
  members.at(member).goal = training_goal::weight_loss;
  members.at(member).weight_kg = schema::encrypted<body_weight_kg>{body_weight_kg{52.0}};
  EXPECT_EQ(refusal(member), error_code::plan_not_safe);
}

TEST_F(diet_planning_test, a_request_without_waiting_is_fulfilled_once) {
  const auto member = add_member();
  const auto asked = run(plans.request(member, {}, false, uuid::version_7(time.now(), random)));
  EXPECT_EQ(asked.state, plan_request_state::pending);
  const diet_plan_requested event{member, asked.request_id};
  run(plans.fulfil(event));
  run(plans.fulfil(event));
  EXPECT_EQ(run(kept.count_of(member)), 1U);
  EXPECT_EQ(run(kept.request_of(member))->state, plan_request_state::done);
}

TEST_F(diet_planning_test, the_refresh_replaces_what_is_due_and_postpones_what_it_cannot) {
  const auto one = add_member();
  const auto first = generate(one);
  diet_refresh job{plans, kept, time, telemetry::logger::none(), 2000, 1440};
  EXPECT_EQ(run(job.step()), 0U) << "not due yet";
  time.advance(24h * 16);
  service.reason = "unavailable";
  EXPECT_EQ(run(job.step()), 0U);
  auto tried = run(kept.active_of(one));
  EXPECT_EQ(tried->id, first.plan.id);
  EXPECT_TRUE(tried->last_attempt_at);
  EXPECT_GT(tried->next_refresh_at, time.now());
  service.reason = "quota_exhausted";
  time.advance(24h * 2);
  EXPECT_EQ(run(job.step()), 0U);
  EXPECT_LT(run(kept.active_of(one))->next_refresh_at, time.now()) << "nothing was tried: it stays due";
  service.reason.clear();
  EXPECT_EQ(run(job.step()), 1U);
  EXPECT_NE(run(kept.active_of(one))->id, first.plan.id);
  EXPECT_EQ(service.background, 3);
}

TEST_F(diet_planning_test, a_refresh_the_service_was_spared_stays_due_whatever_the_cache_knows) {
  const auto one = add_member();
  run(plans.withdraw(one, generate(one).plan.id));
  service.reason = "unavailable";
  time.advance(25h);
  EXPECT_EQ(generate(one).source, plan_source::stale_cache);
  service.reason = "quota_exhausted";
  time.advance(49h);
  diet_refresh job{plans, kept, time, telemetry::logger::none(), 2000, 1440};
  EXPECT_EQ(run(job.step()), 0U);
  EXPECT_LT(run(kept.active_of(one))->next_refresh_at, time.now());
}

TEST(diet_refresh_test, begins_at_three) {
  const auto at = [](int hour) {
    return instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 14}} + std::chrono::hours{hour};
  };
  EXPECT_EQ(diet_refresh::last_start(at(3)), at(3));
  EXPECT_EQ(diet_refresh::last_start(at(23)), at(3));
  EXPECT_EQ(diet_refresh::last_start(at(2)), at(-21));
}

}  // namespace
}  // namespace nxg::diets
