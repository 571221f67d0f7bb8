#include "suite.hpp"

#include "store/evaluate.hpp"
#include "store/outbox.hpp"

#include "runtime/timer.hpp"

#include <map>
#include <set>

namespace nxg::store::testing {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct delivered {
  std::string loan;
  int number;
  event_info info;
};

/// A process with its dispatcher; `seen` is what its handler was given.
class process {
 public:
  process(std::shared_ptr<engine> on, runtime::clock& time, runtime::random& random, boost::asio::io_context& loop,
          dispatch_options options = {})
      : base{std::move(on), time, random}, loans{base}, events{base, loop.get_executor(), options} {
    events.on<loan_opened>("note", [this](const loan_opened& one, const event_info& info) -> task<void> {
      seen.push_back({one.loan, one.number, info});
      if (fail_for.contains(one.number)) throw std::runtime_error{"not today \xFF" + std::string(600, 'x')};
      co_return;
    });
  }

  database base;
  collection<loan> loans;
  std::vector<delivered> seen;
  std::set<int> fail_for;
  dispatcher events;
};

/// An engine some of whose documents cannot be had.
class hindered final : public engine {
 public:
  explicit hindered(std::shared_ptr<engine> by) : by_{std::move(by)} {}

  stored_document encode(const std::function<void(document_sink&)>& write) const override { return by_->encode(write); }
  document_value decode(const stored_document& document) const override {
    if (!unreadable.empty() && document.bytes.find(unreadable) != std::string::npos)
      throw error{failure::unavailable, "a stored document cannot be read"};
    return by_->decode(document);
  }
  task<void> prepare(std::shared_ptr<const collection_spec> in) override { return by_->prepare(std::move(in)); }
  task<std::vector<std::string>> missing(std::shared_ptr<const collection_spec> in) override {
    return by_->missing(std::move(in));
  }
  task<std::vector<stored_document>> find(std::shared_ptr<const collection_spec> in, query what, instant now) override {
    if (in->name == unasked) throw error{failure::unavailable, "no index serves this"};
    return by_->find(std::move(in), std::move(what), now);
  }
  task<std::uint64_t> count(std::shared_ptr<const collection_spec> in, query what, instant now) override {
    return by_->count(std::move(in), std::move(what), now);
  }
  task<std::vector<write_result>> write(std::shared_ptr<const collection_spec> in, std::vector<write_operation> all,
                                        instant now) override {
    return by_->write(std::move(in), std::move(all), now);
  }

  std::string unasked;     ///< the name of a collection
  std::string unreadable;  ///< what a document contains

 private:
  std::shared_ptr<engine> by_;
};

/// The document as it is stored, also a tombstone; null where there is none.
task<document_value> stored(std::shared_ptr<engine> on, uuid id) {
  query what{.limit = 1, .tombstones = true};
  what.where = {.what = predicate::kind::equal, .path = "id", .values = {document_value{id.to_string()}}};
  const auto found = co_await on->find(rules_of<loan>()->spec, std::move(what), start_of_test);
  document_value none;
  co_return found.empty() ? none : on->decode(found.front());
}

TEST_P(store_contract, events_of_every_kind_of_write_are_delivered) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  p.events.start();
  loan one = a_loan();
  run(p.loans.insert(one, emit(loan_opened{"insert", 1})));
  run(p.loans.update(one.id,
                     change<loan>().inc<&loan::renewals>(1).emit(loan_opened{"update", 2}, loan_opened{"update", 3})));
  run(p.loans.upsert(one, change<loan>().inc<&loan::renewals>(1).emit(loan_opened{"upsert", 4})));
  loan two = a_loan();
  run(p.loans.upsert(two, change<loan>().inc<&loan::renewals>(1).emit(loan_opened{"upsert, new", 5})));
  bulk<loan> many;
  many.update(two.id, change<loan>().emit(loan_opened{"bulk", 6}));
  run(p.loans.write(std::move(many)));
  run(p.loans.remove(one.id, emit(loan_opened{"remove", 7})));
  run(p.events.drain());
  std::map<int, event_info> by_number;
  for (const auto& event : p.seen) by_number[event.number] = event.info;
  ASSERT_EQ(by_number.size(), 7u);
  EXPECT_EQ(by_number[1].sequence, 1);
  EXPECT_EQ(by_number[3].sequence, 3);
  EXPECT_EQ(by_number[7].sequence, 5);
  EXPECT_EQ(by_number[6].sequence, 2);
  EXPECT_EQ(by_number[7].document, one.id.to_string());
  EXPECT_EQ(by_number[7].collection, "loans");
  EXPECT_EQ(by_number[7].type, "loan_opened");
  EXPECT_TRUE(run(stored(on, one.id)).is_null());  // its tombstone is gone
  EXPECT_EQ(run(p.loans.get(two.id)).version, 2);  // bookkeeping is no version
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, an_event_that_was_not_declared_is_a_mistake_of_the_program) {
  auto loans = open<loan>();
  EXPECT_THROW(run(loans.insert(a_loan(), emit(note{}))), std::logic_error);
}

TEST_P(store_contract, a_refused_write_emits_nothing) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  loan one = a_loan();
  run(p.loans.insert(one));
  failure_of(p.loans.insert(one, emit(loan_opened{"x", 1})));
  failure_of(p.loans.update(one.id, change<loan>().expect(9).emit(loan_opened{"x", 1})));
  EXPECT_FALSE(run(p.loans.update(eq<&loan::title>("Emma"), change<loan>().emit(loan_opened{"x", 1}))));
  p.events.start();
  time.advance(minutes{1});
  run(p.events.drain());
  EXPECT_TRUE(p.seen.empty());
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, what_a_process_left_behind_another_delivers) {
  process gone{on, time, random, loop}, other{on, time, random, loop};  // `gone` never starts its dispatcher
  run(prepare(gone.base));
  loan one = a_loan();
  run(gone.loans.insert(one, emit(loan_opened{"left", 1})));
  run(gone.loans.remove(one.id, emit(loan_opened{"removed", 2})));
  EXPECT_FALSE(run(gone.loans.find(one.id)));
  EXPECT_EQ(run(gone.loans.count()), 0u);
  other.events.start();
  run(other.events.drain());
  EXPECT_TRUE(other.seen.empty());  // it is the writer's for two seconds
  time.advance(milliseconds{2'001});
  run(other.events.drain());
  ASSERT_EQ(other.seen.size(), 2u);
  EXPECT_EQ(other.seen[0].number, 1);
  EXPECT_EQ(other.seen[1].number, 2);
  EXPECT_TRUE(run(stored(on, one.id)).is_null());
  run(other.events.stop(seconds{1}));
}

TEST_P(store_contract, a_collection_that_cannot_be_swept_keeps_no_other_from_it) {
  process gone{on, time, random, loop};  // never starts its dispatcher
  gone.base.use_keyring(&keys);
  collection<account> accounts{gone.base};
  run(prepare(gone.base));
  run(gone.loans.insert(a_loan(), emit(loan_opened{"loan", 1})));
  run(accounts.insert({.id = "a"}, emit(loan_opened{"account", 2})));

  const auto engine = std::make_shared<hindered>(on);
  process other{engine, time, random, loop};
  other.base.add(rules_of<account>());  // behind the loans
  std::vector<std::string> told;
  other.events.on_failed_sweep([&](const std::string& collection, const std::string&) { told.push_back(collection); });
  engine->unasked = "loans";
  other.events.start();
  time.advance(milliseconds{2'001});
  EXPECT_TRUE(failure_of(other.events.sweep()).is(failure::unavailable));
  EXPECT_TRUE(failure_of(other.events.drain()).is(failure::unavailable));
  ASSERT_EQ(other.seen.size(), 1u);
  EXPECT_EQ(other.seen[0].loan, "account");
  EXPECT_EQ(told, std::vector<std::string>{"loans"});
  EXPECT_GE(other.events.figures().failed_sweeps, 2u);
  engine->unasked.clear();
  run(other.events.drain());
  EXPECT_EQ(other.seen.size(), 2u);
  run(other.events.stop(seconds{1}));
}

TEST_P(store_contract, a_document_that_cannot_be_read_keeps_no_other_from_being_found) {
  process gone{on, time, random, loop};
  run(prepare(gone.base));
  const loan bad = a_loan(), good = a_loan();
  run(gone.loans.insert(bad, emit(loan_opened{"bad", 1})));
  run(gone.loans.insert(good, emit(loan_opened{"good", 2})));
  const auto engine = std::make_shared<hindered>(on);
  process other{engine, time, random, loop};
  engine->unreadable = bad.id.to_string();
  other.events.start();
  time.advance(milliseconds{2'001});
  EXPECT_TRUE(failure_of(other.events.sweep()).is(failure::unavailable));
  EXPECT_TRUE(failure_of(other.events.drain()).is(failure::unavailable));
  ASSERT_EQ(other.seen.size(), 1u);
  EXPECT_EQ(other.seen[0].loan, "good");
  run(other.events.stop(seconds{1}));
}

TEST_P(store_contract, a_removed_document_is_gone_while_its_events_wait) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  loan one = a_loan();
  one.tags = {"t"};
  run(p.loans.insert(one, emit(loan_opened{"x", 1})));
  run(p.loans.remove(one.id));  // no event of its own, but one waits
  EXPECT_FALSE(run(stored(on, one.id)).is_null());
  EXPECT_FALSE(run(p.loans.find(one.id)));
  EXPECT_FALSE(run(p.loans.find_one(eq<&loan::title>(one.title))));
  EXPECT_FALSE(run(p.loans.find_one(contains<&loan::tags>("t"))));
  EXPECT_TRUE(run(p.loans.find_page({}, {}, 10)).items.empty());
  EXPECT_TRUE(failure_of(p.loans.update(one.id, change<loan>().inc<&loan::renewals>(1))).is(failure::not_found));
  EXPECT_TRUE(failure_of(p.loans.remove(one.id)).is(failure::not_found));
  // Its id and its places in unique indexes are free; what is inserted there goes on with the sequence.
  run(p.loans.insert(one, emit(loan_opened{"x", 2})));
  EXPECT_EQ(run(p.loans.get(one.id)).tags, one.tags);
  p.events.start();
  time.advance(minutes{1});
  run(p.events.drain());
  ASSERT_EQ(p.seen.size(), 2u);
  EXPECT_EQ(p.seen[1].info.sequence, 2);
  EXPECT_TRUE(run(p.loans.find(one.id)));
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, what_is_inserted_while_events_of_its_tombstone_are_delivered_stays) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  const loan one = a_loan();
  // The tombstone was read before its handlers run, and is settled behind them.
  p.events.on<loan_closed>("inserts it anew",
                           [&](const loan_closed&, const event_info&) -> task<void> { co_await p.loans.insert(one); });
  p.events.start();
  run(p.loans.insert(one));
  run(p.loans.remove(one.id, emit(loan_closed{"x"})));
  run(p.events.drain());
  EXPECT_TRUE(run(p.loans.find(one.id)));
  EXPECT_EQ(integer_at(run(stored(on, one.id)), "_outbox.pending"), 0);
  EXPECT_EQ(p.events.figures().failed_tries, 0u);
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, a_document_removed_while_its_events_are_delivered_leaves_no_tombstone) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  const loan one = a_loan();
  p.events.on<loan_closed>("removes it", [&](const loan_closed&, const event_info&) -> task<void> {
    co_await p.loans.remove(one.id);  // with no event of its own
  });
  p.events.start();
  run(p.loans.insert(one, emit(loan_closed{"x"})));
  run(p.events.drain());
  EXPECT_TRUE(run(stored(on, one.id)).is_null());
  EXPECT_EQ(p.events.figures().failed_tries, 0u);
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, a_failed_handler_is_tried_again_with_growing_pauses) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  int other_calls = 0;
  p.events.on<loan_opened>("other", [&](const loan_opened&, const event_info&) -> task<void> {
    ++other_calls;
    co_return;
  });
  p.events.start();
  p.fail_for = {1};
  loan one = a_loan();
  run(p.loans.insert(one, emit(loan_opened{"x", 1}, loan_opened{"y", 2})));
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 2u);
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 2u);  // not at once
  time.advance(milliseconds{1'001});
  run(p.events.drain());
  ASSERT_EQ(p.seen.size(), 3u);
  EXPECT_EQ(p.seen[2].info.delivery, 2);
  EXPECT_EQ(p.seen[2].info.id, p.seen[0].info.id);
  time.advance(milliseconds{500});  // the second pause is at least a second
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 3u);
  p.fail_for.clear();
  time.advance(milliseconds{1'501});
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 4u);
  EXPECT_EQ(other_calls, 2);  // once for each event: it took the first one at its first delivery
  time.advance(minutes{10});
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 4u);
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, after_twelve_tries_an_event_is_a_dead_letter_and_can_be_replayed) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  std::vector<dead_letter> alarms;
  p.events.on_dead_letter([&](const dead_letter& one) { alarms.push_back(one); });
  p.events.start();
  p.fail_for = {1};
  loan one = a_loan();
  run(p.loans.insert(one, emit(loan_opened{"x", 1})));
  for (int i = 0; i < 20; ++i) {
    run(p.events.drain());
    time.advance(minutes{5});
  }
  EXPECT_EQ(p.seen.size(), 12u);
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(p.events.figures().dead_letters, 1u);
  EXPECT_EQ(integer_at(run(stored(on, one.id)), "_outbox.pending"), 0);
  collection<dead_letter> letters{p.base};
  const dead_letter letter = run(letters.get(alarms[0].id));
  EXPECT_EQ(letter.document, one.id.to_string());
  EXPECT_EQ(letter.tries, 12);
  EXPECT_NE(letter.last_error.find("not today"), std::string::npos);
  EXPECT_FALSE(run(p.events.replay(letter.id)));
  EXPECT_EQ(run(letters.get(letter.id)).tries, 13);
  p.fail_for.clear();
  EXPECT_TRUE(run(p.events.replay(letter.id)));
  EXPECT_EQ(p.seen.back().loan, "x");
  EXPECT_FALSE(run(letters.find(letter.id)));
  EXPECT_TRUE(failure_of(p.events.replay(letter.id)).is(failure::not_found));
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, an_event_waits_for_its_time) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  p.events.start();
  loan one = a_loan();
  run(p.loans.insert(one, emit_at(time.now() + minutes{10}, loan_opened{"later", 1})));
  run(p.loans.update(one.id, change<loan>().emit(loan_opened{"now", 2})));
  run(p.events.drain());
  ASSERT_EQ(p.seen.size(), 1u);
  EXPECT_EQ(p.seen[0].number, 2);
  time.advance(minutes{9});
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 1u);
  time.advance(minutes{1});
  run(p.events.drain());
  ASSERT_EQ(p.seen.size(), 2u);
  EXPECT_EQ(p.seen[1].info.sequence, 1);
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, a_document_holds_64_events_that_are_not_delivered) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  loan one = a_loan();
  run(p.loans.insert(one, emit(loan_opened{"x", 1})));
  for (int i = 2; i <= 64; ++i)
    run(p.loans.update(one.id, change<loan>().inc<&loan::renewals>(1).emit(loan_opened{"x", i})));
  EXPECT_TRUE(failure_of(p.loans.update(one.id, change<loan>().inc<&loan::renewals>(1).emit(loan_opened{"x", 65})))
                  .is(failure::busy));
  EXPECT_TRUE(failure_of(p.loans.remove(one.id, emit(loan_opened{"x", 65}))).is(failure::busy));
  EXPECT_EQ(run(p.loans.get(one.id)).renewals, 63);
  run(p.loans.update(one.id, change<loan>().inc<&loan::renewals>(1)));  // without an event
  p.events.start();
  time.advance(minutes{1});
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 64u);
  run(p.loans.update(one.id, change<loan>().emit(loan_opened{"x", 65})));
  run(p.events.drain());
  EXPECT_EQ(p.seen.back().info.sequence, 65);
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, what_one_process_delivers_no_other_takes) {
  process slow{on, time, random, loop}, other{on, time, random, loop};
  run(prepare(slow.base));
  // A handler that takes half a minute; meanwhile the other process sweeps.
  slow.events.on<loan_closed>("slow", [&](const loan_closed&, const event_info&) -> task<void> {
    for (int i = 0; i < 10; ++i) {
      time.advance(milliseconds{1'500});
      co_await other.events.sweep();
      co_await runtime::sleep_for(time, milliseconds{1});
    }
    slow.seen.push_back({"slow", 0, {}});
  });
  other.events.on<loan_closed>("slow", [&](const loan_closed&, const event_info&) -> task<void> {
    other.seen.push_back({"slow", 0, {}});
    co_return;
  });
  slow.events.start();
  loan one = a_loan();
  run(slow.loans.insert(one));
  run(slow.loans.update(one.id, change<loan>().emit(loan_closed{"x"})));
  run(slow.events.drain());
  EXPECT_EQ(slow.seen.size() + other.seen.size(), 1u);
  run(slow.events.stop(seconds{1}));
}

TEST_P(store_contract, a_handler_that_hangs_is_cut_off_and_tried_again) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  int calls = 0;
  p.events.on<loan_closed>("hangs", [&](const loan_closed&, const event_info&) -> task<void> {
    if (++calls > 1) co_return;
    co_await runtime::sleep_for(time, milliseconds{1});  // its time-out is running now
    time.advance(seconds{21});
    co_await runtime::sleep_for(time, std::chrono::hours{1});
  });
  p.events.start();
  run(p.loans.insert(a_loan(), emit(loan_closed{"x"})));
  run(p.events.drain());
  time.advance(minutes{1});
  run(p.events.drain());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(p.events.figures().failed_tries, 1u);
  run(p.events.stop(seconds{1}));
}

TEST_P(store_contract, a_stop_cuts_off_what_hangs_and_loses_nothing) {
  process first{on, time, random, loop};
  run(prepare(first.base));
  bool entered = false;
  first.events.on<loan_closed>("hangs", [&](const loan_closed&, const event_info&) -> task<void> {
    entered = true;
    co_await runtime::sleep_for(time, std::chrono::hours{1});
  });
  first.events.start();
  const std::function<task<void>()> work = [&]() -> task<void> {
    const loan_closed closed{"x"};
    co_await first.loans.insert(a_loan(), emit(closed));
    while (!entered) co_await runtime::sleep_for(time, milliseconds{1});
    co_await first.events.stop(milliseconds{1});
  };
  run(work());
  process second{on, time, random, loop};
  int calls = 0;
  second.events.on<loan_closed>("hangs", [&](const loan_closed&, const event_info& info) -> task<void> {
    EXPECT_EQ(info.delivery, 1);  // being stopped is no failed try
    ++calls;
    co_return;
  });
  second.events.start();
  time.advance(minutes{1});
  run(second.events.drain());
  EXPECT_EQ(calls, 1);
  run(second.events.stop(seconds{1}));
}

TEST_P(store_contract, events_of_a_newer_program_are_left_to_it) {
  process p{on, time, random, loop};
  run(prepare(p.base));
  loan one = a_loan();
  run(p.loans.insert(one, emit(loan_opened{"x", 1})));
  write_operation newer{.what = write_operation::kind::update, .id = one.id.to_string(), .bookkeeping = true};
  document_value event{document_value::object{{"id", new_id().to_string()},
                                              {"type", "loan_renewed"},
                                              {"schema", 1},
                                              {"at", time.now()},
                                              {"payload", document_value::object{}}}};
  newer.changes = {{.what = mutation::kind::push, .path = "_outbox.events", .values = {std::move(event)}},
                   {.what = mutation::kind::increase, .path = "_outbox.pending", .values = {document_value{1}}},
                   {.what = mutation::kind::increase, .path = "_outbox.sequence", .values = {document_value{1}}}};
  run(on->write(rules_of<loan>()->spec, {newer}, time.now()));
  p.events.start();
  time.advance(minutes{1});
  run(p.events.drain());
  EXPECT_EQ(p.seen.size(), 1u);
  const document_value after = run(stored(on, one.id));
  EXPECT_EQ(integer_at(after, "_outbox.pending"), 1);
  run(p.events.stop(seconds{1}));
}

}  // namespace

}  // namespace nxg::store::testing
