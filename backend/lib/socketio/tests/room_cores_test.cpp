#include "socketio/room_cores.hpp"

#include <gtest/gtest.h>

namespace nxg::socketio::detail {
namespace {

TEST(room_cores, says_where_a_room_has_members) {
  room_cores known;
  EXPECT_EQ(known.of("gym"), 0U);
  known.add("gym", 0);
  known.add("gym", 5);
  known.add("gym", 5);
  known.add("pool", 2);
  EXPECT_EQ(known.of("gym"), room_cores::bit(0) | room_cores::bit(5));
  known.remove("gym", 0);
  known.remove("gym", 1);
  known.remove("bar", 1);
  EXPECT_EQ(known.of("gym"), room_cores::bit(5));
  known.remove("gym", 5);
  EXPECT_EQ(known.of("gym"), 0U);
  EXPECT_EQ(known.of("pool"), room_cores::bit(2));
}

TEST(room_cores, never_forgets_one_of_cores_it_cannot_tell_apart) {
  room_cores known;
  known.add("gym", 70);
  known.add("gym", 90);
  known.remove("gym", 70);
  EXPECT_EQ(known.of("gym"), room_cores::bit(90));
}

TEST(room_cores, counts_what_is_on_its_way) {
  std::atomic<std::size_t> count{0};
  {
    on_its_way one{count};
    on_its_way two{count};
    EXPECT_EQ(count, 2U);
    const on_its_way moved{std::move(one)};
    EXPECT_EQ(count, 2U);
  }
  EXPECT_EQ(count, 0U);
}

}  // namespace
}  // namespace nxg::socketio::detail
