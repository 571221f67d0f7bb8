#include "repositories/branches.hpp"
#include "repositories/machines.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/body/metrics.hpp"
#include "services/points/awards.hpp"
#include "services/upkeep/body_history.hpp"
#include "services/upkeep/derived.hpp"
#include "services/upkeep/records_check.hpp"
#include "services/upkeep/references.hpp"
#include "store/sqlite.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <exception>

namespace nxg::upkeep {
namespace {

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

constexpr schema::local_date the_day{std::chrono::year{2026}, std::chrono::month{1}, std::chrono::day{2}};

class store_check : public ::testing::Test {
 protected:
  store_check() {
    base.use_keyring(&keys);
    run(store::prepare(base));
    person.id = new_id();
    run(store::collection<user>{base}.insert(person));
    gym.id = new_id();
    run(store::collection<branch>{base}.insert(gym));
    treadmill.id = new_id();
    treadmill.branch_id = gym.id;
    run(store::collection<machine>{base}.insert(treadmill));
    stay.id = new_id();
    stay.member_id = person.id;
    stay.branch_id = gym.id;
    stay.local_date = the_day;
    run(store::collection<visit>{base}.insert(stay));
  }

  void run(task<void> work) {
    std::exception_ptr thrown;
    loop.restart();
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e) {
      thrown = e;
      loop.stop();
    });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
  }
  uuid new_id() { return uuid::version_7(time.now(), random); }

  /// A final workout of ten minutes, with its rows, its entry and the balance.
  workout train(double minutes = 10) {
    workout one{.id = new_id(),
                .member_id = person.id,
                .machine_id = treadmill.id,
                .branch_id = gym.id,
                .visit_id = stay.id,
                .state = workout_state::final_,
                .started_at = time.now(),
                .revision = 1,
                .local_date = the_day};
    one.figures = workout_figures{.samples = 3, .duration_seconds = minutes * 60};
    run(store::collection<workout>{base}.insert(one));
    run(rows.set_member_day(person.id, one.local_date));
    run(rows.set_machine_day(treadmill.id, gym.id, one.local_date));
    return one;
  }
  /// As its handlers would.
  void award(const workout& one) {
    points_entry entry{.id = points_entry_id(person.id, points_source::workout, one.id),
                       .member_id = person.id,
                       .source_id = one.id,
                       .points = points::for_workout(*one.figures),
                       .revision = 1};
    run(store::collection<points_entry>{base}.insert(entry));
    run(discard(points.apply(person.id, entry.points, new_id(), time.now())));
  }
  uuid newest_record_of(uuid member) {
    std::optional<user> found;
    run([](user_repository& in, uuid id, std::optional<user>& into) -> task<void> { into = co_await in.find(id); }(
                                                                        users, member, found));
    return found->last_body_record->value().id;
  }
  /// Somebody whose weight was taken, with the record of it in the account alone.
  user weighed(double kg) {
    user one{.id = new_id(), .username = std::string{"another_one"}, .username_key = "another_one"};
    one.email = std::string{"another@example.org"};
    one.weight_kg = schema::encrypted<body_weight_kg>{body_weight_kg{kg}};
    body_record taken{.id = new_id(), .member_id = one.id, .recorded_at = time.now(), .changed = {"weightKg"}};
    taken.values = body::values_of(one, time.now());
    one.last_body_record = taken;
    run(store::collection<user>{base}.insert(one));
    return one;
  }
  template <class T>
  static task<void> discard(task<T> work) {
    co_await std::move(work);
  }

  findings check(bool rebuild = false) {
    findings found;
    run(check_references(all, found));
    run(rules.check(found, rebuild));
    run(check_body_history(all, users, bodies, found, rebuild));
    run(check_personal_records(all, diaries, records, found, rebuild));
    return found;
  }

  boost::asio::io_context loop;
  runtime::clock time;
  runtime::secure_random random;
  open_keys keys;
  const runtime::temporary_folder folder{"check"};
  store::database base{store::sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  census all{base};
  user_repository users{base};
  body_record_repository bodies{base};
  workout_repository workouts{base};
  day_row_repository days{base};
  points_repository points{base};
  nxg::workouts::projections rows{workouts, days, time};
  nxg::points::ledger ledger{points, workouts, time};
  repositories::exercise_logs diaries{base};
  repositories::personal_records record_rows{base};
  training::records records{diaries, record_rows, ledger, time};
  derived rules{all, workouts, days, points, rows, ledger, time};
  user person;
  branch gym;
  machine treadmill;
  visit stay;
};

TEST_F(store_check, a_store_in_order_has_no_faults) {
  award(train());
  award(train(3));
  const findings found = check();
  EXPECT_TRUE(found.faults.empty()) << found.faults.begin()->first;
  EXPECT_GE(found.documents, 8u);
  EXPECT_EQ(found.behind, 0u);
}

TEST_F(store_check, what_names_nothing_is_found_and_cannot_be_rebuilt) {
  const workout one = train();
  award(one);
  run(store::collection<visit>{base}.remove(stay.id));
  run(store::collection<machine>{base}.remove(treadmill.id));
  const findings found = check(true);
  ASSERT_TRUE(found.faults.contains("workouts name a visit that does not exist"));
  EXPECT_EQ(found.faults.at("workouts name a visit that does not exist").examples,
            std::vector<std::string>{one.id.to_string()});
  EXPECT_TRUE(found.faults.contains("workouts name a machine that does not exist"));
  EXPECT_TRUE(found.faults.contains("machine use rows name a machine that does not exist"));
  EXPECT_EQ(found.remaining(), 3u);
}

TEST_F(store_check, rows_that_differ_or_are_missing_are_found_and_rebuilt) {
  const workout one = train();
  award(one);
  store::collection<member_day> member_days{base};
  store::collection<machine_day> machine_days{base};
  const std::string id = day_row_id(person.id, one.local_date);
  run(member_days.update(id, store::change<member_day>().set<&member_day::totals, &day_totals::workouts>(7)));
  run(machine_days.remove(day_row_id(treadmill.id, one.local_date)));
  findings found = check();
  EXPECT_EQ(found.remaining(), 2u);
  EXPECT_EQ(found.faults.at("member day rows differ from their workouts").examples, std::vector<std::string>{id});
  EXPECT_TRUE(found.faults.contains("machine use rows are missing"));
  found = check(true);
  EXPECT_EQ(found.faults.size(), 2u);
  EXPECT_EQ(found.remaining(), 0u);
  EXPECT_TRUE(check().faults.empty());
}

TEST_F(store_check, balances_are_counted_anew_from_the_ledger) {
  award(train());
  store::collection<points_balance> balances{base};
  run(balances.update(person.id, store::change<points_balance>().set<&points_balance::balance>(1'000)));
  EXPECT_TRUE(check().faults.contains("balances differ from their ledger"));
  EXPECT_EQ(check(true).remaining(), 0u);
  EXPECT_TRUE(check().faults.empty());
  run(balances.remove(person.id));
  EXPECT_TRUE(check().faults.contains("members have a ledger and no balance"));
  EXPECT_EQ(check(true).remaining(), 0u);
  EXPECT_TRUE(check().faults.empty());
}

TEST_F(store_check, a_missing_entry_is_made_and_the_balance_is_then_behind_until_its_event_is_delivered) {
  const workout one = train();
  EXPECT_TRUE(check().faults.contains("ledger entries are missing"));
  const findings found = check(true);
  EXPECT_EQ(found.remaining(), 0u);
  EXPECT_EQ(found.behind, 1u);
  EXPECT_TRUE(check().faults.empty());
  EXPECT_EQ(check().behind, 1u);
}

TEST_F(store_check, personal_records_are_counted_anew_from_the_diary) {
  exercise_log entry{.id = new_id(), .member_id = person.id, .exercise_id = new_id(), .local_date = the_day};
  entry.sets = {{.reps = 5, .weight_kg = 100}};
  run(store::collection<exercise_log>{base}.insert(entry));
  const std::string fault = "personal records differ from their training diary";
  EXPECT_EQ(check().faults.at(fault).count, 1u);
  const findings rebuilt = check(true);
  EXPECT_EQ(rebuilt.faults.at(fault).rebuilt, 1u);
  EXPECT_EQ(rebuilt.remaining(), 0u);
  EXPECT_TRUE(check().faults.empty());
  // Another entry whose event is still to be delivered is no fault.
  entry.id = new_id();
  entry.sets = {{.reps = 5, .weight_kg = 110}};
  run(diaries.insert(entry));
  const findings behind = check();
  EXPECT_TRUE(behind.faults.empty());
  EXPECT_EQ(behind.behind, 1u);
}

TEST_F(store_check, whose_diet_plan_scan_avatar_or_body_record_it_is_must_exist) {
  const uuid nobody = new_id();
  run(store::collection<diet_plan>{base}.insert({.id = new_id(), .member_id = nobody}));
  run(store::collection<scan>{base}.insert({.id = new_id(), .member_id = nobody}));
  run(store::collection<scan_upload>{base}.insert({.id = new_id(), .member_id = nobody}));
  run(store::collection<body_record>{base}.insert({.id = new_id(), .member_id = nobody}));
  run(store::collection<avatar>{base}.insert({.id = person.id, .versions = {{.number = 1, .scan_id = new_id()}}}));
  const findings found = check(true);
  for (const auto* fault :
       {"diet plans name a member who does not exist", "scans name a member who does not exist",
        "uploads of scans name a member who does not exist", "body records name a member who does not exist",
        "avatars name a scan that does not exist"}) {
    EXPECT_TRUE(found.faults.contains(fault)) << fault;
  }
  EXPECT_EQ(found.remaining(), 5u);
}

TEST_F(store_check, a_body_history_without_its_newest_record_is_completed_from_the_account) {
  const user one = weighed(80);
  const std::string fault = "newest body records are missing in their history";
  EXPECT_EQ(check().faults.at(fault).examples, std::vector<std::string>{one.id.to_string()});
  EXPECT_EQ(check(true).remaining(), 0u);
  EXPECT_TRUE(check().faults.empty());
  // The event that completes it is still to be delivered: behind, and no fault.
  body::metrics metrics{users, bodies, time, random};
  run(discard(metrics.change(one.id, {.weight_kg = body_weight_kg{81.0}}, {}, std::nullopt)));
  run(store::collection<body_record>{base}.remove(newest_record_of(one.id)));
  EXPECT_TRUE(check(true).faults.empty());
  EXPECT_EQ(check().behind, 1u);
}

TEST_F(store_check, a_body_history_that_contradicts_its_account_is_found_and_left_to_people) {
  const user one = weighed(80);
  auto other = one.last_body_record->value();
  other.source = metric_source::body_scan;
  run(bodies.keep(other));
  const std::string contradicts = "body histories contradict the newest record of the account";
  EXPECT_EQ(check(true).faults.at(contradicts).rebuilt, 0u);
  run(store::collection<body_record>{base}.remove(other.id));
  run(bodies.keep(one.last_body_record->value()));
  EXPECT_TRUE(check().faults.empty());
  // A record the account does not know of.
  other.id = new_id();
  other.recorded_at += std::chrono::seconds{1};
  run(bodies.keep(other));
  EXPECT_TRUE(check().faults.contains(contradicts));
  run(store::collection<body_record>{base}.remove(other.id));
  const schema::encrypted<body_weight_kg> heavier{body_weight_kg{95.0}};
  run(store::collection<user>{base}.update(one.id, store::change<user>().set<&user::weight_kg>(heavier)));
  EXPECT_TRUE(check().faults.contains("accounts have other figures than their newest body record"));
}

}  // namespace
}  // namespace nxg::upkeep
