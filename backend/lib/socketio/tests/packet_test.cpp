#include "socketio/packet.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/json_text.hpp"
#include "socketio/websocket_frame.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace nxg::socketio {
namespace {

using status = packet_decoder::status;

packet decode(std::string_view text) {
  packet_decoder decoder;
  EXPECT_EQ(decoder.text(text), status::complete) << text << ": " << decoder.error();
  return decoder.take();
}

std::string_view refusal(std::string_view text) {
  packet_decoder decoder;
  EXPECT_EQ(decoder.text(text), status::malformed) << text;
  return decoder.error();
}

TEST(packet_decoder, reads_the_examples_of_the_protocol) {  // socket.io-protocol, revision 5
  EXPECT_EQ(decode("0").data, "{}");
  EXPECT_EQ(decode(R"(0/admin,{"token":"123"})").namespace_name, "/admin");
  EXPECT_EQ(decode(R"(0/admin,{"token":"123"})").data, R"({"token":"123"})");
  EXPECT_EQ(decode("1/admin,").type, packet_type::disconnect);
  EXPECT_EQ(decode(R"(4/admin,{"message":"Not authorized"})").data, R"({"message":"Not authorized"})");

  const auto event = decode(R"(2/admin,456["project:delete",123])");
  EXPECT_EQ(event.namespace_name, "/admin");
  EXPECT_EQ(event.id, 456u);
  EXPECT_EQ(event.arguments.name(), "project:delete");
  ASSERT_EQ(event.arguments.size(), 1u);
  EXPECT_EQ(event.arguments[0], "123");
  EXPECT_EQ(event.arguments[1], "null");

  const auto ack = decode("3/admin,456[]");
  EXPECT_EQ(ack.type, packet_type::ack);
  EXPECT_EQ(ack.id, 456u);
  EXPECT_EQ(ack.arguments.size(), 0u);
}

TEST(packet_decoder, puts_attachments_into_their_packet) {
  packet_decoder decoder;
  ASSERT_EQ(decoder.text(R"(52-/a,7["file",{"_placeholder":true,"num":1},[{"num":0,"_placeholder":true}]])"),
            status::incomplete);
  EXPECT_TRUE(decoder.waits_for_attachments());
  ASSERT_EQ(decoder.binary("first"), status::incomplete);
  ASSERT_EQ(decoder.binary("second"), status::complete);
  const auto whole = decoder.take();
  EXPECT_EQ(whole.type, packet_type::binary_event);
  EXPECT_EQ(whole.id, 7u);
  EXPECT_EQ(whole.arguments.name(), "file");
  EXPECT_EQ(whole.arguments.binary(0), "second");
  EXPECT_FALSE(whole.arguments.binary(1));
  EXPECT_EQ(whole.arguments.attachments()[0], "first");
  EXPECT_EQ(decoder.text("1"), status::complete) << "the next packet is read as ever";
}

TEST(packet_decoder, bounds_attachments_in_number_and_size) {
  packet_decoder decoder{{.max_attachments = 2, .max_attachment_bytes = 10, .max_depth = 8}};
  ASSERT_EQ(decoder.text(R"(52-["x"])"), status::incomplete);
  ASSERT_EQ(decoder.binary("12345678"), status::incomplete);
  EXPECT_EQ(decoder.binary("123"), status::malformed);
  EXPECT_EQ(decoder.error(), "attachments that are too big");
  EXPECT_EQ(decoder.text("1"), status::malformed) << "after an error nothing more is taken";

  packet_decoder other{{.max_attachments = 2}};
  EXPECT_EQ(other.text(R"(53-["x"])"), status::malformed);
  EXPECT_EQ(other.error(), "too many attachments");
}

TEST(packet_decoder, says_what_is_wrong) {
  EXPECT_EQ(refusal(""), "unknown packet type");
  EXPECT_EQ(refusal("7"), "unknown packet type");
  EXPECT_EQ(refusal("0[]"), "a connect packet whose data is no object");
  EXPECT_EQ(refusal("0{}x"), "a connect packet whose data is no object");
  EXPECT_EQ(refusal("01{}"), "an id where nothing can be answered");
  EXPECT_EQ(refusal("1x"), "a disconnect packet with data");
  EXPECT_EQ(refusal("2[]"), "an event without name");
  EXPECT_EQ(refusal("2[1]"), "not the name of an event");
  EXPECT_EQ(refusal(R"(2["connect"])"), "not the name of an event");
  EXPECT_EQ(refusal(R"(2["\u0063onnect"])"), "not the name of an event");
  EXPECT_EQ(refusal(R"(21234567890123456["x"])"), "an id that is too long");
  EXPECT_EQ(refusal("3[]"), "an acknowledgement without id");
  EXPECT_EQ(refusal(R"(5["x"])"), "a binary packet without its number of attachments");
  EXPECT_EQ(refusal("2/" + std::string(300, 'n') + R"(,["x"])"), "a namespace name that is too long");
  const std::string_view arguments = "arguments that are no JSON array, or name an attachment that does not exist";
  EXPECT_EQ(refusal("2"), arguments);
  EXPECT_EQ(refusal(R"(2["x",])"), arguments);
  EXPECT_EQ(refusal(R"(51-["x",{"_placeholder":true,"num":1}])"), arguments);
  EXPECT_EQ(refusal(R"(51-["x",{"_placeholder":true,"num":-1}])"), arguments);
  EXPECT_EQ(refusal(R"(51-["x",{"_placeholder":true}])"), arguments);

  packet_decoder decoder;
  EXPECT_EQ(decoder.binary("x"), status::malformed);
  EXPECT_EQ(decoder.error(), "an attachment that no packet announced");
}

TEST(packet_decoder, a_placeholder_in_a_text_packet_is_just_data) {
  EXPECT_EQ(decode(R"(2["x",{"_placeholder":true,"num":9}])").arguments[0], R"({"_placeholder":true,"num":9})");
}

TEST(packets, what_is_encoded_can_be_decoded) {
  EXPECT_EQ(encode_event("/", "a \"b\"\n", payload{"1"}.add("[2]")), "2[\"a \\\"b\\\"\\n\",1,[2]]");
  EXPECT_EQ(encode_event("/x", "e", {}, 12), R"(2/x,12["e"])");
  EXPECT_EQ(encode_ack("/x", 3, "true"), "3/x,3[true]");
  EXPECT_EQ(encode_control(packet_type::disconnect, "/x"), "1/x,");
  EXPECT_EQ(encode_event("/", "f", payload{}.add_binary("b").add("1").add_binary("c")),
            R"(52-["f",{"_placeholder":true,"num":0},1,{"_placeholder":true,"num":1}])");

  const auto back = decode(encode_event("/x", "name \xc3\xbc", payload{R"({"a":1})"}.add("null"), 5));
  EXPECT_EQ(back.arguments.name(), "name \xc3\xbc");
  EXPECT_EQ(back.arguments.to_payload().arguments(), R"({"a":1},null)");
}

TEST(packets, frames_hold_the_message_and_its_attachments) {
  const auto frames = event_frames("/", "f", payload{}.add_binary("bytes"));
  std::string_view rest = *frames;
  const auto text = websocket::take_ready_frame(rest);
  EXPECT_EQ(text.code, websocket::opcode::text);
  EXPECT_EQ(text.payload, R"(451-["f",{"_placeholder":true,"num":0}])");
  const auto binary = websocket::take_ready_frame(rest);
  EXPECT_EQ(binary.code, websocket::opcode::binary);
  EXPECT_EQ(binary.payload, "bytes");
  EXPECT_TRUE(rest.empty());
}

TEST(packets, frames_of_any_size_hold_what_is_encoded) {
  for (const std::size_t size : {0U, 1U, 100U, 110U, 125U, 126U, 65'000U, 65'535U, 70'000U}) {
    const payload content{'"' + std::string(size, 'x') + '"'};
    const auto event = event_frames("/workouts", "workout:progress", content, 17);
    std::string_view rest = *event;
    EXPECT_EQ(websocket::take_ready_frame(rest).payload,
              '4' + encode_event("/workouts", "workout:progress", content, 17));
    EXPECT_TRUE(rest.empty());
    const auto ack = ack_frames("/machines", 9'007'199'254'740'991, content);
    rest = *ack;
    EXPECT_EQ(websocket::take_ready_frame(rest).payload, '4' + encode_ack("/machines", 9'007'199'254'740'991, content));
    EXPECT_TRUE(rest.empty());
  }
  const auto binary = ack_frames("/", 3, payload{"1"}.add_binary("bytes"));
  std::string_view rest = *binary;
  EXPECT_EQ(websocket::take_ready_frame(rest).payload, R"(461-3[1,{"_placeholder":true,"num":0}])");
  EXPECT_EQ(websocket::take_ready_frame(rest).payload, "bytes");
}

TEST(engine_packets, an_open_packet_can_be_read_again) {
  const auto text = encode_open({.sid = "abc\"",
                                 .ping_interval = std::chrono::milliseconds{300},
                                 .ping_timeout = std::chrono::milliseconds{200},
                                 .max_payload = 99});
  const auto packet = decode_engine_packet(text);
  ASSERT_TRUE(packet && packet->type == engine_packet_type::open);
  const auto session = decode_open(packet->data);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->sid, "abc\"");
  EXPECT_EQ(session->ping_interval.count(), 300);
  EXPECT_EQ(session->ping_timeout.count(), 200);
  EXPECT_EQ(session->max_payload, 99u);
  EXPECT_FALSE(decode_open(R"({"sid":"x","pingInterval":0,"pingTimeout":1})"));
  EXPECT_FALSE(decode_open(R"({"sid":1,"pingInterval":1,"pingTimeout":1})"));
  EXPECT_FALSE(decode_open("[]"));
  EXPECT_FALSE(decode_engine_packet("8"));
  EXPECT_FALSE(decode_engine_packet(""));
}

TEST(event_front, is_what_the_decoder_reads_too) {
  for (const std::string text :
       {R"(2["say",{"a":[1]}])", R"(2/admin,456["project:delete",123])", R"(2/a?b=c,["x",""])"}) {
    const auto front = read_event_front(text);
    ASSERT_TRUE(front) << text;
    const auto whole = decode(text);
    EXPECT_EQ(front->namespace_name, whole.namespace_name);
    EXPECT_EQ(front->id, whole.id);
    EXPECT_EQ(front->name, whole.arguments.name());
    EXPECT_EQ(front->argument, whole.arguments[0]);
  }
  EXPECT_EQ(read_event_front(R"(2["x",no json, not at all])")->argument, "no json, not at all");
  EXPECT_EQ(read_event_front(R"(2["x",1,2])")->argument, "1,2");
}

TEST(event_front, leaves_the_rest_to_the_decoder) {
  for (const std::string_view text :
       {"", "2", "2[]", "2[\"x\"]", "2[\"x\",1", "2[\"x\",1] ", "2 [\"x\",1]", "2[ \"x\",1]", "2[\"x\" ,1]",
        "2[\"\\u0078\",1]", "2[1,2]", "2[\"]", "3/a,1[\"x\",1]", "0{}", "51-[\"x\",{\"_placeholder\":true,\"num\":0}]",
        "21234567890123456[\"x\",1]"}) {
    EXPECT_FALSE(read_event_front(text)) << text;
  }
}

TEST(json_text, takes_only_what_is_json) {
  const json_text::rules by{};
  for (const char* text :
       {"0", "-0", "1.5e-3", "\"\\u00e4\\n\"", "true", "null", " [ ] ", "{\"a\":{}}", "[1,[2,{\"x\":[]}]]", "1E5"}) {
    EXPECT_TRUE(json_text::is_value(text, by)) << text;
  }
  for (const char* text :
       {"",       "01",   "1.",   ".5",    "+1",      "1e",         "tru",   "nulll", "\"\\x\"", "\"\\u12g4\"", "\"",
        "\"\n\"", "[1,]", "[,1]", "{a:1}", "{\"a\"}", "{\"a\":1,}", "[1] 2", "-",     "'a'",     "NaN"}) {
    EXPECT_FALSE(json_text::is_value(text, by)) << text;
  }
  EXPECT_TRUE(json_text::is_value("[[[]]]", {.max_depth = 3}));
  EXPECT_FALSE(json_text::is_value("[[[]]]", {.max_depth = 2}));
}

TEST(json_text, reads_strings_and_members) {
  EXPECT_EQ(json_text::string_of(R"("\ud83d\ude00 \u00e4 \ud800 \/\t")"), "\xf0\x9f\x98\x80 \xc3\xa4 \xef\xbf\xbd /\t");
  EXPECT_EQ(json_text::member(R"({"b":[1,2], "\u0061":{"a":3}})", "a"), R"({"a":3})");
  EXPECT_FALSE(json_text::member(R"({"b":{"a":1}})", "a"));
}

TEST(acknowledgement, answers_once) {
  struct sink final : acknowledgement_sink {
    void send_acknowledgement(std::uint64_t id, const payload& answer) override {
      said.push_back(std::to_string(id) + answer.arguments());
    }
    std::vector<std::string> said;
  };
  const auto to = std::make_shared<sink>();
  auto args = decode("29[\"x\"]").arguments;
  EXPECT_FALSE(args.wants_ack());
  args.ack("1");
  args.set_ack({to, 9});
  EXPECT_TRUE(args.wants_ack());
  auto later = args.take_ack();
  EXPECT_FALSE(args.wants_ack());
  later("1");
  later("2");
  EXPECT_EQ(to->said, std::vector<std::string>{"91"});
}

}  // namespace
}  // namespace nxg::socketio
