#include "socketio/redis_message.hpp"
#include "socketio/recovery_record.hpp"

#include "runtime/random.hpp"
#include "socketio/msgpack.hpp"
#include "socketio/redis_adapter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string from_hex(std::string_view digits) {
  std::string result;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    result += static_cast<char>(std::stoi(std::string{digits.substr(i, 2)}, nullptr, 16));
  }
  return result;
}

std::string json_of(std::string_view bytes) {
  msgpack::reader from{bytes};
  std::string json;
  payload attachments;
  return from.json(json, attachments) && from.at_end() ? json : "malformed";
}

std::string there_and_back(const std::string& json) {
  msgpack::writer out;
  if (!out.array_of("e", payload{json})) return "no JSON";
  return json_of(out.result());
}

TEST(msgpack, reads_the_forms_of_the_specification) {
  EXPECT_EQ(json_of(from_hex("82a7636f6d70616374c3a6736368656d6100")),
            R"({"compact":true,"schema":0})");  // msgpack.org
  EXPECT_EQ(json_of(from_hex("9a7fe0ccffcdffffceffffffffcfffffffffffffffffd080d18000d280000000d38000000000000000")),
            "[127,-32,255,65535,4294967295,18446744073709551615,-128,-32768,-2147483648,-9223372036854775808]");
  EXPECT_EQ(json_of(from_hex("95c0c2c3ca3fc00000cb3ff8000000000000")), "[null,false,true,1.5,1.5]");
  EXPECT_EQ(json_of(from_hex("cb7ff8000000000000")), "null") << "NaN";
  EXPECT_EQ(json_of(from_hex("93d90161da000162db0000000163")), R"(["a","b","c"])");
  EXPECT_EQ(json_of(from_hex("92dc000101df0000000101a132")), R"([[1],{"1":"2"}])");
  EXPECT_EQ(json_of(from_hex("de000101c0")), R"({"1":null})") << "numbers are names";
  EXPECT_EQ(json_of(from_hex("d6ff386d4380")), R"("2000-01-01T00:00:00.000Z")");
  EXPECT_EQ(json_of(from_hex("d7ff7735940000000000")), R"("1970-01-01T00:00:00.500Z")");
}

TEST(msgpack, refuses_what_is_cut_too_deep_or_promises_too_much) {
  const auto whole = from_hex("82a7636f6d70616374c3a6736368656d6192c0cb3ff8000000000000");
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(json_of(whole.substr(0, i)), "malformed") << i;
  EXPECT_EQ(json_of(std::string(100, '\x91') + '\xc0'), "malformed");
  EXPECT_EQ(json_of(from_hex("ddffffffff")), "malformed");
  EXPECT_EQ(json_of(from_hex("dbffffffff61")), "malformed");
  EXPECT_EQ(json_of(from_hex("a1ff")), "malformed") << "no UTF-8";
  EXPECT_EQ(json_of(from_hex("c1")), "malformed");
  EXPECT_EQ(json_of(from_hex("d40161")), "malformed") << "an extension nobody knows";
  EXPECT_EQ(json_of(from_hex("c70cffffffffff7fffffffffffffff")), "malformed") << "a time beyond all calendars";
}

TEST(msgpack, keeps_what_json_says) {
  EXPECT_EQ(there_and_back(""), R"(["e"])");
  EXPECT_EQ(there_and_back(R"( {"a" : [ ] , "b":{}, "c":[1,-1,1.5,1e300,true,null]} , "é\n\"" )"),
            R"(["e",{"a":[],"b":{},"c":[1,-1,1.5,1e+300,true,null]},"é\n\""])");
  EXPECT_EQ(there_and_back(R"("\ud83d\ude00")"), R"(["e","😀"])");
  EXPECT_EQ(there_and_back("2147483648,-2147483649,9007199254740991"),
            R"(["e",2147483648,-2147483649,9007199254740991])");
  std::string many = "[0";
  for (int i = 1; i < 70'000; ++i) many += ",0";
  EXPECT_EQ(there_and_back(many + "]"), "[\"e\"," + many + "]]");
}

TEST(msgpack, writes_nothing_for_what_is_no_json) {
  for (const auto* text : {"{", "[1,", "tru", "\"a", "{1:2}", "1 2", "1,", "-", "{\"a\"}", "[1}", "nul", "\"\\"}) {
    EXPECT_EQ(there_and_back(text), "no JSON") << text;
  }
}

TEST(redis_message, is_what_it_was_with_attachments_in_their_places) {
  payload content;
  const auto place = content.attach("bytes");
  content.add(R"({"file":)" + place + "}").add_binary(std::string("\0\1", 2));
  const selection to{{"a", "b"}, {"c"}};
  const delivery how{.is_volatile = true, .coalesce = "live"};
  const auto bytes = encode_redis_message("me", "/chat", "file", content, to, how);
  ASSERT_TRUE(bytes);
  const auto back = decode_redis_message(*bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->sender, "me");
  EXPECT_EQ(back->namespace_name, "/chat");
  EXPECT_EQ(back->event, "file");
  EXPECT_EQ(back->content.arguments(), content.arguments());
  EXPECT_THAT(back->content.attachments(), ElementsAre("bytes", std::string("\0\1", 2)));
  EXPECT_EQ(back->to.rooms, to.rooms);
  EXPECT_EQ(back->to.except, to.except);
  EXPECT_TRUE(back->how.is_volatile);
  EXPECT_EQ(back->how.coalesce, "live");
}

TEST(redis_message, reads_what_node_wrote) {
  // notepack.io 3.0.1 of ['uid', {type: 2, data: ['news', {a: 1}, new Date(0), Buffer.from('x')], nsp: '/'},
  //                       {rooms: ['r', 7], except: ['x'], flags: undefined}]
  const auto one = decode_redis_message(
      from_hex("93a375696483a47479706502a46461746194a46e65777381a16101d6ff00000000c40178a36e7370a12f"
               "82a5726f6f6d7392a17207a665786365707491a178"));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->sender, "uid");
  EXPECT_EQ(one->namespace_name, "/");
  EXPECT_EQ(one->event, "news");
  EXPECT_EQ(one->content.arguments(), R"({"a":1},"1970-01-01T00:00:00.000Z",{"_placeholder":true,"num":0})");
  EXPECT_THAT(one->content.attachments(), ElementsAre("x"));
  EXPECT_THAT(one->to.rooms, ElementsAre("r", "7"));
  EXPECT_THAT(one->to.except, ElementsAre("x"));
  EXPECT_FALSE(one->how.is_volatile);
  // data: ['n', Uint8Array.of(1, 2).buffer, 1.5, -5, 70000], flags: {volatile: true, compress: false, timeout: 5}
  const auto two = decode_redis_message(from_hex(
      "93a375696483a47479706502a46461746195a16ec4020102cb3ff8000000000000fbce00011170a36e7370a12f"
      "83a5726f6f6d7390a665786365707490a5666c61677383a8766f6c6174696c65c3a8636f6d7072657373c2a774696d656f757405"));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->content.arguments(), R"({"_placeholder":true,"num":0},1.5,-5,70000)");
  EXPECT_TRUE(two->how.is_volatile);
}

TEST(redis_message, channels_and_patterns) {
  EXPECT_EQ(redis_channel("socket.io", "/"), "socket.io#/#");
  EXPECT_EQ(redis_channel("socket.io", "/chat", {{"a"}, {}}), "socket.io#/chat#a#");
  EXPECT_EQ(redis_channel("socket.io", "/chat", {{"a", "b"}, {}}), "socket.io#/chat#");
  EXPECT_EQ(redis_pattern("socket.io", "/chat"), "socket.io#/chat#*");
  EXPECT_EQ(redis_pattern("k*", "/[x]?"), "k\\*#/\\[x\\]\\?#*");
}

/// Stands for Redis: what is published is kept, what is heard is said by the test.
class pub_sub_of_test final : public redis_pub_sub {
 public:
  void publish(std::string_view channel, std::string_view message) override {
    published.emplace_back(channel, message);
  }
  std::shared_ptr<void> listen(std::string pattern, handler heard, std::function<void()>) override {
    patterns.push_back(std::move(pattern));
    say = std::move(heard);
    return std::make_shared<int>(0);
  }
  std::shared_ptr<void> subscribe(std::string channel, handler heard) override {
    asked[std::move(channel)] = std::move(heard);
    return std::make_shared<int>(0);
  }
  void publish_counted(std::string_view channel, std::string_view message,
                       std::function<void(std::optional<std::size_t>)> then) override {
    published.emplace_back(channel, message);
    then(1);
  }
  std::map<std::string, handler> asked;
  std::vector<std::pair<std::string, std::string>> published;
  std::vector<std::string> patterns;
  handler say;
};

class sockets_of_test final : public local_sockets {
 public:
  void emit(const selection& to, std::string_view, const payload&, const delivery&) override {
    sent.push_back(to.rooms);
  }
  void ask(const selection&, std::string_view, const payload&, std::chrono::milliseconds,
           std::shared_ptr<answer_sink>) override {}
  void server_event(event_args) override {}
  runtime::clock& clock() const noexcept override { return time; }
  executor home() const override { return {}; }
  void send(const selection& to, shared_frames, const delivery&) override { sent.push_back(to.rooms); }
  void join(const selection&, std::vector<std::string>) override {}
  void leave(const selection&, std::vector<std::string>) override {}
  void disconnect(const selection&, bool) override {}
  task<std::vector<socket_info>> sockets(selection) override { co_return std::vector<socket_info>{}; }
  const std::string& namespace_name() const noexcept override { return name; }
  const recovery_options* recovery() const noexcept override { return nullptr; }
  void number_elsewhere(shared_recovery&) override {}
  void deliver(const event_position&, std::string_view, const selection&, std::string_view, const payload&) override {}
  void deliver_unnumbered(const selection&, std::string_view, const payload&) override {}
  bool remembers(const event_position&) override { return false; }
  void start_over(const event_position&) override {}
  void forget_ways_back() override {}
  std::vector<std::vector<std::string>> sent;
  std::string name = "/chat";
  mutable runtime::clock time;
};

TEST(numbered_redis_message, is_read_with_the_tail_that_redis_adds) {
  const selection to{{"a"}, {"b"}};
  const auto head = encode_numbered_redis_message("me", "/chat", "e", R"({"x":[1]})", to, 7);
  ASSERT_TRUE(head);
  EXPECT_FALSE(decode_redis_message(*head)) << "it is not whole";
  const auto read = decode_redis_message(*head + redis_numbering_tail("ab:12-3", "12-2"));
  ASSERT_TRUE(read);
  ASSERT_TRUE(read->numbered);
  EXPECT_EQ(read->numbered->number, 7u);
  EXPECT_EQ(read->numbered->offset, "ab:12-3");
  EXPECT_EQ(read->numbered->after, "12-2");
  EXPECT_EQ(read->sender, "me");
  EXPECT_EQ(read->content.arguments(), R"({"x":[1]})");
  EXPECT_THAT(read->to.except, ElementsAre("b"));
  EXPECT_FALSE(encode_numbered_redis_message("me", "/", "e", "no json", {}, 1));
}

TEST(numbered_redis_message, with_half_a_number_is_refused) {
  const auto head = encode_numbered_redis_message("me", "/chat", "e", R"([1])", {}, 7);
  ASSERT_TRUE(head);
  EXPECT_TRUE(decode_redis_message(*head + redis_numbering_tail("ab:12-3", "12-2")));
  EXPECT_FALSE(decode_redis_message(*head + redis_numbering_tail("", "12-2")));
  EXPECT_FALSE(decode_redis_message(*head + redis_numbering_tail("ab:12-3", "")));
  const auto unnumbered = encode_numbered_redis_message("me", "/chat", "e", R"([1])", {}, 0);
  EXPECT_FALSE(decode_redis_message(*unnumbered + redis_numbering_tail("ab:12-3", "12-2")));
  msgpack::writer odd;
  odd.text("color");
  odd.text("red");
  odd.text("shape");
  odd.text("round");
  EXPECT_FALSE(decode_redis_message(*head + std::move(odd).result())) << "it has a number and no place";
}

TEST(recovery_record, tells_who_is_away_and_forgets_what_came_before_the_numbers_began) {
  const absent_client who{
      "id", {"r", "s"}, {}, {{{1, 9, 9}, "old", false}, {{2, 5, 1}, "r", true}, {{2, 6, 0}, "q", false}}, {1, 2, 3}};
  const auto bytes = encode_recovery_record("e", 2, who, "some data");
  const auto read = decode_recovery_record(bytes, 8);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, "e");
  EXPECT_EQ(read->data, "some data");
  EXPECT_EQ(read->who.id, "id");
  EXPECT_THAT(read->who.rooms, ElementsAre("r", "s"));
  EXPECT_EQ(read->who.since, (event_position{8, 0, 0}));
  ASSERT_EQ(read->who.changes.size(), 2u);
  EXPECT_EQ(read->who.changes[0].after, (event_position{8, 5, 1}));
  EXPECT_TRUE(read->who.changes[0].entered);
  EXPECT_EQ(read->who.changes[1].room, "q");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_recovery_record(bytes.substr(0, size), 8));
  EXPECT_FALSE(decode_recovery_record(bytes + '\0', 8));
}

TEST(shared_offset, is_taken_only_as_it_was_given_out) {
  const auto taken = parse_shared_offset("0af:1700000000000-5");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->epoch, "0af");
  EXPECT_EQ(taken->id, "1700000000000-5");
  for (const auto* wrong : {"", ":", "a:", ":1-1", "a:1", "a:1-", "a:-1", "a:1-x", "a:1-1 ", "A:1-1", "a b:1-1", "a:+",
                            "a:1-99999999999999999999"}) {
    EXPECT_FALSE(parse_shared_offset(wrong)) << wrong;
  }
}

class redis_adapter_test : public testing::Test {
 protected:
  void hear(std::string_view sender, std::string_view name) {
    redis_.say("channel", *encode_redis_message(sender, name, "e", {}, {{"heard"}, {}}, {}));
  }
  pub_sub_of_test redis_;
  runtime::secure_random random_;
  sockets_of_test here_;
  std::vector<std::string> malformed_;
  std::unique_ptr<adapter> adapter_ = make_redis_adapter(
      redis_, random_,
      {.max_message_bytes = 1000, .on_malformed = [this](auto why) { malformed_.emplace_back(why); }})(here_);
};

TEST_F(redis_adapter_test, tells_the_sockets_here_and_the_others) {
  adapter_->broadcast({{"a"}, {}}, "e", "1", {});
  EXPECT_THAT(here_.sent, ElementsAre(ElementsAre("a")));
  ASSERT_EQ(redis_.published.size(), 1u);
  EXPECT_EQ(redis_.published[0].first, "socket.io#/chat#a#");
  redis_.say("socket.io#/chat#a#", redis_.published[0].second);
  EXPECT_EQ(here_.sent.size(), 1u) << "its own";
  hear("other", "/chat");
  EXPECT_THAT(here_.sent, ElementsAre(ElementsAre("a"), ElementsAre("heard")));
  hear("other", "/elsewhere");
  EXPECT_EQ(here_.sent.size(), 2u);
}

TEST_F(redis_adapter_test, survives_what_is_malformed_or_too_large) {
  redis_.say("channel", "nonsense");
  redis_.say("channel", std::string(1001, '\x93'));
  adapter_->broadcast({}, "e", '"' + std::string(1000, 'x') + '"', {});
  adapter_->broadcast({}, "e", "{", {});
  EXPECT_EQ(here_.sent.size(), 2u);
  EXPECT_THAT(redis_.published, IsEmpty());
  EXPECT_EQ(malformed_.size(), 4u);
}

TEST_F(redis_adapter_test, may_be_gone_when_a_message_comes) {
  adapter_.reset();
  hear("other", "/chat");
  EXPECT_THAT(here_.sent, IsEmpty());
}

}  // namespace
}  // namespace nxg::socketio
