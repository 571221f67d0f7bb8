#include "services/live/inbox.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/accounts/data_seals.hpp"
#include "services/live/floor_messages.hpp"
#include "store/database.hpp"
#include "store/sqlite.hpp"
#include "utilities/sealing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

inbox holding(std::int64_t first, std::int64_t last) {
  inbox made{.id = uuid{}, .version = 1, .cursor = last};
  std::vector<inbox_event> events;
  for (auto cursor = first; cursor <= last; ++cursor) {
    events.push_back({cursor, uuid{}, "points:awarded", cursor % 2 == 0 ? "/workouts" : "/notifications",
                      R"({"n":)" + std::to_string(cursor) + "}"});
  }
  made.events = std::move(events);
  return made;
}

std::vector<std::int64_t> cursors_of(const missed_events& found) {
  std::vector<std::int64_t> all;
  for (const auto& one : found.events) all.push_back(one.cursor);
  return all;
}

TEST(missed_in, gives_what_came_after_the_cursor_in_order) {
  const auto found = missed_in(holding(101, 105), 103, "", 100);
  EXPECT_THAT(cursors_of(found), ElementsAre(104, 105));
  EXPECT_EQ(found.cursor, 105);
  EXPECT_FALSE(found.more);
  EXPECT_FALSE(found.gap);
  EXPECT_EQ(found.events[0].data.value(), R"({"n":104,"cursor":104})");
}

TEST(missed_in, has_nothing_for_who_has_seen_all) {
  const auto found = missed_in(holding(101, 105), 105, "", 100);
  EXPECT_THAT(found.events, IsEmpty());
  EXPECT_EQ(found.cursor, 105);
  EXPECT_FALSE(found.gap);
}

TEST(missed_in, the_oldest_is_no_gap_for_who_has_seen_the_one_before_it) {
  EXPECT_FALSE(missed_in(holding(101, 105), 100, "", 100).gap);
  const auto found = missed_in(holding(101, 105), 99, "", 100);
  ASSERT_TRUE(found.gap);
  EXPECT_EQ(found.gap->oldest_cursor, 101);
  EXPECT_THAT(cursors_of(found), ElementsAre(101, 102, 103, 104, 105));
}

TEST(missed_in, a_cursor_that_was_never_given_is_a_gap) {
  const auto found = missed_in(holding(101, 105), 900, "", 100);
  ASSERT_TRUE(found.gap);
  EXPECT_THAT(cursors_of(found), ElementsAre(101, 102, 103, 104, 105));
}

TEST(missed_in, who_has_seen_nothing_gets_all_there_is) {
  EXPECT_FALSE(missed_in(holding(101, 105), std::nullopt, "", 100).gap);
  EXPECT_FALSE(missed_in(holding(101, 105), 0, "", 100).gap);
  EXPECT_EQ(cursors_of(missed_in(holding(101, 105), 0, "", 100)).size(), 5u);
}

TEST(missed_in, without_an_inbox_there_is_a_gap_only_for_who_has_seen_something) {
  EXPECT_FALSE(missed_in(std::nullopt, 0, "", 100).gap);
  const auto found = missed_in(std::nullopt, 7, "", 100);
  ASSERT_TRUE(found.gap);
  EXPECT_FALSE(found.gap->oldest_cursor);
}

TEST(missed_in, a_long_answer_is_given_in_parts) {
  const auto all = holding(101, 105);
  const auto first = missed_in(all, 0, "", 2);
  EXPECT_THAT(cursors_of(first), ElementsAre(101, 102));
  EXPECT_TRUE(first.more);
  const auto second = missed_in(all, first.cursor, "", 3);
  EXPECT_THAT(cursors_of(second), ElementsAre(103, 104, 105));
  EXPECT_FALSE(second.more);
}

TEST(missed_in, of_one_namespace_leaves_out_the_others_but_counts_them_as_seen) {
  const auto found = missed_in(holding(101, 105), 101, "/workouts", 100);
  EXPECT_THAT(cursors_of(found), ElementsAre(102, 104));
  EXPECT_EQ(found.cursor, 105);
}

TEST(with_cursor, is_one_more_member) {
  EXPECT_EQ(with_cursor("{}", 3), R"({"cursor":3})");
  EXPECT_EQ(with_cursor(R"({"a":{"b":1}})", 3), R"({"a":{"b":1},"cursor":3})");
}

/// Inboxes in a real store; everything on one thread.
class inboxes : public ::testing::Test {
 protected:
  inboxes() {
    database.use_keyring(&seals);
    run(store::prepare(database));
    run(keys.make_data_key(member));
  }

  template <class T>
  T run(task<T> what) {
    auto result = boost::asio::co_spawn(io, std::move(what), boost::asio::use_future);
    io.restart();
    io.run();
    return result.get();
  }
  std::int64_t put(const uuid& id, std::string json = R"({"a":1})") {
    return run(service.put(member, listed<points_awarded_message>(), id, std::move(json))).value();
  }
  uuid new_id() { return uuid::version_7(time.now(), random); }

  runtime::temporary_folder folder{"inbox"};
  boost::asio::io_context io{1};
  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  runtime::blocking_pool pool{"test", 1, 64};
  std::shared_ptr<store::sqlite_engine> engine = store::sqlite_engine::open({.folder = folder.path(), .strict = true});
  store::database database{engine, time, random};
  inbox_repository kept{database};
  key_service keys{key_repository{database}, utilities::sealing_key{std::string(32, 'k')}, pool, time, random};
  data_seals seals{keys, random};
  inbox_service service{kept, keys, time};
  const uuid member = uuid::version_7(time.now(), random);
};

TEST_F(inboxes, number_what_they_are_given_without_holes) {
  const auto first = put(new_id());
  EXPECT_EQ(put(new_id()), first + 1);
  EXPECT_EQ(put(new_id()), first + 2);
  EXPECT_EQ(run(service.newest(member)), first + 2);
  EXPECT_THAT(cursors_of(run(service.after(member, first, "", 100))), ElementsAre(first + 1, first + 2));
}

TEST_F(inboxes, have_an_event_once_however_often_it_comes) {
  const auto id = new_id();
  const auto cursor = put(id);
  EXPECT_EQ(put(new_id()), cursor + 1);
  EXPECT_EQ(put(id), cursor);
  EXPECT_EQ(run(service.after(member, 0, "", 100)).events.size(), 2u);
}

TEST_F(inboxes, tell_two_events_of_one_cause_apart_by_their_names) {
  const auto id = new_id();
  const auto cursor = put(id);
  const auto other = run(service.put(member, listed<workout_summary_message>(), id, R"({"a":1})"));
  EXPECT_EQ(other, cursor + 1);
}

TEST_F(inboxes, keep_the_newest_256) {
  const auto first = put(new_id());
  for (std::size_t i = 0; i < inbox_events; ++i) put(new_id());
  const auto found = run(service.after(member, first - 1, "", inbox_events));
  ASSERT_TRUE(found.gap);
  EXPECT_EQ(found.gap->oldest_cursor, first + 1);
  EXPECT_EQ(found.events.size(), inbox_events);
  EXPECT_EQ(found.cursor, first + static_cast<std::int64_t>(inbox_events));
}

TEST_F(inboxes, are_bounded_in_bytes_too) {
  const std::string big = R"({"text":")" + std::string(100'000, 'x') + R"("})";
  for (int i = 0; i < 12; ++i) put(new_id(), big);
  std::size_t bytes = 0;
  const auto found = run(service.after(member, 0, "", inbox_events));
  for (const auto& one : found.events) bytes += one.data.value().size();
  EXPECT_LE(bytes, inbox_bytes + found.events.size() * 40);
  EXPECT_GE(found.events.size(), 4u);
}

TEST_F(inboxes, written_by_many_at_once_lose_and_double_nothing) {
  std::vector<std::future<std::optional<std::int64_t>>> writing;
  io.restart();
  for (int i = 0; i < 12; ++i) {
    auto job = service.put(member, listed<points_awarded_message>(), new_id(), R"({"a":1})");
    writing.push_back(boost::asio::co_spawn(io, std::move(job), boost::asio::use_future));
  }
  io.run();
  std::vector<std::int64_t> cursors;
  for (auto& one : writing) cursors.push_back(one.get().value());
  std::ranges::sort(cursors);
  for (std::size_t i = 1; i < cursors.size(); ++i) EXPECT_EQ(cursors[i], cursors[i - 1] + 1);
  EXPECT_EQ(cursors_of(run(service.after(member, 0, "", 100))), cursors);
}

TEST_F(inboxes, made_anew_after_their_expiry_go_on_above_every_cursor_there_was) {
  const auto last = put(new_id());
  time.advance(std::chrono::days{91});
  run(store::sweep_expired(database));
  ASSERT_FALSE(run(service.find(member)));
  EXPECT_GT(put(new_id()), last);
  EXPECT_TRUE(run(service.after(member, last, "", 100)).gap);
}

TEST_F(inboxes, are_not_made_for_who_is_no_more) {
  const auto nobody = new_id();
  EXPECT_EQ(run(service.put(nobody, listed<points_awarded_message>(), new_id(), "{}")), std::nullopt);
  EXPECT_FALSE(run(service.find(nobody)));
}

TEST_F(inboxes, say_nothing_to_who_reads_the_store) {
  put(new_id(), R"({"heartRate":"a secret of 123 bpm"})");
  std::ifstream file{folder.path() / "store.sqlite-wal", std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_FALSE(bytes.empty());
  EXPECT_EQ(bytes.find("a secret of"), std::string::npos);
}

}  // namespace
}  // namespace nxg::live
