#include "store/wrote_first.hpp"
#include "suite.hpp"

#include <limits>

namespace nxg::store::testing {

namespace {

TEST_P(store_contract, what_is_inserted_is_found_as_it_was) {
  auto loans = open<loan>();
  loan one = a_loan();
  one.until = start_of_test + std::chrono::milliseconds{1};
  one.renewals = std::int64_t{1} << 53;
  one.fee = 0.1 + 0.2;
  one.urgent = true;
  one.title = "J\xC3\xB6rg \"quoted\" \\ \x01 \xF0\x9F\x93\x9A";
  one.tags = {"a", "", "c"};
  one.notes = {{"ann", 5}, {"bob", -1}};
  one.place = shelf{"north", 3};
  one.counts = {{"x", 1}, {"y.z", 2}};
  one.cover = schema::bytes{std::string{"\0\xFF\x10", 3}};
  run(loans.insert(one));
  const auto found = run(loans.find(one.id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, 1);
  EXPECT_EQ(found->reader, one.reader);
  EXPECT_EQ(found->title, one.title);
  EXPECT_EQ(found->since, one.since);
  EXPECT_EQ(found->until, one.until);
  EXPECT_EQ(found->renewals, one.renewals);
  EXPECT_EQ(found->fee, one.fee);
  EXPECT_TRUE(found->urgent);
  EXPECT_EQ(found->tags, one.tags);
  ASSERT_EQ(found->notes.size(), 2u);
  EXPECT_EQ(found->notes[1].author, "bob");
  EXPECT_EQ(found->place->row, 3);
  EXPECT_EQ(found->counts, one.counts);
  EXPECT_EQ(found->cover, one.cover);
  EXPECT_FALSE(found->locker);
}

TEST_P(store_contract, an_id_is_taken_once) {
  auto loans = open<loan>();
  loan one = a_loan();
  run(loans.insert(one));
  one.reader = new_id();
  const error why = failure_of(loans.insert(one));
  EXPECT_TRUE(why.is(failure::duplicate));
  EXPECT_EQ(why.index(), "id");
  EXPECT_EQ(run(loans.count()), 1u);
}

TEST_P(store_contract, what_is_not_there_is_not_found) {
  auto loans = open<loan>();
  EXPECT_FALSE(run(loans.find(new_id())));
  EXPECT_TRUE(failure_of(loans.get(new_id())).is(failure::not_found));
  EXPECT_TRUE(failure_of(loans.update(new_id(), change<loan>().set<&loan::fee>(1.0))).is(failure::not_found));
  EXPECT_TRUE(failure_of(loans.remove(new_id())).is(failure::not_found));
  EXPECT_FALSE(run(loans.update(eq<&loan::title>("nothing"), change<loan>().set<&loan::fee>(1.0))));
  EXPECT_FALSE(run(loans.remove(eq<&loan::title>("nothing"))));
}

TEST_P(store_contract, a_partial_unique_index_holds_for_what_matches_it) {
  auto loans = open<loan>();
  loan one = a_loan();
  run(loans.insert(one));
  loan two = a_loan();
  two.reader = one.reader;
  const error why = failure_of(loans.insert(two));
  EXPECT_TRUE(why.is(failure::duplicate));
  EXPECT_EQ(why.index(), "one_open_loan");
  two.state = loan_state::returned;
  run(loans.insert(two));
  EXPECT_EQ(failure_of(loans.update(two.id, change<loan>().set<&loan::state>(loan_state::open))).index(),
            "one_open_loan");
  EXPECT_EQ(run(loans.get(two.id)).state, loan_state::returned);
  run(loans.update(one.id, change<loan>().set<&loan::state>(loan_state::lost)));
  run(loans.update(two.id, change<loan>().set<&loan::state>(loan_state::open)));
}

TEST_P(store_contract, what_is_absent_is_in_no_unique_index_unless_it_counts) {
  auto loans = open<loan>();
  auto tickets = open<ticket>();
  const uuid reader = new_id();
  for (int i = 0; i < 2; ++i) {
    loan one = a_loan();
    one.reader = reader;
    one.state = loan_state::returned;
    run(loans.insert(one));  // both without a locker
  }
  loan with = a_loan();
  with.reader = reader;
  with.locker = "7";
  with.state = loan_state::returned;
  run(loans.insert(with));
  with.id = new_id();
  EXPECT_EQ(failure_of(loans.insert(with)).index(), "locker");

  run(tickets.insert({.id = "1", .code = "A"}));
  EXPECT_EQ(failure_of(tickets.insert({.id = "2", .code = "A"})).index(), "code_and_seat");
  run(tickets.insert({.id = "2", .code = "A", .seat = "1"}));
  EXPECT_EQ(failure_of(tickets.insert({.id = "3", .code = "A", .seat = "1"})).index(), "code_and_seat");
}

TEST_P(store_contract, what_has_expired_is_not_there) {
  auto tickets = open<ticket>();
  const instant end = time.now() + std::chrono::minutes{10};
  run(tickets.insert({.id = "1", .code = "A", .expires_at = end}));
  run(tickets.insert({.id = "2", .code = "B"}));  // never
  EXPECT_TRUE(run(tickets.find("1")));
  time.advance(std::chrono::minutes{11});
  EXPECT_FALSE(run(tickets.find("1")));
  EXPECT_EQ(run(tickets.count()), 1u);
  EXPECT_FALSE(run(tickets.find_one(eq<&ticket::code>("A"))));
  EXPECT_FALSE(run(tickets.update(eq<&ticket::code>("A"), change<ticket>().set<&ticket::seat>("9"))));
  EXPECT_TRUE(failure_of(tickets.update("1", change<ticket>().set<&ticket::seat>("9"))).is(failure::not_found));
  EXPECT_TRUE(failure_of(tickets.remove("1")).is(failure::not_found));
  // Neither its id nor its place in a unique index is taken any more.
  run(tickets.insert({.id = "3", .code = "A", .expires_at = time.now() + std::chrono::minutes{1}}));
  time.advance(std::chrono::minutes{2});
  EXPECT_TRUE(run(tickets.upsert({.id = "3", .code = "C"}, change<ticket>().set<&ticket::seat>("4"))));
  EXPECT_EQ(run(tickets.get("3")).seat, "4");
}

TEST_P(store_contract, a_sweep_removes_what_is_past_its_time) {
  auto tickets = open<ticket>();
  auto loans = open<loan>();
  for (int i = 0; i < 3; ++i) {
    run(tickets.insert(
        {.id = std::to_string(i), .code = std::to_string(i), .expires_at = time.now() + std::chrono::minutes{i}}));
  }
  loan old = a_loan();
  old.since = time.now() - std::chrono::hours{24 * 366 * 10};
  run(loans.insert(old));
  loan fresh = a_loan();
  fresh.since = time.now();
  run(loans.insert(fresh));
  time.advance(std::chrono::seconds{61});
  EXPECT_EQ(run(sweep_expired(base)), 3u);  // two tickets, one loan
  EXPECT_EQ(run(sweep_expired(base)), 0u);
  EXPECT_TRUE(run(tickets.find("2")));
  EXPECT_TRUE(run(loans.find(fresh.id)));
  EXPECT_FALSE(run(loans.find(old.id)));
}

TEST_P(store_contract, a_bulk_tells_of_each_of_its_writes) {
  auto loans = open<loan>();
  loan one = a_loan(), two = a_loan(), three = a_loan();
  three.reader = one.reader;
  bulk<loan> many;
  many.insert(one).insert(two).insert(three).insert(one);
  many.update(two.id, change<loan>().inc<&loan::renewals>(2));
  many.update(new_id(), change<loan>().inc<&loan::renewals>(2));
  many.update(two.id, change<loan>().inc<&loan::renewals>(2).expect(7));
  many.upsert(one, change<loan>().set<&loan::title>("changed"));
  many.remove(one.id);
  many.save(a_loan());
  const auto done = run(loans.write(std::move(many)));
  ASSERT_EQ(done.size(), 10u);
  EXPECT_TRUE(done[0].inserted && done[1].inserted);
  EXPECT_EQ(done[2].refused->index(), "one_open_loan");
  EXPECT_EQ(done[3].refused->index(), "id");
  EXPECT_TRUE(done[4].changed && !done[4].inserted);
  EXPECT_TRUE(done[5].refused->is(failure::not_found));
  EXPECT_TRUE(done[6].refused->is(failure::version_conflict));
  EXPECT_TRUE(done[7].changed && !done[7].inserted);
  EXPECT_TRUE(done[8].changed);
  EXPECT_TRUE(done[9].inserted);
  EXPECT_EQ(run(loans.get(two.id)).renewals, 2);
  EXPECT_EQ(run(loans.count()), 2u);
}

TEST_P(store_contract, a_row_is_saved_at_the_version_it_was_read_at) {
  auto loans = open<loan>();
  loan one = a_loan();
  one.locker = "5";
  run(loans.save(one));
  EXPECT_TRUE(failure_of(loans.save(one)).is(failure::version_conflict));  // it is new no more
  loan read = run(loans.get(one.id));
  read.locker.reset();
  read.title = "Dubliners";
  run(loans.save(read));
  const loan now = run(loans.get(one.id));
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(now.title, "Dubliners");
  EXPECT_FALSE(now.locker);
  EXPECT_TRUE(failure_of(loans.save(read)).is(failure::version_conflict));
}

TEST_P(store_contract, a_write_that_came_second_is_told_from_one_that_failed) {
  auto loans = open<loan>();
  const loan one = a_loan();
  EXPECT_TRUE(run(wrote_first(loans.save(one))));
  EXPECT_FALSE(run(wrote_first(loans.save(one))));
  EXPECT_FALSE(run(wrote_first(loans.remove(one.id, {}, 7))));
  EXPECT_TRUE(failure_of(wrote_first(loans.insert(one))).is(failure::duplicate));
  EXPECT_EQ(run(loans.get(one.id)).version, 1);
}

TEST_P(store_contract, numbers_that_are_none_are_refused) {
  auto loans = open<loan>();
  loan one = a_loan();
  one.fee = std::numeric_limits<double>::quiet_NaN();
  EXPECT_ANY_THROW(run(loans.insert(one)));
  EXPECT_EQ(run(loans.count()), 0u);
}

TEST_P(store_contract, encrypted_members_are_sealed_for_their_document) {
  auto accounts = open<account>();
  run(accounts.insert({.id = "ann", .secret = std::string{"insulin"}}));
  EXPECT_EQ(run(accounts.get("ann")).secret.value(), "insulin");
  run(accounts.update("ann", change<account>().set<&account::secret>(std::string{"none"}).inc<&account::balance>(1)));
  EXPECT_EQ(run(accounts.get("ann")).secret.value(), "none");
  account read = run(accounts.get("ann"));
  read.secret = std::string{"again"};
  run(accounts.save(read));
  EXPECT_EQ(run(accounts.get("ann")).secret.value(), "again");
  const auto page = run(accounts.find_page({}, sort<account>().ascending<&account::balance>(), 10));
  EXPECT_EQ(page.items.at(0).secret.value(), "again");
  const auto raw = run(on->find(rules_of<account>()->spec, {.limit = 1}, time.now()));
  const document_value stored = on->decode(raw.at(0));
  const auto* text = stored.find("secret")->get_if<std::string>();
  const auto* octets = stored.find("secret")->get_if<document_value::binary>();
  EXPECT_EQ((text ? *text : octets->octets).find("again"), std::string::npos);
}

TEST_P(store_contract, an_update_that_contradicts_itself_is_a_mistake_of_the_program) {
  auto loans = open<loan>();
  EXPECT_THROW(run(loans.update(new_id(), change<loan>().set<&loan::fee>(1.0).inc<&loan::fee>(1.0))), std::logic_error);
  EXPECT_THROW(run(loans.update(new_id(), change<loan>().set<&loan::reader>(new_id()))), std::logic_error);
  EXPECT_THROW(run(loans.update(new_id(), change<loan>().set<&loan::version>(4))), std::logic_error);
  EXPECT_THROW(run(loans.find_page({}, {}, 0)), std::invalid_argument);
  EXPECT_THROW(run(loans.find_page({}, {}, 1'001)), std::invalid_argument);
}

}  // namespace

}  // namespace nxg::store::testing
