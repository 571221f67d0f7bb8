#include "suite.hpp"

#include "runtime/tests/temporary_folder.hpp"
#include "store/copy.hpp"
#include "store/evaluate.hpp"
#include "store/sqlite.hpp"

namespace nxg::store::testing {

namespace {

document_value number(std::int64_t value) { return document_value{value}; }

/// A second store of the same kind.
struct other_store {
  other_store(const engine_factory& factory, runtime::clock& time, runtime::random& random)
      : host{factory.make()}, on{host->open()}, base{on, time, random} {}
  std::unique_ptr<engine_host> host;
  std::shared_ptr<engine> on;
  database base;
};

/// Tombstones and expired ones too.
std::vector<document_value> everything(boost::asio::io_context& loop, engine& in,
                                       const std::shared_ptr<const collection_rules>& rules) {
  const query what{.limit = 1'000, .tombstones = true};
  std::vector<document_value> all;
  for (const auto& one : run_on(loop, in.find(rules->spec, what, beginning_of_time))) all.push_back(in.decode(one));
  return all;
}

constexpr int filled_loans = 40;

/// Loans, half of them with events, one of those a tombstone; tickets, one of them expired; a sealed member.
void fill(boost::asio::io_context& loop, database& base) {
  collection<loan> loans{base};
  collection<ticket> tickets{base};
  collection<account> accounts{base};
  run_on(loop, prepare(base));
  const loan_opened opened{.loan = "x", .number = 3};
  const auto new_id = [&] { return uuid::version_7(base.clock().now(), base.random()); };
  for (int i = 0; i < filled_loans; ++i) {
    loan one{.id = new_id(), .reader = new_id(), .title = "Title " + std::to_string(i), .since = start_of_test};
    one.fee = i;
    one.until = start_of_test + std::chrono::milliseconds{i};
    one.cover = schema::bytes{std::string{"\0\xFF\x10", 3}};
    one.counts = {{"y.z", i}};
    one.place = shelf{"north", i};
    one.notes = {{"ann", i}};
    run_on(loop, loans.insert(one, i % 2 == 0 ? emit(opened) : events{}));
    if (i == 4) run_on(loop, loans.remove(one.id));
    if (i == 6) run_on(loop, loans.update(one.id, change<loan>().inc<&loan::renewals>(2)));
  }
  for (const std::string id : {"b", "a", "c"}) {
    const instant until = base.clock().now() + std::chrono::hours{id == "a" ? -1 : 1};
    run_on(loop, tickets.insert({.id = id, .code = id, .expires_at = until}));
  }
  run_on(loop, accounts.insert({.id = "m", .balance = 7, .secret = std::string{"hush"}}));
}

TEST_P(store_contract, a_document_is_put_as_it_stands) {
  auto loans = open<loan>();
  const auto rules = rules_of<loan>();
  const std::string id = new_id().to_string();
  const auto put = [&](const document_value& what) {
    std::vector<write_operation> one(1);
    one[0] = {.what = write_operation::kind::put, .id = text_at(what, "id")};
    one[0].document = on->encode([&](document_sink& sink) { schema::write_value(sink, what); });
    return run(on->write(rules->spec, one, beginning_of_time)).front();
  };
  document_value stored{document_value::object{{"id", id},
                                               {"version", number(7)},
                                               {"_schema", number(1)},
                                               {"reader", new_id().to_string()},
                                               {"title", "Emma"},
                                               {"state", "open"},
                                               {"since", start_of_test}}};
  EXPECT_TRUE(put(stored).matched);
  EXPECT_EQ(run(loans.get(*uuid::parse(id))).version, 7);
  stored.set("version", number(9));
  stored.set("title", "Persuasion");
  EXPECT_TRUE(put(stored).matched);
  EXPECT_EQ(run(loans.get(*uuid::parse(id))).version, 9);
  EXPECT_EQ(run(loans.get(*uuid::parse(id))).title, "Persuasion");
  EXPECT_EQ(run(loans.count(eq<&loan::title>("Emma"))), 0u);

  document_value rival = stored;
  rival.set("id", new_id().to_string());
  const auto refused = put(rival).refused;
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->index(), "one_open_loan");

  const document_value outbox{document_value::object{{"sequence", number(1)},
                                                     {"pending", number(1)},
                                                     {"dueAt", start_of_test},
                                                     {"removed", start_of_test},
                                                     {"events", document_value::array{}}}};
  const document_value tombstone{document_value::object{{"id", id},
                                                        {"version", number(10)},
                                                        {"_schema", number(1)},
                                                        {"reader", new_id().to_string()},
                                                        {"_outbox", outbox}}};
  EXPECT_TRUE(put(tombstone).matched);
  EXPECT_FALSE(run(loans.find(*uuid::parse(id))));
  EXPECT_EQ(everything(loop, *on, rules_of<loan>()).size(), 1u);
  EXPECT_TRUE(put(stored).matched);
  EXPECT_EQ(run(loans.get(*uuid::parse(id))).version, 9);
}

TEST_P(store_contract, what_prepare_would_make_is_told) {
  const auto rules = rules_of<loan>();
  EXPECT_EQ(run(on->missing(rules->spec)), std::vector<std::string>{"loans"});
  open<loan>();
  EXPECT_TRUE(run(on->missing(rules->spec)).empty());
  collection_spec more = *rules->spec;
  more.indexes.push_back({.name = "by_state_and_fee", .keys = {{"state"}, {"fee"}}});
  EXPECT_EQ(run(on->missing(std::make_shared<const collection_spec>(more))),
            std::vector<std::string>{"by_state_and_fee"});
}

TEST_P(store_contract, a_store_goes_to_another_engine_and_back_as_it_was) {
  fill(loop, base);
  const runtime::temporary_folder folder{"copy"};
  database between{sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  std::uint64_t told = 0;
  const copy_options there{.source = "first", .on_progress = [&](const copy_progress& now) {
                             EXPECT_LE(now.done, now.of);
                             told = now.done;
                           }};
  const copy_report out = run(copy_store(base, between, there));
  EXPECT_FALSE(out.resumed);
  EXPECT_EQ(out.documents, filled_loans + 2u + 1);  // the expired ticket does not count
  EXPECT_GE(told, out.documents * 2);

  other_store last{GetParam(), time, random};
  for (const auto& rules : base.collections()) between.add(rules);
  const copy_options back{.source = "second", .most_documents = 7};
  const copy_report home = run(copy_store(between, last.base, back));
  ASSERT_EQ(home.collections.size(), out.collections.size());
  for (std::size_t i = 0; i < out.collections.size(); ++i) {
    EXPECT_EQ(home.collections[i].name, out.collections[i].name);
    EXPECT_EQ(home.collections[i].hash, out.collections[i].hash);
    EXPECT_EQ(home.collections[i].documents, out.collections[i].documents);
  }
  for (const auto& rules : base.collections()) {
    const std::string& name = rules->spec->name;
    if (name == "deadLetters") continue;  // nobody has made it
    const auto before = everything(loop, *on, rules);
    const auto after = everything(loop, *last.on, rules);
    ASSERT_EQ(after.size(), before.size());
    // The very same values, types included, whatever they were in between.
    for (std::size_t i = 0; i < before.size(); ++i) {
      for (const auto& member : *before[i].get_if<document_value::object>()) {
        const document_value* found = after[i].find(member.key);
        ASSERT_TRUE(found || member.value.is_null()) << name << "." << member.key;
        if (!found || member.key == "_outbox") continue;
        EXPECT_EQ(*found, member.value) << name << "." << member.key;
      }
    }
  }
}

TEST_P(store_contract, what_was_copied_goes_on_its_indexes_events_and_seals) {
  fill(loop, base);
  other_store target{GetParam(), time, random};
  const copy_options options{.source = "here"};
  run(copy_store(base, target.base, options));
  target.base.use_keyring(&keys);
  collection<loan> loans{target.base};
  collection<account> accounts{target.base};
  dispatcher events{target.base, loop.get_executor()};
  int delivered = 0;
  events.on<loan_opened>("count", [&](const loan_opened& one, const event_info&) -> task<void> {
    EXPECT_EQ(one.number, 3);
    ++delivered;
    co_return;
  });
  run(migrate(target.base));
  time.advance(std::chrono::minutes{1});
  events.start();
  run(events.drain());
  EXPECT_EQ(delivered, filled_loans / 2);  // one of them a tombstone's
  EXPECT_EQ(run(loans.count()), filled_loans - 1u);
  EXPECT_EQ(run(loans.count(eq<&loan::title>("Title 7"))), 1u);
  EXPECT_EQ(run(loans.count(contains<&loan::notes, &note::author>("ann"))), filled_loans - 1u);
  EXPECT_EQ(run(accounts.get("m")).secret.value(), "hush");
  run(events.stop(std::chrono::seconds{1}));
}

struct stopped {};

TEST_P(store_contract, an_interrupted_copy_is_no_store_and_goes_on_where_it_was) {
  fill(loop, base);
  other_store target{GetParam(), time, random};
  int pages = 0;
  copy_options options{.source = "here", .most_documents = 5, .on_progress = [&](const copy_progress&) {
                         if (++pages == 4) throw stopped{};
                       }};
  EXPECT_THROW(run(copy_store(base, target.base, options)), stopped);
  database opened{target.on, time, random};
  EXPECT_TRUE(failure_of(migrate(opened)).is(failure::unavailable));
  EXPECT_TRUE(failure_of(prepare(opened)).is(failure::unavailable));

  copy_options other{.source = "elsewhere"};
  EXPECT_TRUE(failure_of(copy_store(base, target.base, other)).is(failure::unavailable));

  // Meanwhile the source was worked on: what was copied is there no more, or is another.
  collection<loan> loans{base};
  const auto first = run(loans.find_page({}, {}, 3));
  run(loans.remove(first.items[0].id));
  run(loans.update(first.items[1].id, change<loan>().set<&loan::title>("Other")));
  // One whose place in a unique index the target's copy of another still has.
  run(loans.update(first.items[2].id, change<loan>().set<&loan::state>(loan_state::returned)));
  run(loans.insert({.id = uuid::version_7(base.clock().now(), base.random()), .reader = first.items[2].reader}));
  options.on_progress = {};
  const copy_report done = run(copy_store(base, target.base, options));
  EXPECT_TRUE(done.resumed);
  EXPECT_EQ(done.mended, 4u);
  const auto expected = everything(loop, *on, rules_of<loan>());
  EXPECT_EQ(everything(loop, *target.on, rules_of<loan>()).size(), expected.size());
  run(migrate(opened));
  EXPECT_TRUE(failure_of(copy_store(base, target.base, options)).is(failure::unavailable));  // not empty
}

TEST_P(store_contract, a_document_of_a_newer_program_is_not_copied) {
  auto books = open<future::book>();
  const future::book one{.id = "b", .title = "Emma"};
  run(books.insert(one));
  database older{on, time, random};
  collection<past::book> as_it_was{older};
  other_store target{GetParam(), time, random};
  const copy_options options{.source = "here"};
  EXPECT_TRUE(failure_of(copy_store(older, target.base, options)).is(failure::unavailable));
}

}  // namespace

}  // namespace nxg::store::testing
