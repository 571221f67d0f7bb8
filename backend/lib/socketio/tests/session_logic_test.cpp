#include "socketio/deadlines.hpp"
#include "socketio/heartbeat.hpp"
#include "socketio/membership.hpp"
#include "socketio/send_queue.hpp"
#include "socketio/websocket_handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace nxg::socketio {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using action = heartbeat::action;

constexpr steady_instant start{};

TEST(heartbeat, pings_every_interval_and_waits_for_each_pong) {
  heartbeat beat{300ms, 200ms, start};
  EXPECT_EQ(beat.deadline(), start + 300ms);
  EXPECT_EQ(beat.expired(start + 299ms), action::none);
  EXPECT_EQ(beat.expired(start + 300ms), action::send_ping);
  EXPECT_EQ(beat.deadline(), start + 500ms);
  beat.pong(start + 310ms);
  EXPECT_EQ(beat.deadline(), start + 610ms);
  EXPECT_EQ(beat.expired(start + 610ms), action::send_ping);
  EXPECT_EQ(beat.expired(start + 810ms), action::time_out);
}

TEST(heartbeat, a_pong_nobody_asked_for_puts_nothing_off) {
  heartbeat beat{300ms, 200ms, start};
  beat.pong(start + 200ms);
  EXPECT_EQ(beat.deadline(), start + 300ms);
}

TEST(heartbeat, while_reading_is_paused_pings_go_on_and_no_pong_is_missed) {
  heartbeat beat{300ms, 200ms, start};
  ASSERT_EQ(beat.expired(start + 300ms), action::send_ping);
  beat.pause(start + 400ms);
  for (auto now = start + 700ms; now < start + 10s; now += 300ms) {
    ASSERT_EQ(beat.deadline(), now);
    ASSERT_EQ(beat.expired(now), action::send_ping);
  }
  beat.resume(start + 10s);
  EXPECT_EQ(beat.deadline(), start + 10s + 200ms);
  beat.pong(start + 10s + 1ms);
  EXPECT_EQ(beat.expired(start + 10s + 301ms), action::send_ping);
}

TEST(heartbeat, a_pause_that_began_before_a_ping_was_due_leaves_a_whole_time_out_behind_it) {
  heartbeat beat{300ms, 200ms, start};
  beat.pause(start + 100ms);
  ASSERT_EQ(beat.expired(start + 300ms), action::send_ping);
  beat.resume(start + 350ms);
  EXPECT_EQ(beat.expired(start + 550ms), action::time_out);
}

TEST(membership, a_client_comes_in_talks_and_leaves) {
  membership members{2};
  using verdict = membership::verdict;
  EXPECT_EQ(members.received(packet_type::event, 0), verdict::violation);
  EXPECT_EQ(members.received(packet_type::connect, std::nullopt), verdict::unknown);
  EXPECT_EQ(members.received(packet_type::connect, 0), verdict::join);
  EXPECT_EQ(members.received(packet_type::event, 0), verdict::violation) << "it has not been let in";
  EXPECT_TRUE(members.accepted(0));
  EXPECT_FALSE(members.accepted(0));
  EXPECT_EQ(members.received(packet_type::binary_event, 0), verdict::deliver);
  EXPECT_EQ(members.received(packet_type::ack, 1), verdict::violation);
  EXPECT_EQ(members.received(packet_type::connect, 0), verdict::violation) << "twice";
  EXPECT_EQ(members.received(packet_type::connect, 1), verdict::join);
  EXPECT_EQ(members.received(packet_type::connect, 2), verdict::too_many);
  EXPECT_EQ(members.received(packet_type::disconnect, 1), verdict::leave);
  EXPECT_FALSE(members.accepted(1)) << "it left while it was being looked at";
  EXPECT_EQ(members.received(packet_type::disconnect, 1), verdict::ignore);
  EXPECT_EQ(members.received(packet_type::connect_error, 0), verdict::violation);
  EXPECT_EQ(members.received(packet_type::disconnect, 0), verdict::leave);
  EXPECT_EQ(members.size(), 0u);
}

shared_frames bytes(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

std::vector<std::string> waiting(const send_queue& queue) {
  std::array<std::string_view, 16> pieces;
  const auto count = queue.gather(pieces);
  return {pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count)};
}

constexpr auto queued = send_queue::verdict::queued;
constexpr auto dropped = send_queue::verdict::dropped;
constexpr auto overflow = send_queue::verdict::overflow;

TEST(send_queue, gathers_in_order_and_goes_on_where_the_socket_stopped) {
  send_queue queue{{}};
  EXPECT_EQ(queue.push(bytes("abcdef"), {}, 2), queued);
  EXPECT_EQ(queue.push(bytes("gh"), {}), queued);
  EXPECT_EQ(queue.bytes(), 6u);
  EXPECT_THAT(waiting(queue), ElementsAre("cdef", "gh"));
  queue.consumed(5);
  EXPECT_THAT(waiting(queue), ElementsAre("h"));
  queue.consumed(1);
  EXPECT_TRUE(queue.empty());
}

TEST(send_queue, drops_volatile_messages_when_anything_waits) {
  send_queue queue{{}};
  EXPECT_EQ(queue.push(bytes("a"), {.is_volatile = true}), queued);
  EXPECT_EQ(queue.push(bytes("b"), {.is_volatile = true}), dropped);
  EXPECT_EQ(queue.push(bytes("c"), {}), queued);
  EXPECT_THAT(waiting(queue), ElementsAre("a", "c"));
}

TEST(send_queue, replaces_a_waiting_message_of_the_same_key_but_never_one_that_has_begun) {
  send_queue queue{{}};
  EXPECT_EQ(queue.push(bytes("old1"), {.coalesce = "k"}, 1), queued);
  EXPECT_EQ(queue.push(bytes("event"), {}), queued);
  EXPECT_EQ(queue.push(bytes("new1"), {.coalesce = "k"}), queued);
  EXPECT_EQ(queue.push(bytes("newer1"), {.coalesce = "k"}), queued);
  EXPECT_EQ(queue.push(bytes("other"), {.coalesce = "l"}), queued);
  EXPECT_THAT(waiting(queue), ElementsAre("ld1", "event", "newer1", "other"));
  EXPECT_EQ(queue.bytes(), 3u + 5 + 6 + 5);
  EXPECT_EQ(queue.dropped(), 1u);
}

TEST(send_queue, a_full_queue_drops_what_may_be_dropped_oldest_first_and_then_gives_up) {
  send_queue queue{{.max_bytes = 10, .max_messages = 100}};
  EXPECT_EQ(queue.push(bytes("12"), {}), queued);
  EXPECT_EQ(queue.push(bytes("345"), {.coalesce = "a"}), queued);
  EXPECT_EQ(queue.push(bytes("678"), {.coalesce = "b"}), queued);
  EXPECT_EQ(queue.push(bytes("9abc"), {}), queued);
  EXPECT_THAT(waiting(queue), ElementsAre("12", "678", "9abc"));
  EXPECT_EQ(queue.push(bytes("def"), {}), queued);
  EXPECT_THAT(waiting(queue), ElementsAre("12", "9abc", "def"));
  EXPECT_EQ(queue.push(bytes("more"), {.coalesce = "c"}), dropped);
  EXPECT_EQ(queue.push(bytes("more"), {}), overflow);
  queue.push_last(bytes("close frame"));
  EXPECT_THAT(waiting(queue), ElementsAre("12", "9abc", "def", "close frame"));
}

TEST(send_queue, counts_messages_too_and_takes_a_first_one_of_any_size) {
  send_queue queue{{.max_bytes = 10, .max_messages = 2}};
  EXPECT_EQ(queue.push(bytes(std::string(100, 'x')), {}), queued);
  EXPECT_EQ(queue.push(bytes("y"), {}), overflow);
  queue.consumed(100);
  EXPECT_EQ(queue.push(bytes("1"), {}), queued);
  EXPECT_EQ(queue.push(bytes("2"), {}), queued);
  EXPECT_EQ(queue.push(bytes("3"), {}), overflow);
}

struct note final : deadline {
  note(std::vector<int>& to, int own) : notes{to}, number{own} {}
  void expired(steady_instant) override { notes.push_back(number); }
  std::vector<int>& notes;
  int number;
};

TEST(deadline_queue, calls_in_order_of_time_whatever_was_set_moved_and_cancelled) {
  std::vector<int> called;
  std::vector<std::unique_ptr<note>> notes;
  std::vector<int> when(500, -1);
  deadline_queue queue;
  std::minstd_rand random{7};
  for (int i = 0; i < 500; ++i) notes.push_back(std::make_unique<note>(called, i));
  for (int i = 0; i < 3000; ++i) {
    const auto which = random() % notes.size();
    if (random() % 4 == 0) {
      queue.cancel(*notes[which]);
      when[which] = -1;
    } else {
      when[which] = static_cast<int>(random() % 1000);
      queue.set(*notes[which], start + std::chrono::milliseconds{when[which]});
    }
  }
  queue.run(start + 499ms);
  const auto due = std::ranges::count_if(when, [](int at) { return at >= 0 && at < 500; });
  EXPECT_EQ(static_cast<std::ptrdiff_t>(called.size()), due);
  EXPECT_TRUE(std::ranges::is_sorted(called, {}, [&](int number) { return when[static_cast<std::size_t>(number)]; }));
  queue.run(start + 2s);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(called.size()), std::ranges::count_if(when, [](int at) { return at >= 0; }));
  EXPECT_FALSE(queue.next());
}

namespace ws = websocket;

ws::header_list proper() {
  return {{"Host", "x"},
          {"upgrade", "WebSocket"},
          {"CONNECTION", "keep-alive, Upgrade"},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
}

TEST(handshake, computes_the_key_of_the_rfc) {  // RFC 6455, section 1.3
  EXPECT_EQ(ws::accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(handshake, refuses_what_is_no_proper_request) {
  EXPECT_FALSE(ws::check_request("GET", proper()));
  EXPECT_EQ(ws::check_request("POST", proper())->status, 400u);
  for (std::size_t left_out = 1; left_out < proper().size(); ++left_out) {
    auto headers = proper();
    headers.erase(headers.begin() + static_cast<std::ptrdiff_t>(left_out));
    EXPECT_TRUE(ws::check_request("GET", headers)) << proper()[left_out].first;
  }
  auto old = proper();
  old[3].second = "8";
  EXPECT_EQ(ws::check_request("GET", old)->status, 426u);
  auto short_key = proper();
  short_key[4].second = "dGhl";
  EXPECT_EQ(ws::check_request("GET", short_key)->status, 400u);
}

TEST(handshake, both_ends_agree) {
  const auto request = ws::parse_head(ws::client_request("h:1", "/p?q", "dGhlIHNhbXBsZSBub25jZQ==", {{"Origin", "o"}}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->first, "GET");
  EXPECT_EQ(request->second, "/p?q");
  EXPECT_EQ(ws::find_header(request->headers, "origin"), "o");
  EXPECT_FALSE(ws::check_request(request->first, request->headers));
  const auto answer = ws::parse_head(ws::switching_response(ws::find_header(request->headers, "sec-websocket-key")));
  ASSERT_TRUE(answer);
  EXPECT_EQ(ws::check_response(*answer, "dGhlIHNhbXBsZSBub25jZQ=="), std::nullopt);
  EXPECT_TRUE(ws::check_response(*answer, "AAAAAAAAAAAAAAAAAAAAAA=="));
}

TEST(handshake, a_head_must_be_well_formed) {
  EXPECT_FALSE(ws::parse_head("GET / HTTP/1.1\r\nno colon\r\n\r\n"));
  EXPECT_FALSE(ws::parse_head("GET / HTTP/1.1\r\nna me: x\r\n\r\n"));
  EXPECT_FALSE(ws::parse_head("GET / HTTP/1.1\r\nname: x\r\n"));
  EXPECT_FALSE(ws::parse_head("GET\r\n\r\n"));
  EXPECT_FALSE(ws::parse_head(std::string_view{"GET / HTTP/1.1\r\nname: \0\r\n\r\n", 27}));
  EXPECT_TRUE(ws::parse_head("GET / HTTP/1.1\r\nname:x\r\n\r\n"));
}

}  // namespace
}  // namespace nxg::socketio
