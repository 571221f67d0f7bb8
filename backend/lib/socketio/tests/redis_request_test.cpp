#include "socketio/redis_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::socketio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using type = redis_request_type;

TEST(redis_request, as_node_writes_it_is_read) {
  // JSON of `@socket.io/redis-adapter` 8.3.0 and of `@socket.io/redis-emitter` 5.1.0
  const auto join =
      decode_redis_request(R"({"uid":"abc","type":2,"opts":{"rooms":["r",7],"except":["x"]},"rooms":["new"]})");
  ASSERT_TRUE(join);
  EXPECT_EQ(join->type, type::remote_join);
  EXPECT_EQ(join->sender, "abc");
  EXPECT_EQ(join->id, "");
  EXPECT_THAT(join->to->rooms, ElementsAre("r", "7"));
  EXPECT_THAT(join->to->except, ElementsAre("x"));
  EXPECT_THAT(join->rooms, ElementsAre("new"));

  const auto old = decode_redis_request(R"({"type":4,"requestId":"q","sid":"s","close":true})");
  ASSERT_TRUE(old);
  EXPECT_FALSE(old->to);
  EXPECT_EQ(old->socket_id, "s");
  EXPECT_TRUE(old->close);

  const auto emitted = decode_redis_request(R"({"uid":"abc","requestId":"q","type":6,"data":["hello",{"a":1},2]})");
  ASSERT_TRUE(emitted);
  EXPECT_EQ(emitted->event.name(), "hello");
  EXPECT_EQ(emitted->event[0], R"({"a":1})");
  EXPECT_EQ(emitted->event[1], "2");
}

TEST(redis_request, written_is_read_as_the_same) {
  const selection to{.rooms = {"a\"b", "ü"}, .except = {"c"}};
  for (const auto kind : {type::remote_join, type::remote_leave, type::remote_disconnect, type::remote_fetch}) {
    const auto back = decode_redis_request(encode_redis_request(kind, "me", "id", to, {"x"}, true));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->type, kind);
    EXPECT_EQ(back->sender, "me");
    EXPECT_EQ(back->id, "id");
    EXPECT_EQ(back->to->rooms, to.rooms);
    EXPECT_EQ(back->to->except, to.except);
  }
  const auto event = decode_redis_request(encode_redis_server_event("me", "", "e", payload{}.add("1").add("[2]")));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->event.to_payload().arguments(), "1,[2]");

  const auto content = payload{R"({"n":1.5})"}.add_binary("\1\2");
  const auto asked = encode_redis_ask("me", "id", "/chat", "q", content, to, std::chrono::milliseconds{70'000});
  ASSERT_TRUE(asked);
  const auto ask = decode_redis_request(*asked);
  ASSERT_TRUE(ask);
  EXPECT_EQ(ask->type, type::broadcast);
  EXPECT_EQ(ask->event.name(), "q");
  EXPECT_EQ(ask->event.to_payload().arguments(), content.arguments());
  EXPECT_THAT(ask->event.attachments(), ElementsAre("\1\2"));
  EXPECT_EQ(ask->timeout, std::chrono::milliseconds{70'000});
  EXPECT_EQ(ask->to->rooms, to.rooms);
}

TEST(redis_request, answers_come_back) {
  const std::vector<socket_info> sockets{
      {.id = "s1", .rooms = {"r"}, .remote_address = "1.2.3.4", .data = R"({"a":[1]})"},
      {.id = "s2", .rooms = {}, .remote_address = ""}};
  const auto fetched = decode_redis_response(encode_redis_sockets("id", sockets));
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->id, "id");
  ASSERT_THAT(fetched->sockets, SizeIs(2));
  EXPECT_EQ(fetched->sockets[0].id, "s1");
  EXPECT_THAT(fetched->sockets[0].rooms, ElementsAre("r")) << "without its own";
  EXPECT_EQ(fetched->sockets[0].remote_address, "1.2.3.4");
  EXPECT_EQ(fetched->sockets[0].data, R"({"a":[1]})");
  EXPECT_EQ(encode_redis_ids("id", sockets), R"({"requestId":"id","sockets":["s1","s2"]})");
  EXPECT_EQ(encode_redis_rooms("id", sockets), R"({"requestId":"id","rooms":["r","s1","s2"]})");
  EXPECT_EQ(decode_redis_response(encode_redis_client_count("id", 3))->client_count, 3u);
  EXPECT_EQ(decode_redis_response(encode_redis_server_answer("id", "[1]"))->data, "[1]");
  const event_args answer{"", R"([{"_placeholder":true,"num":0}])", {{1, 29}}, {"bytes"}};
  const auto encoded = encode_redis_client_answer("id", answer);
  ASSERT_TRUE(encoded);
  const auto back = decode_redis_response(*encoded);
  ASSERT_TRUE(back && back->answer);
  EXPECT_EQ(back->answer->binary(0), "bytes");
}

TEST(redis_request, what_is_none_is_refused) {
  for (const char* wrong :
       {"", "{", "[]", "null", "{}", R"({"type":"2"})", R"({"type":-1})", R"({"type":8})", R"({"type":99})",
        R"({"type":6})", R"({"type":6,"data":[]})", R"({"type":6,"data":[1]})", R"({"type":6,"data":{}})",
        R"({"type":7,"packet":7})", R"({"type":7,"packet":{"data":[]}})", "\x81\xa4type", "\x91\x01"})
    EXPECT_FALSE(decode_redis_request(wrong)) << wrong;
  EXPECT_FALSE(decode_redis_response("nonsense"));
  const auto odd = decode_redis_response(R"({"requestId":7,"sockets":{"a":1},"clientCount":-1})");
  ASSERT_TRUE(odd);
  EXPECT_THAT(odd->sockets, IsEmpty());
  EXPECT_FALSE(odd->client_count);
}

}  // namespace
}  // namespace nxg::socketio
