#include "socketio/websocket_deflate.hpp"
#include "socketio/websocket_frame.hpp"
#include "world.hpp"

namespace nxg::socketio {
namespace {

using outcome = websocket::message_compressor::outcome;
using websocket::opcode;

bool offered(std::string value) { return websocket::offers_deflate({{"Sec-WebSocket-Extensions", std::move(value)}}); }

TEST(deflate, is_agreed_on_terms_that_need_no_memory_per_connection) {
  EXPECT_FALSE(websocket::offers_deflate({}));
  EXPECT_TRUE(offered("permessage-deflate"));
  EXPECT_TRUE(offered("permessage-deflate; client_max_window_bits"));
  EXPECT_TRUE(offered("permessage-deflate; client_max_window_bits=10; server_no_context_takeover"));
  EXPECT_TRUE(offered("permessage-deflate; server_max_window_bits=\"15\""));
  EXPECT_TRUE(offered("x-other, permessage-deflate; server_max_window_bits=10, permessage-deflate"));
  EXPECT_FALSE(offered("permessage-deflate; server_max_window_bits=10"));
  EXPECT_FALSE(offered("permessage-deflate; server_max_window_bits"));
  EXPECT_FALSE(offered("permessage-deflate; client_max_window_bits=16"));
  EXPECT_FALSE(offered("permessage-deflate; client_max_window_bits=08"));
  EXPECT_FALSE(offered("permessage-deflate; client_no_context_takeover=1"));
  EXPECT_FALSE(offered("permessage-deflate; server_no_context_takeover; server_no_context_takeover"));
  EXPECT_FALSE(offered("permessage-deflate; what_is_this"));
}

std::string frame(opcode code, std::string_view message) {
  std::string result;
  websocket::append_frame(result, code, message);
  return result;
}

/// The compressed payload of one frame.
std::string compressed(websocket::message_compressor& by, std::string_view message) {
  const auto frames = by.compress(std::make_shared<const std::string>(frame(opcode::text, message)));
  EXPECT_EQ(static_cast<unsigned char>(frames->front()), 0xc1);
  std::string_view rest = *frames;
  return std::string{websocket::take_ready_frame(rest).payload};
}

TEST(deflate, what_is_large_enough_is_compressed_and_made_once_for_many) {
  websocket::message_compressor one{{.threshold = 100}};
  const auto small = std::make_shared<const std::string>(frame(opcode::text, "small"));
  EXPECT_EQ(one.compress(small), small);
  const std::string message(1000, 'x');
  const auto large = std::make_shared<const std::string>(frame(opcode::text, message) + frame(opcode::binary, "b"));
  const auto first = one.compress(large);
  EXPECT_LT(first->size(), 100u);
  EXPECT_EQ(one.compress(large), first);
  std::string_view rest = *first;
  std::string whole;
  EXPECT_EQ(one.decompress(websocket::take_ready_frame(rest).payload, 1000, whole), outcome::complete);
  EXPECT_EQ(whole, message);
  EXPECT_EQ(rest, frame(opcode::binary, "b")) << "what is small among it goes as it is";
}

TEST(deflate, what_does_not_get_smaller_goes_as_it_is) {
  websocket::message_compressor one{{.threshold = 1}};
  const auto frames = std::make_shared<const std::string>(frame(opcode::binary, "\x17\xf3\x80\x05"));
  EXPECT_EQ(*one.compress(frames), *frames);
}

TEST(deflate, messages_come_back_whatever_their_size) {
  websocket::message_compressor one{{.threshold = 1}};
  std::mt19937 random{7};
  for (const std::size_t size : {20u, 4096u, 70'000u, 900'000u}) {
    std::string message;
    while (message.size() < size) message += static_cast<char>('a' + random() % 3);
    std::string whole;
    ASSERT_EQ(one.decompress(compressed(one, message), size, whole), outcome::complete) << size;
    EXPECT_EQ(whole, message);
    EXPECT_EQ(one.decompress(compressed(one, message), size - 1, whole), outcome::too_big);
  }
}

TEST(deflate, a_bomb_is_given_up_at_the_limit_and_nonsense_at_once) {
  websocket::message_compressor one{{.threshold = 1, .level = 9}};
  const auto bomb = compressed(one, std::string(50'000'000, 'x'));
  EXPECT_LT(bomb.size(), 100'000u);
  std::string whole;
  EXPECT_EQ(one.decompress(bomb, 100'000, whole), outcome::too_big);
  EXPECT_LE(whole.capacity(), 300'000u);
  EXPECT_EQ(one.decompress("\xff\xff\xff\xff", 1000, whole), outcome::broken);
  EXPECT_EQ(one.decompress(compressed(one, std::string(100, 'y')), 1000, whole), outcome::complete) << "then goes on";
  EXPECT_EQ(whole, std::string(100, 'y'));
  EXPECT_EQ(one.decompress({"\0", 1}, 1000, whole), outcome::complete) << "an empty message";
  EXPECT_EQ(whole, "");
}

TEST(deflate, frames_may_be_compressed_only_where_it_was_agreed) {
  using kind = websocket::frame_reader::kind;
  const auto read = [](std::vector<std::string> pieces, bool agreed) {
    websocket::frame_reader reader{websocket::role::client, 1000};
    if (agreed) reader.allow_compression();
    std::optional<websocket::frame_reader::event> got;
    for (auto& one : pieces) {
      reader.feed(one);
      got = reader.next();
      reader.keep_rest();
    }
    return std::pair{got ? got->what : kind::close, got && got->compressed};
  };
  EXPECT_EQ(read({"\xc1\x01\xff"}, true), std::pair(kind::text, true));
  EXPECT_EQ(read({"\xc1\x01\xff"}, false).first, kind::failed);
  EXPECT_EQ(read({"\x81\x01x"}, true), std::pair(kind::text, false));
  EXPECT_EQ(read({std::string{"\x41\x01\xff", 3}, std::string{"\x80\x01\xff", 3}}, true), std::pair(kind::text, true));
  EXPECT_EQ(read({std::string{"\x41\x01\xff", 3}, std::string{"\xc0\x01\xff", 3}}, true).first, kind::failed);
  EXPECT_EQ(read({std::string{"\xc9\x00", 2}}, true).first, kind::failed) << "a ping";
}

}  // namespace
}  // namespace nxg::socketio
