#include "suite.hpp"

#include "store/leases.hpp"

namespace nxg::store::testing {

namespace {

/// Each program has a database of its own over the same engine.
struct program {
  program(std::shared_ptr<engine> on, runtime::clock& time, runtime::random& random)
      : base{std::move(on), time, random} {}
  database base;
};

TEST_P(store_contract, older_documents_are_lifted_when_read) {
  program old{on, time, random}, now{on, time, random};
  collection<past::book> before{old.base};
  collection<present::book> after{now.base};
  run(prepare(old.base));
  run(before.insert({.id = "1", .name = "Emma, Austen", .old_only = 4}));
  run(prepare(now.base));
  const auto found = run(after.get("1"));
  EXPECT_EQ(found.title, "Emma");
  EXPECT_EQ(found.author, "Austen");
}

TEST_P(store_contract, older_documents_are_lifted_before_they_are_updated) {
  program old{on, time, random}, now{on, time, random};
  collection<past::book> before{old.base};
  collection<present::book> after{now.base};
  run(prepare(old.base));
  run(before.insert({.id = "1", .name = "Emma, Austen", .old_only = 4}));
  run(prepare(now.base));
  run(after.update("1", change<present::book>().set<&present::book::title>("Persuasion")));
  const auto found = run(after.get("1"));
  EXPECT_EQ(found.title, "Persuasion");
  EXPECT_EQ(found.author, "Austen");
  EXPECT_EQ(found.version, 2);
  // What this program does not know stays.
  const auto raw = run(on->find(rules_of<present::book>()->spec, {.limit = 1}, time.now()));
  EXPECT_EQ(*on->decode(raw.at(0)).find("oldOnly"), document_value{4});
}

TEST_P(store_contract, an_older_program_reads_and_updates_what_the_next_one_wrote) {
  program old{on, time, random}, now{on, time, random};
  collection<past::book> before{old.base};
  collection<present::book> after{now.base};
  run(prepare(now.base));
  run(after.insert({.id = "1", .title = "Emma", .author = "Austen"}));
  run(prepare(old.base));
  run(before.update("1", change<past::book>().set<&past::book::old_only>(9)));
  EXPECT_EQ(run(before.get("1")).old_only, 9);
  EXPECT_EQ(run(after.get("1")).author, "Austen");
}

TEST_P(store_contract, what_is_more_than_one_version_newer_is_refused) {
  program old{on, time, random}, next{on, time, random};
  collection<past::book> before{old.base};
  collection<future::book> after{next.base};
  run(prepare(old.base));
  run(before.insert({.id = "1", .name = "Emma, Austen"}));
  run(prepare(next.base));
  run(after.insert({.id = "2", .title = "Emma"}));
  EXPECT_TRUE(failure_of(before.get("2")).is(failure::unavailable));
  EXPECT_TRUE(
      failure_of(before.update("2", change<past::book>().set<&past::book::old_only>(1))).is(failure::unavailable));
  EXPECT_TRUE(failure_of(prepare(old.base)).is(failure::unavailable));
  EXPECT_EQ(run(before.get("1")).name, "Emma, Austen");
}

TEST_P(store_contract, migration_lifts_everything_and_again_nothing) {
  program old{on, time, random}, now{on, time, random};
  collection<past::book> before{old.base};
  run(prepare(old.base));
  bulk<past::book> many;
  for (int i = 0; i < 450; ++i) many.insert({.id = std::to_string(i), .name = "T, A"});
  run(before.write(std::move(many)));
  collection<present::book> after{now.base};
  const auto report = run(migrate(now.base));
  EXPECT_EQ(report.lifted, 450u);
  EXPECT_EQ(run(migrate(now.base)).lifted, 0u);
  const auto raw = run(on->find(rules_of<present::book>()->spec, {.limit = 1}, time.now()));
  EXPECT_EQ(*on->decode(raw.at(0)).find("_schema"), document_value{2});
  EXPECT_EQ(run(after.get("7")).version, 1);
}

TEST_P(store_contract, an_index_of_words_that_came_with_a_newer_schema_finds_older_documents) {
  program old{on, time, random}, now{on, time, random};
  collection<past::book> before{old.base};
  run(prepare(old.base));
  run(before.insert({.id = "1", .name = "Pride and Prejudice, Austen"}));
  collection<present::book> after{now.base};
  run(migrate(now.base));
  const auto found = run(after.find_page(search<&present::book::title>("prej pri"), {}, 5));
  ASSERT_EQ(found.items.size(), 1u);
  EXPECT_EQ(found.items.front().author, "Austen");
}

TEST_P(store_contract, one_process_migrates_at_a_time) {
  program other{on, time, random};
  run(prepare(base));
  leases theirs{other.base, "other"};
  run(prepare(other.base));
  ASSERT_TRUE(run(theirs.acquire("migration", std::chrono::hours{1})));
  EXPECT_TRUE(failure_of(migrate(base, std::chrono::milliseconds{0})).is(failure::busy));
  time.advance(std::chrono::hours{2});
  run(migrate(base));
}

TEST_P(store_contract, a_unique_index_over_documents_that_forbid_it_is_refused_by_name) {
  auto raw_spec = [](bool unique) {
    collection_spec spec{.name = "things"};
    spec.indexes.push_back({.name = "by_size", .keys = {{"size", false, true}}, .unique = unique});
    return std::make_shared<const collection_spec>(std::move(spec));
  };
  const auto before = raw_spec(false);
  run(on->prepare(before));
  for (const char* id : {"1", "2"}) {
    write_operation one{.what = write_operation::kind::insert, .id = id};
    one.document = on->encode([&](document_sink& sink) {
      sink.begin_object();
      sink.key("id");
      sink.string(id);
      sink.key("size");
      sink.integer(4);
      sink.end_object();
    });
    run(on->write(before, {one}, time.now()));
  }
  const error why = failure_of(on->prepare(raw_spec(true)));
  EXPECT_TRUE(why.is(failure::unavailable));
  EXPECT_NE(std::string{why.what()}.find("by_size"), std::string::npos);
  EXPECT_EQ(run(on->count(before, {}, time.now())), 2u);
}

}  // namespace

}  // namespace nxg::store::testing
