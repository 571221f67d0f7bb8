#include "suite.hpp"

namespace nxg::store::testing {

namespace {

TEST_P(store_contract, operators_change_what_they_name) {
  auto accounts_like = open<loan>();
  loan one = a_loan();
  one.tags = {"a"};
  one.notes = {{"ann", 1}, {"bob", 2}, {"ann", 3}};
  one.locker = "1";
  run(accounts_like.insert(one));
  run(accounts_like.update(one.id, change<loan>()
                                       .set<&loan::title>("Emma")
                                       .set<&loan::place>(shelf{"west", 2})
                                       .unset<&loan::locker>()
                                       .inc<&loan::renewals>(5)
                                       .inc<&loan::fee>(0.5)
                                       .push<&loan::tags>("b")
                                       .pull<&loan::notes, &note::author>("ann")));
  const loan now = run(accounts_like.get(one.id));
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(now.title, "Emma");
  EXPECT_EQ(now.place->room, "west");
  EXPECT_FALSE(now.locker);
  EXPECT_EQ(now.renewals, 5);
  EXPECT_EQ(now.fee, 0.5);
  EXPECT_EQ(now.tags, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(now.notes.size(), 1u);
  EXPECT_EQ(now.notes[0].author, "bob");
  EXPECT_EQ(now.reader, one.reader);
}

TEST_P(store_contract, what_is_noted_beside_a_document_leaves_its_version) {
  auto loans = open<loan>();
  const loan one = a_loan();
  run(loans.insert(one));
  run(loans.update(one.id, change<loan>().set<&loan::locker>("7").push_keep_last<&loan::tags>("a", 2).keep_version()));
  const auto noted =
      run(loans.update_get_after(eq<&loan::id>(one.id), change<loan>().inc<&loan::renewals>(1).keep_version()));
  EXPECT_EQ(noted->version, 1);
  EXPECT_EQ(noted->locker, "7");
  run(loans.update(one.id, change<loan>().set<&loan::title>("Emma").expect(1)));
  const loan now = run(loans.get(one.id));
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(now.renewals, 1);
}

TEST_P(store_contract, nested_members_are_set_also_where_nothing_is_yet) {
  auto loans = open<loan>();
  loan one = a_loan();
  run(loans.insert(one));
  run(loans.update(one.id, change<loan>().set<&loan::place, &shelf::room>("east")));
  EXPECT_EQ(run(loans.get(one.id)).place->room, "east");
  run(loans.update(one.id, change<loan>().set<&loan::place>(std::nullopt)));  // as unset
  EXPECT_FALSE(run(loans.get(one.id)).place);
  EXPECT_EQ(run(loans.count(eq<&loan::place, &shelf::room>("east"))), 0u);
}

TEST_P(store_contract, min_and_max_take_what_is_absent_for_nothing_yet) {
  auto accounts = open<account>();
  run(accounts.insert({.id = "a"}));
  for (const std::int64_t value : {5, 3, 8}) {
    run(accounts.update("a", change<account>().min<&account::smallest>(value).max<&account::largest>(value)));
  }
  const account now = run(accounts.get("a"));
  EXPECT_EQ(now.smallest, 3);
  EXPECT_EQ(now.largest, 8);
}

TEST_P(store_contract, a_set_keeps_each_element_once_and_a_log_its_last) {
  auto accounts = open<account>();
  run(accounts.insert({.id = "a"}));
  for (const char* one : {"x", "y", "x"})
    run(accounts.update("a", change<account>().add_to_set<&account::applied>(one)));
  EXPECT_EQ(run(accounts.get("a")).applied, (std::vector<std::string>{"x", "y"}));
  for (int i = 0; i < 5; ++i)
    run(accounts.update("a", change<account>().push_keep_last<&account::applied>(std::to_string(i), 3)));
  EXPECT_EQ(run(accounts.get("a")).applied, (std::vector<std::string>{"2", "3", "4"}));
  run(accounts.update("a", change<account>().pull<&account::applied>("3")));
  EXPECT_EQ(run(accounts.get("a")).applied, (std::vector<std::string>{"2", "4"}));
}

TEST_P(store_contract, an_update_can_be_filtered_on_what_the_document_holds) {
  auto accounts = open<account>();
  run(accounts.insert({.id = "a", .balance = 10}));
  const auto spend = [&](std::int64_t points, const char* event) {
    return run(accounts.update(
        "a", gte<&account::balance>(points) && lacks<&account::applied>(event),
        change<account>().inc<&account::balance>(-points).push_keep_last<&account::applied>(event, 256)));
  };
  EXPECT_TRUE(spend(4, "e1"));
  EXPECT_FALSE(spend(4, "e1"));  // applied already
  EXPECT_FALSE(spend(7, "e2"));  // not enough
  EXPECT_TRUE(spend(6, "e2"));
  EXPECT_EQ(run(accounts.get("a")).balance, 0);
}

TEST_P(store_contract, the_expected_version_has_to_be_there) {
  auto loans = open<loan>();
  loan one = a_loan();
  run(loans.insert(one));
  run(loans.update(one.id, change<loan>().inc<&loan::renewals>(1).expect(1)));
  EXPECT_TRUE(
      failure_of(loans.update(one.id, change<loan>().inc<&loan::renewals>(1).expect(1))).is(failure::version_conflict));
  EXPECT_TRUE(failure_of(loans.remove(one.id, {}, 1)).is(failure::version_conflict));
  EXPECT_EQ(run(loans.get(one.id)).renewals, 1);
  run(loans.remove(one.id, {}, 2));
}

TEST_P(store_contract, an_update_returns_what_was_before_or_is_after) {
  auto loans = open<loan>();
  loan one = a_loan();
  run(loans.insert(one));
  EXPECT_EQ(run(loans.update_get_before(one.id, change<loan>().inc<&loan::renewals>(1))).renewals, 0);
  EXPECT_EQ(run(loans.update_get_after(one.id, change<loan>().inc<&loan::renewals>(1))).renewals, 2);
  EXPECT_EQ(run(loans.update_get_after(eq<&loan::title>("Ulysses"), change<loan>().inc<&loan::renewals>(1)))->version,
            4);
  EXPECT_FALSE(run(loans.update_get_before(eq<&loan::title>("Emma"), change<loan>().inc<&loan::renewals>(1))));
  EXPECT_EQ(run(loans.take(eq<&loan::title>("Ulysses")))->renewals, 3);
  EXPECT_FALSE(run(loans.take(eq<&loan::title>("Ulysses"))));
}

TEST_P(store_contract, an_update_takes_the_first_in_order) {
  auto loans = open<loan>();
  std::vector<uuid> ids;
  for (int i = 0; i < 3; ++i) {
    loan one = a_loan();
    one.since = start_of_test + std::chrono::minutes{i};
    one.urgent = true;
    ids.push_back(one.id);
    run(loans.insert(one));
  }
  const auto oldest = run(loans.update_get_after(eq<&loan::urgent>(true), change<loan>().set<&loan::urgent>(false),
                                                 sort<loan>().ascending<&loan::since>()));
  EXPECT_EQ(oldest->id, ids[0]);
  const auto newest = run(loans.update_get_after(eq<&loan::urgent>(true), change<loan>().set<&loan::urgent>(false),
                                                 sort<loan>().descending<&loan::since>()));
  EXPECT_EQ(newest->id, ids[2]);
}

TEST_P(store_contract, an_upsert_updates_or_inserts) {
  auto loans = open<loan>();
  loan one = a_loan();
  one.renewals = 7;
  one.tags = {"initial"};
  const auto what = [] { return change<loan>().inc<&loan::renewals>(1).set_on_insert<&loan::title>("new"); };
  EXPECT_TRUE(run(loans.upsert(one, what())));
  loan now = run(loans.get(one.id));
  EXPECT_EQ(now.version, 1);
  EXPECT_EQ(now.renewals, 1);  // what the changes touch does not come from the initial document
  EXPECT_EQ(now.title, "new");
  EXPECT_EQ(now.tags, one.tags);
  EXPECT_FALSE(run(loans.upsert(one, what())));
  now = run(loans.get(one.id));
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(now.renewals, 2);
  EXPECT_EQ(run(loans.upsert_get_after(one, what())).renewals, 3);
}

TEST_P(store_contract, an_upsert_whose_document_does_not_match_collides) {
  auto loans = open<loan>();
  loan one = a_loan();
  run(loans.insert(one));
  const error why = failure_of(loans.upsert(one, gt<&loan::renewals>(5), change<loan>().inc<&loan::renewals>(1)));
  EXPECT_EQ(why.index(), "id");
  EXPECT_EQ(run(loans.get(one.id)).version, 1);
}

TEST_P(store_contract, what_does_not_fit_the_stored_field_changes_nothing) {
  auto loans = open<loan>();
  loan one = a_loan();
  one.renewals = std::int64_t{1} << 53;
  run(loans.insert(one));
  EXPECT_TRUE(failure_of(loans.update(one.id, change<loan>().inc<&loan::renewals>(1))).is(failure::unavailable));
  EXPECT_EQ(run(loans.get(one.id)).version, 1);
}

TEST_P(store_contract, all_members_can_be_set_at_once) {
  auto loans = open<loan>();
  loan one = a_loan();
  one.locker = "3";
  run(loans.insert(one));
  loan other = one;
  other.locker.reset();
  other.title = "Persuasion";
  other.tags = {"t"};
  EXPECT_FALSE(run(loans.upsert(one, change<loan>().set_all(other))));
  const loan now = run(loans.get(one.id));
  EXPECT_EQ(now.title, "Persuasion");
  EXPECT_FALSE(now.locker);
  EXPECT_EQ(now.tags.size(), 1u);
  EXPECT_EQ(run(loans.count(search<&loan::title>("persua"))), 1u);
  EXPECT_EQ(run(loans.count(contains<&loan::tags>("t"))), 1u);
}

}  // namespace

}  // namespace nxg::store::testing
