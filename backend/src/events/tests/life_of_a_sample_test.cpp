#include "gym.hpp"

#include "schema/json.hpp"
#include "services/api_error.hpp"

#include <gmock/gmock.h>

namespace nxg::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const epoch boot = *epoch::parse("00112233445566778899aabbccddeeff");

class life_of_a_sample : public ::testing::Test {
 protected:
  runtime::temporary_folder where{"floor"};
  runtime::clock time{runtime::clock::mode::adjustable};
  std::optional<process> here{std::in_place, where.path(), time};

  /// Somebody checked in and linked, the machine connected.
  struct training {
    branch at;
    machine on;
    uuid member;
    visit during;
    uuid link;
    std::shared_ptr<samples::stream> stream;
  };
  training begin(machine_class kind = machine_class::treadmill) {
    training made;
    made.at = here->open_branch();
    made.on = here->enrol(made.at, kind);
    made.member = here->new_member();
    made.during = here->check_in(made.member, made.at);
    made.link = here->new_id();
    here->run(here->links.link(made.member, {made.on.id, {}}, made.link));
    here->settle();
    made.stream = here->stream_of(made.on.id);
    return made;
  }
  caller as(const training& who) { return {who.member, role::member, {}, {}}; }
  workout workout_of(const training& what) { return here->run(here->workouts_kept.find(what.link)).value(); }
  /// Unlinks, and makes the workout final with all that follows.
  void finish(const training& who) {
    here->run(here->links.unlink(as(who), {who.on.id, {}}, {}));
    time.advance(31s);
    here->run(here->folder.fold());
    here->settle();
  }
  /// The process dies without a word, another starts on what it left.
  void restart() {
    here.reset();
    here.emplace(where.path(), time);
  }
};

TEST_F(life_of_a_sample, is_live_durable_and_comes_to_a_final_workout_with_consequences) {
  auto who = begin();
  const auto acked = here->send(who.stream, boot, run_of(1, 601, who.link, time.now()));
  EXPECT_EQ(acked.through, 601);
  EXPECT_THAT(acked.refused, IsEmpty());
  EXPECT_FALSE(acked.retry_after_ms);
  ASSERT_THAT(here->live.of("workout:progress"), SizeIs(1));
  EXPECT_EQ(here->live.of("workout:progress").front().to, "workouts:" + who.member.to_string());

  const auto provisional =
      std::get<workouts::workout_view>(here->run(here->links.unlink(as(who), {who.on.id, {}}, {})));
  EXPECT_EQ(provisional.samples, 601);
  EXPECT_EQ(provisional.status, workout_state::closing);
  here->settle();
  EXPECT_THAT(here->live.of("workout:ended"), SizeIs(1));

  here->run(here->folder.fold());
  EXPECT_EQ(workout_of(who).state, workout_state::closing) << "samples may come for another 30 s";
  time.advance(31s);
  here->run(here->folder.fold());
  here->settle();
  const auto done = workout_of(who);
  EXPECT_EQ(done.state, workout_state::final_);
  EXPECT_EQ(done.figures->samples, 601);
  EXPECT_EQ(done.figures->duration_seconds, 600);
  EXPECT_EQ(done.figures->distance_meters, 1'500);
  EXPECT_EQ(done.heart_rate.value().average_bpm, 130);
  EXPECT_EQ(done.figures->energy_source, energy_source::heart_rate);

  const auto day = here->run(here->rows_kept.find_member_day(who.member, done.local_date));
  ASSERT_TRUE(day);
  EXPECT_EQ(day->totals.workouts, 1);
  EXPECT_EQ(day->totals.duration_seconds, 600);
  const auto use = here->run(here->rows_kept.find_machine_day(who.on.id, done.local_date));
  ASSERT_TRUE(use);
  EXPECT_EQ(use->totals.workouts, 1);
  const auto balance = here->run(here->ledger.balance_of(who.member));
  EXPECT_EQ(balance.balance, 10);
  const auto entries = here->run(here->ledger.entries(who.member, 10, {}));
  ASSERT_THAT(entries.items, SizeIs(1));
  EXPECT_EQ(entries.items.front().source_id, who.link);
  EXPECT_THAT(here->live.of("workout:summary"), SizeIs(1));
  ASSERT_THAT(here->live.of("points:awarded"), SizeIs(1));
  EXPECT_THAT(here->live.of("points:awarded").front().json, HasSubstr(R"("balance":10)"));
  EXPECT_EQ(here->run(here->segments.count()), 0U);
}

TEST_F(life_of_a_sample, sent_again_changes_nothing_and_is_not_shown_again) {
  auto who = begin();
  const auto sent = run_of(1, 10, who.link, time.now());
  here->send(who.stream, boot, sent);
  EXPECT_EQ(here->send(who.stream, boot, sent).through, 10);
  // On a new connection the machine begins with what it believes unacknowledged.
  EXPECT_EQ(here->send(here->stream_of(who.on.id), boot, {sent.begin() + 4, sent.end()}).through, 10);
  EXPECT_THAT(here->live.of("workout:progress"), SizeIs(1));
  here->run(here->folder.fold());
  here->run(here->folder.fold());
  const auto read = here->run(here->history.samples(who.member, who.link, 100, {}));
  EXPECT_THAT(read.items, SizeIs(10));
}

TEST_F(life_of_a_sample, a_hole_is_not_acknowledged_over) {
  auto who = begin();
  here->send(who.stream, boot, run_of(1, 3, who.link, time.now()));
  EXPECT_EQ(here->send(who.stream, boot, run_of(6, 8, who.link, time.now())).through, 3);
  EXPECT_EQ(here->send(who.stream, boot, run_of(4, 5, who.link, time.now())).through, 8);
}

TEST_F(life_of_a_sample, what_cannot_be_is_refused_for_good_and_the_rest_is_kept) {
  auto who = begin();
  auto sent = run_of(1, 4, who.link, time.now());
  sent[2].values.set(measure::heart_rate_bpm, 900.0);
  const auto acked = here->send(who.stream, boot, sent);
  EXPECT_EQ(acked.through, 4);
  ASSERT_THAT(acked.refused, SizeIs(1));
  EXPECT_EQ(acked.refused.front(), (samples::refusal{3, "value_out_of_range"}));
  const auto read = here->run(here->history.samples(who.member, who.link, 100, {}));
  EXPECT_THAT(read.items, SizeIs(3));
}

TEST_F(life_of_a_sample, of_a_link_that_never_was_reaches_nobody) {
  auto who = begin();
  const auto acked = here->send(who.stream, boot, run_of(1, 2, here->new_id(), time.now()));
  EXPECT_THAT(acked.refused, SizeIs(2));
  EXPECT_EQ(acked.refused.front().code, "unknown_link");
  EXPECT_THAT(here->live.of("workout:progress"), IsEmpty());
}

TEST_F(life_of_a_sample, of_another_machines_link_reaches_nobody) {
  auto who = begin();
  const auto other = here->enrol(who.at, machine_class::treadmill, "Treadmill 2");
  const auto acked = here->send(here->stream_of(other.id), boot, run_of(1, 1, who.link, time.now()));
  ASSERT_THAT(acked.refused, SizeIs(1));
  EXPECT_THAT(here->live.of("workout:progress"), IsEmpty());
}

TEST_F(life_of_a_sample, without_a_link_is_attributed_when_folded_and_never_shown) {
  auto who = begin();
  const auto acked = here->send(who.stream, boot, run_of(1, 5, {}, time.now()));
  EXPECT_EQ(acked.through, 5);
  EXPECT_THAT(here->live.of("workout:progress"), IsEmpty());
  here->run(here->folder.fold());
  const auto read = here->run(here->history.samples(who.member, who.link, 100, {}));
  EXPECT_THAT(read.items, SizeIs(5));
}

TEST_F(life_of_a_sample, that_comes_late_has_the_workout_computed_again) {
  auto who = begin();
  const auto at = time.now();
  here->send(who.stream, boot, run_of(1, 121, who.link, at));
  finish(who);
  ASSERT_EQ(here->run(here->ledger.balance_of(who.member)).balance, 2);

  here->send(who.stream, boot, run_of(122, 301, who.link, at));
  here->run(here->folder.fold());
  here->settle();
  const auto done = workout_of(who);
  EXPECT_EQ(done.figures->samples, 301);
  EXPECT_EQ(done.revision, 2);
  EXPECT_EQ(here->run(here->ledger.balance_of(who.member)).balance, 5);
  EXPECT_THAT(here->run(here->ledger.entries(who.member, 10, {})).items, SizeIs(1));
  const auto day = here->run(here->rows_kept.find_member_day(who.member, done.local_date));
  EXPECT_EQ(day->totals.workouts, 1);
  EXPECT_EQ(day->totals.duration_seconds, 300);
  EXPECT_THAT(here->live.of("workout:summary"), SizeIs(2));
}

TEST_F(life_of_a_sample, that_comes_when_the_others_are_gone_leaves_the_workout_as_it_was) {
  auto who = begin();
  const auto at = time.now();
  here->send(who.stream, boot, run_of(1, 301, who.link, at));
  finish(who);
  ASSERT_EQ(workout_of(who).figures->samples, 301);
  time.advance(24h * 91);
  EXPECT_EQ(here->send(who.stream, boot, run_of(302, 310, who.link, at)).through, 310);
  here->run(here->folder.fold());
  here->settle();
  EXPECT_EQ(workout_of(who).figures->samples, 301);
  EXPECT_EQ(here->run(here->ledger.balance_of(who.member)).balance, 5);
}

TEST_F(life_of_a_sample, folded_by_another_while_its_workout_is_made_final_is_not_left_out) {
  auto who = begin();
  const auto at = time.now();
  here->send(who.stream, boot, run_of(1, 121, who.link, at));
  here->run(here->folder.fold());
  here->run(here->links.unlink(as(who), {who.on.id, {}}, {}));
  const auto read = workout_of(who);
  here->send(who.stream, boot, run_of(122, 301, who.link, at));
  here->run(here->folder.fold());
  EXPECT_THROW(here->run(here->workouts_kept.summarize(read, {}, {}, time.now())), store::error);
}

TEST_F(life_of_a_sample, without_a_link_finds_its_workout_among_many) {
  auto first = begin();
  const auto at = time.now();
  time.advance(5s);
  here->run(here->links.unlink(as(first), {first.on.id, {}}, {}));
  for (int i = 0; i < 60; ++i) {
    time.advance(1min);
    const auto member = here->new_member();
    here->check_in(member, first.at);
    here->run(here->links.link(member, {first.on.id, {}}, here->new_id()));
    here->run(here->links.unlink({member, role::member, {}, {}}, {first.on.id, {}}, {}));
  }
  auto late = run_of(1, 1, {}, at);
  late.push_back(running(2, {}, time.now()));
  here->send(first.stream, boot, late);
  here->run(here->folder.fold());
  EXPECT_THAT(here->run(here->samples_of.folded(first.link)), SizeIs(1));
}

TEST_F(life_of_a_sample, survives_the_process_that_acknowledged_it) {
  auto who = begin();
  const auto at = time.now();
  here->send(who.stream, boot, run_of(1, 100, who.link, at));
  who.stream.reset();
  restart();
  who.stream = here->stream_of(who.on.id);
  EXPECT_EQ(here->send(who.stream, boot, run_of(91, 200, who.link, at)).through, 200);
  here->run(here->folder.fold());
  who.stream.reset();
  restart();
  finish(who);
  EXPECT_EQ(workout_of(who).figures->samples, 200);
  EXPECT_EQ(here->run(here->ledger.balance_of(who.member)).balance, 3);
}

TEST_F(life_of_a_sample, folding_twice_at_once_is_folding_once) {
  auto who = begin();
  here->send(who.stream, boot, run_of(1, 300, who.link, time.now()));
  auto other = samples::folder{here->segments, here->buckets, here->workouts_kept, here->closing, time};
  auto first = boost::asio::co_spawn(here->io, here->folder.fold(), boost::asio::use_future);
  here->run(other.fold());
  here->turn_until([&] { return first.wait_for(0s) == std::future_status::ready; });
  first.get();
  const auto read = here->run(here->samples_of.folded(who.link));
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_THAT(read.begin()->second, SizeIs(300));
}

TEST_F(life_of_a_sample, a_third_message_waits_its_turn) {
  auto who = begin();
  std::vector<samples::ack> acks;
  const auto keep = [&acks](const samples::ack& told) { acks.push_back(told); };
  who.stream->offer({boot, run_of(1, 1, who.link, time.now()), {}}, keep);
  who.stream->offer({boot, run_of(2, 2, who.link, time.now()), {}}, keep);
  who.stream->offer({boot, run_of(3, 3, who.link, time.now()), {}}, keep);
  ASSERT_THAT(acks, SizeIs(1)) << "the third is answered at once";
  EXPECT_TRUE(acks.front().retry_after_ms);
  here->turn_until([&] { return acks.size() == 3; });
  EXPECT_EQ(acks.back().through, 2);
  EXPECT_EQ(here->send(who.stream, boot, run_of(3, 3, who.link, time.now())).through, 3);
}

TEST_F(life_of_a_sample, is_not_taken_while_too_much_waits_to_be_folded) {
  auto who = begin();
  here->journal.set_backlog(1'000'000, 0ms);
  const auto sent = run_of(1, 3, who.link, time.now());
  const auto put_off = here->send(who.stream, boot, sent);
  EXPECT_EQ(put_off.through, 0);
  EXPECT_EQ(put_off.retry_after_ms, 1'000);
  EXPECT_THAT(here->live.of("workout:progress"), IsEmpty());
  here->journal.set_backlog(0, 0ms);
  EXPECT_EQ(here->send(who.stream, boot, sent).through, 3);
}

TEST_F(life_of_a_sample, renews_its_link_now_and_then) {
  auto who = begin();
  const auto expires_at = [&] { return here->run(here->machines.find(who.on.id))->link->expires_at; };
  const auto when_linked = expires_at();
  time.advance(9min);
  here->send(who.stream, boot, run_of(1, 1, who.link, time.now()));
  here->turn_until([&] { return expires_at() > when_linked; });
  const auto renewed = expires_at();
  time.advance(1min);
  here->send(who.stream, boot, run_of(2, 2, who.link, time.now()));
  EXPECT_EQ(expires_at(), renewed) << "not with every sample";
  time.advance(2min);
  here->send(who.stream, boot, run_of(3, 3, who.link, time.now()));
  here->turn_until([&] { return expires_at() > renewed; });
}

TEST_F(life_of_a_sample, names_no_member_where_it_is_kept) {
  auto who = begin();
  here->send(who.stream, boot, run_of(1, 3, who.link, time.now()));
  const auto segment = here->run(here->segments.oldest(time.now(), 1)).items.at(0);
  EXPECT_THAT(schema::to_json(segment), Not(HasSubstr(who.member.to_string())));
  here->run(here->folder.fold());
  const auto bucket = here->run(here->buckets.of_link(who.link, 1, {})).items.at(0);
  EXPECT_THAT(schema::to_json(bucket), Not(HasSubstr(who.member.to_string())));
}

TEST_F(life_of_a_sample, is_read_page_by_page) {
  auto who = begin();
  here->send(who.stream, boot, run_of(1, 250, who.link, time.now()));
  std::vector<std::int64_t> seqs;
  std::optional<std::string> after;
  do {
    const auto page = here->run(here->history.samples(who.member, who.link, 100, after));
    for (const auto& one : page.items) seqs.push_back(one.what.seq);
    after = page.next;
  } while (after);
  ASSERT_THAT(seqs, SizeIs(250));
  EXPECT_TRUE(std::ranges::is_sorted(seqs));
  const auto stranger = here->new_member();
  std::string refused;
  try {
    here->run(here->history.samples(stranger, who.link, 100, {}));
  } catch (const api_error& error) {
    refused = name_of(error.code());
  }
  EXPECT_EQ(refused, "workout_not_found");
}

}  // namespace
}  // namespace nxg::testing
