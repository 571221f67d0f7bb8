#include "suite.hpp"

namespace nxg::store::testing {

namespace {

/// Loses the answer of the next write, after it was carried out or instead of it: the caller cannot tell.
class reply_cutter final : public engine {
 public:
  enum class cut { none, after_the_write, before_the_write };

  explicit reply_cutter(std::shared_ptr<engine> on) : on_{std::move(on)} {}

  cut next = cut::none;

  stored_document encode(const std::function<void(document_sink&)>& write) const override { return on_->encode(write); }
  document_value decode(const stored_document& document) const override { return on_->decode(document); }
  task<void> prepare(std::shared_ptr<const collection_spec> of) override { return on_->prepare(std::move(of)); }
  task<std::vector<std::string>> missing(std::shared_ptr<const collection_spec> of) override {
    return on_->missing(std::move(of));
  }
  task<std::vector<stored_document>> find(std::shared_ptr<const collection_spec> of, query what, instant now) override {
    return on_->find(std::move(of), std::move(what), now);
  }
  task<std::uint64_t> count(std::shared_ptr<const collection_spec> of, query what, instant now) override {
    return on_->count(std::move(of), std::move(what), now);
  }
  task<std::vector<write_result>> write(std::shared_ptr<const collection_spec> of, std::vector<write_operation> what,
                                        instant now) override {
    const cut how = std::exchange(next, cut::none);
    std::vector<write_result> done;
    if (how != cut::before_the_write) done = co_await on_->write(std::move(of), std::move(what), now);
    if (how != cut::none) throw error{failure::outcome_unknown, "the reply was cut"};
    co_return done;
  }

 private:
  std::shared_ptr<engine> on_;
};

/// The caller's way out of `outcome_unknown`: read, and do again what is not there. With ids made by the caller and
/// updates filtered on what they change, doing it again does no harm.
TEST_P(store_contract, a_write_whose_reply_was_cut_can_be_done_again) {
  auto cutter = std::make_shared<reply_cutter>(on);
  database cut_base{cutter, time, random};
  collection<loan> loans{cut_base};
  run(prepare(cut_base));

  for (const auto when : {reply_cutter::cut::after_the_write, reply_cutter::cut::before_the_write}) {
    const bool happened = when == reply_cutter::cut::after_the_write;
    const auto cut = [&](auto work) {
      cutter->next = when;
      EXPECT_TRUE(failure_of(std::move(work)).is(failure::outcome_unknown));
    };
    loan one = a_loan();

    cut(loans.insert(one));
    EXPECT_EQ(run(loans.find(one.id)).has_value(), happened);
    if (happened) {
      EXPECT_EQ(failure_of(loans.insert(one)).index(), "id");  // it collides with itself
    } else {
      run(loans.insert(one));
    }

    cut(loans.update(one.id, change<loan>().inc<&loan::renewals>(1).expect(1)));
    EXPECT_EQ(run(loans.get(one.id)).version, happened ? 2 : 1);
    if (!happened) run(loans.update(one.id, change<loan>().inc<&loan::renewals>(1).expect(1)));
    EXPECT_EQ(run(loans.get(one.id)).renewals, 1);

    const auto once = [&] {
      return loans.update(one.id, lacks<&loan::tags>("op"),
                          change<loan>().inc<&loan::renewals>(1).push<&loan::tags>("op"));
    };
    cut(once());
    EXPECT_EQ(run(once()), !happened);
    EXPECT_EQ(run(loans.get(one.id)).renewals, 2);

    cut(loans.update_get_after(one.id, change<loan>().set<&loan::title>("set")));
    EXPECT_EQ(run(loans.update_get_after(one.id, change<loan>().set<&loan::title>("set"))).title, "set");

    loan fresh = a_loan();
    cut(loans.upsert(fresh, change<loan>().add_to_set<&loan::tags>("u")));
    EXPECT_EQ(run(loans.upsert(fresh, change<loan>().add_to_set<&loan::tags>("u"))), !happened);
    EXPECT_EQ(run(loans.get(fresh.id)).tags.size(), 1u);

    loan row = run(loans.get(fresh.id));
    row.title = "row";
    cut(loans.save(row));
    if (happened) {
      EXPECT_TRUE(failure_of(loans.save(row)).is(failure::version_conflict));
    } else {
      run(loans.save(row));
    }
    EXPECT_EQ(run(loans.get(fresh.id)).title, "row");

    bulk<loan> many, again;
    const loan third = a_loan();
    many.insert(third).remove(fresh.id);
    again = many;
    cut(loans.write(many));
    const auto outcomes = run(loans.write(again));
    EXPECT_EQ(outcomes[0].refused.has_value(), happened);
    EXPECT_EQ(outcomes[1].refused.has_value(), happened);
    EXPECT_TRUE(run(loans.find(third.id)) && !run(loans.find(fresh.id)));

    cut(loans.take(eq<&loan::id>(third.id)));
    EXPECT_EQ(run(loans.take(eq<&loan::id>(third.id))).has_value(), !happened);

    cut(loans.remove(one.id));
    if (happened) {
      EXPECT_TRUE(failure_of(loans.remove(one.id)).is(failure::not_found));
    } else {
      run(loans.remove(one.id));
    }
    EXPECT_EQ(run(loans.count()), 0u);
  }
}

TEST_P(store_contract, events_of_a_write_whose_reply_was_cut_are_delivered_if_it_happened) {
  auto cutter = std::make_shared<reply_cutter>(on);
  database cut_base{cutter, time, random};
  collection<loan> loans{cut_base};
  dispatcher events{cut_base, loop.get_executor()};
  std::vector<int> seen;
  events.on<loan_opened>("note", [&](const loan_opened& one, const event_info&) -> task<void> {
    seen.push_back(one.number);
    co_return;
  });
  run(prepare(cut_base));
  events.start();
  cutter->next = reply_cutter::cut::after_the_write;
  failure_of(loans.insert(a_loan(), emit(loan_opened{"x", 1})));
  cutter->next = reply_cutter::cut::before_the_write;
  failure_of(loans.insert(a_loan(), emit(loan_opened{"x", 2})));
  time.advance(std::chrono::seconds{3});
  run(events.drain());
  EXPECT_EQ(seen, std::vector<int>{1});
  run(events.stop(std::chrono::seconds{1}));
}

TEST_P(store_contract, a_settling_whose_reply_was_cut_repeats_its_events) {
  auto cutter = std::make_shared<reply_cutter>(on);
  database cut_base{cutter, time, random};
  collection<loan> loans{cut_base};
  dispatcher events{cut_base, loop.get_executor()};
  std::vector<int> seen;
  events.on<loan_opened>("note", [&](const loan_opened& one, const event_info&) -> task<void> {
    if (seen.empty()) cutter->next = reply_cutter::cut::before_the_write;
    seen.push_back(one.number);
    co_return;
  });
  run(prepare(cut_base));
  events.start();
  run(loans.insert(a_loan(), emit(loan_opened{"x", 1})));
  run(events.drain());
  EXPECT_EQ(seen.size(), 1u);
  time.advance(std::chrono::minutes{1});
  run(events.drain());
  EXPECT_EQ(seen, (std::vector<int>{1, 1}));
  time.advance(std::chrono::minutes{1});
  run(events.drain());
  EXPECT_EQ(seen.size(), 2u);
  run(events.stop(std::chrono::seconds{1}));
}

}  // namespace

}  // namespace nxg::store::testing
