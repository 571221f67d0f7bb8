#include "socketio/websocket_frame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio::websocket {
namespace {

using testing::ElementsAre;
using kind = frame_reader::kind;

struct seen {
  kind what;
  std::string data;
  std::uint16_t code = 0;
  friend bool operator==(const seen&, const seen&) = default;
  friend void PrintTo(const seen& one, std::ostream* out) {
    *out << static_cast<int>(one.what) << " '" << one.data << "' " << one.code;
  }
};

/// Reads `bytes` in pieces of that size, each in memory of its own that is overwritten afterwards.
std::vector<seen> read_in_pieces(frame_reader& reader, std::string_view bytes, std::size_t size) {
  std::vector<seen> all;
  while (!bytes.empty()) {
    std::string piece{bytes.substr(0, size)};
    bytes.remove_prefix(piece.size());
    reader.feed(piece);
    while (const auto event = reader.next()) all.push_back({event->what, std::string{event->data}, event->code});
    piece.assign(piece.size(), '#');
  }
  return all;
}

std::string masked(opcode code, std::string_view payload, bool fin = true) {
  std::string frame;
  append_masked_frame(frame, code, payload, 0x9a3c51f7);
  if (!fin) frame[0] = static_cast<char>(frame[0] & 0x7f);
  return frame;
}

std::vector<seen> read(std::string_view bytes, std::size_t max_message = 1'000'000) {
  frame_reader reader{role::server, max_message};
  return read_in_pieces(reader, bytes, bytes.size());
}

seen failed(std::uint16_t code, std::string_view why) { return {kind::failed, std::string{why}, code}; }

TEST(frame_reader, reads_the_examples_of_the_rfc) {  // RFC 6455, section 5.7
  using namespace std::string_view_literals;
  EXPECT_THAT(read("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"sv), ElementsAre(seen{kind::text, "Hello"}));
  frame_reader client{role::client, 1000};
  EXPECT_THAT(read_in_pieces(client, "\x01\x03Hel\x80\x02lo\x89\x05Hello"sv, 100),
              ElementsAre(seen{kind::text, "Hello"}, seen{kind::ping, "Hello"}));
}

TEST(frame_reader, reads_the_same_however_the_bytes_are_cut) {
  const std::string stream = masked(opcode::text, "") + masked(opcode::text, "12345678 and more") +
                             masked(opcode::ping, "p") + masked(opcode::binary, std::string(300, '\xff')) +
                             masked(opcode::text, "frag", false) + masked(opcode::pong, "in between") +
                             masked(opcode::continuation, "", false) + masked(opcode::continuation, "ments \xc3\xbc") +
                             masked(opcode::binary, std::string(70'000, 'b')) +
                             masked(opcode::close, close_payload(4000, "bye"));
  for (const std::size_t size : {1, 2, 3, 7, 64, 1000, 100'000}) {
    frame_reader reader{role::server, 100'000};
    EXPECT_THAT(read_in_pieces(reader, stream, size),
                ElementsAre(seen{kind::text, ""}, seen{kind::text, "12345678 and more"}, seen{kind::ping, "p"},
                            seen{kind::binary, std::string(300, '\xff')}, seen{kind::pong, "in between"},
                            seen{kind::text, "fragments \xc3\xbc"}, seen{kind::binary, std::string(70'000, 'b')},
                            seen{kind::close, "bye", 4000}))
        << "pieces of " << size;
  }
}

TEST(frame_reader, keeps_what_was_not_read_when_told_to) {
  frame_reader reader{role::server, 1000};
  std::string piece =
      masked(opcode::text, "one") + masked(opcode::text, "two") + masked(opcode::text, "three").substr(0, 4);
  reader.feed(piece);
  ASSERT_EQ(reader.next()->data, "one");
  reader.keep_rest();
  piece.assign(piece.size(), '#');
  std::string rest = masked(opcode::text, "three").substr(4);
  reader.feed(rest);
  EXPECT_EQ(reader.next()->data, "two");
  EXPECT_EQ(reader.next()->data, "three");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.has_input());
}

TEST(frame_reader, refuses_what_the_rfc_forbids) {
  const auto header = [](std::initializer_list<int> bytes) {
    std::string out;
    for (const int byte : bytes) out += static_cast<char>(byte);
    return out;
  };
  EXPECT_THAT(read(header({0xc1, 0x80, 0, 0, 0, 0})), ElementsAre(failed(1002, "a reserved bit is set")));
  EXPECT_THAT(read(header({0x83, 0x80, 0, 0, 0, 0})), ElementsAre(failed(1002, "unknown opcode")));
  EXPECT_THAT(read(header({0x81, 0x00})), ElementsAre(failed(1002, "a client's frame is not masked")));
  EXPECT_THAT(read(masked(opcode::ping, "x", false)), ElementsAre(failed(1002, "a control frame is fragmented")));
  EXPECT_THAT(read(masked(opcode::ping, std::string(126, 'x'))),
              ElementsAre(failed(1002, "a control frame is too long")));
  EXPECT_THAT(read(masked(opcode::continuation, "x")), ElementsAre(failed(1002, "nothing to continue")));
  EXPECT_THAT(read(masked(opcode::text, "a", false) + masked(opcode::text, "b")),
              ElementsAre(failed(1002, "a message within a message")));
  EXPECT_THAT(read(header({0x81, 0xfe, 0, 125, 0, 0, 0, 0})),
              ElementsAre(failed(1002, "a length is not in its shortest form")));
  EXPECT_THAT(read(header({0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0})),
              ElementsAre(failed(1002, "a length is not in its shortest form")));
  EXPECT_THAT(read(masked(opcode::close, "\x03")), ElementsAre(failed(1002, "a close frame holds half a code")));
  EXPECT_THAT(read(masked(opcode::close, close_payload(1005, ""))),
              ElementsAre(failed(1002, "a close code that may not be sent")));
  EXPECT_THAT(read(masked(opcode::close, close_payload(1000, "\xff"))),
              ElementsAre(failed(1007, "a close reason is no UTF-8")));

  frame_reader client{role::client, 1000};
  EXPECT_THAT(read_in_pieces(client, masked(opcode::text, "x"), 100),
              ElementsAre(failed(1002, "a server's frame is masked")));
}

TEST(frame_reader, refuses_a_message_over_the_limit_before_it_has_come) {
  EXPECT_THAT(read(masked(opcode::text, std::string(100, 'x')), 100),
              ElementsAre(seen{kind::text, std::string(100, 'x')}));
  EXPECT_THAT(read(masked(opcode::text, std::string(101, 'x')).substr(0, 6), 100),
              ElementsAre(failed(1009, "a message is too big")));
  EXPECT_THAT(
      read(masked(opcode::text, std::string(60, 'x'), false) + masked(opcode::continuation, std::string(41, 'x')), 100),
      ElementsAre(failed(1009, "a message is too big")));
  using namespace std::string_view_literals;
  EXPECT_THAT(read("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"sv, 100),
              ElementsAre(failed(1009, "a message is too big")));
}

TEST(frame_reader, says_nothing_after_a_failure_or_a_close) {
  EXPECT_THAT(read(masked(opcode::close, "") + masked(opcode::text, "late")), ElementsAre(seen{kind::close, "", 1005}));
  EXPECT_THAT(read(masked(opcode::continuation, "x") + masked(opcode::text, "late")),
              ElementsAre(failed(1002, "nothing to continue")));
}

TEST(frame_reader, checks_text_across_fragments_and_as_soon_as_it_is_wrong) {
  EXPECT_THAT(read(masked(opcode::text, "\xf0\x9f", false) + masked(opcode::continuation, "\x98\x80")),
              ElementsAre(seen{kind::text, "\xf0\x9f\x98\x80"}));
  EXPECT_THAT(read(masked(opcode::text, "\xf0\x9f")), ElementsAre(failed(1007, "a text message is no UTF-8")));
  EXPECT_THAT(read(masked(opcode::text, "ok\xed\xa0", false)), ElementsAre(failed(1007, "a text message is no UTF-8")));
  EXPECT_THAT(read(masked(opcode::binary, "\xff\xfe")), ElementsAre(seen{kind::binary, "\xff\xfe"}));
}

TEST(utf8_checker, knows_the_edges) {
  const auto valid = [](std::string_view text) {
    utf8_checker check;
    return check.feed(text) && check.complete();
  };
  for (const char* text : {"", "plain", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "12345678\xc3\xa4"
                           "12345678"}) {
    EXPECT_TRUE(valid(text)) << text;
  }
  for (const char* text : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xc3\x28",
                           "1234567\xff"
                           "12345678",
                           "\xfe"}) {
    EXPECT_FALSE(valid(text)) << text;
  }
}

TEST(frames, what_is_written_can_be_read_again_at_every_length_of_header) {
  for (const std::size_t length : {0, 1, 125, 126, 65'535, 65'536}) {
    const std::string payload(length, 'x');
    std::string frames;
    append_frame(frames, opcode::text, payload);
    append_frame(frames, opcode::binary, "second");
    std::string_view rest = frames;
    EXPECT_EQ(take_ready_frame(rest).payload, payload);
    EXPECT_EQ(take_ready_frame(rest).payload, "second");
    EXPECT_TRUE(rest.empty());
    frame_reader client{role::client, 100'000};
    EXPECT_THAT(read_in_pieces(client, frames, 4096),
                ElementsAre(seen{kind::text, payload}, seen{kind::binary, "second"}));
  }
}

TEST(frames, a_close_reason_is_cut_to_what_a_control_frame_holds) {
  EXPECT_EQ(close_payload(1000, std::string(500, 'x')).size(), 125u);
}

}  // namespace
}  // namespace nxg::socketio::websocket
