#include "support.hpp"

#include "http/conditional.hpp"
#include "http/detail/client_address.hpp"
#include "http/timer_wheel.hpp"
#include "http/varying.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::http {
namespace {

using namespace std::chrono_literals;

TEST(HeaderFields, AreFoundWithoutCaseAndReplacedWhole) {
  header_fields fields;
  fields.add("Set-Thing", "1");
  fields.add("X-Other", "2");
  fields.add("set-thing", "3");
  EXPECT_EQ(fields.find("SET-THING"), "1");
  EXPECT_EQ(fields.count("set-thing"), 2u);
  fields.set("Set-Thing", "4");
  EXPECT_EQ(fields.block(), "X-Other: 2\r\nSet-Thing: 4\r\n");
  fields.remove("x-other");
  EXPECT_EQ(fields.size(), 1u);
  header_fields more;
  more.add("A", "b");
  more.append(fields);
  EXPECT_EQ(more.find("set-thing"), "4");
  EXPECT_EQ(more.block(), "A: b\r\nSet-Thing: 4\r\n");
}

TEST(HeaderFields, NothingSplitsAnAnswer) {
  header_fields fields;
  for (const std::string_view value : {std::string_view{"a\r\nSet-Cookie: x"}, std::string_view{"a\nb"},
                                       std::string_view{"a\rb"}, std::string_view{"a\0b", 3}}) {
    EXPECT_THROW(fields.add("X", value), std::invalid_argument);
  }
  for (const auto* name : {"", "a b", "a:", "a\n"}) EXPECT_THROW(fields.add(name, "v"), std::invalid_argument);
  EXPECT_EQ(fields.size(), 0u);
}

TEST(Percent, DecodesAndRefuses) {
  EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
  EXPECT_EQ(percent_decode("a%20b+c", false), "a b+c");
  EXPECT_EQ(percent_decode("%C3%A4", false), "\xc3\xa4");
  for (const auto* wrong : {"%", "%2", "%zz", "%00", "%c3", "%ff"})
    EXPECT_EQ(percent_decode(wrong, false), std::nullopt) << wrong;
  EXPECT_EQ(percent_decode(percent_encode("\xc3\xa4 /?&=%+"), true), "\xc3\xa4 /?&=%+");
}

TEST(Query, KeepsOrderAndRepeats) {
  const auto asked = testing::make_request(verb::get, "/a?b=1&c&&b=x%26y&=z");
  const auto read = asked.query_parameters();
  ASSERT_EQ(read.size(), 4u);
  EXPECT_EQ(read[0].name + read[0].value + read[1].name + read[1].value, "b1c");
  EXPECT_EQ(read[2].value, "x&y");
  EXPECT_EQ(read[3].name, "");
}

TEST(Tags, AreMatchedInEveryForm) {
  EXPECT_TRUE(names_tag("*", "\"a\""));
  EXPECT_TRUE(names_tag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_tag("W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_tag("\"x,y\" , \"a-gzip\"", "\"a\""));
  EXPECT_TRUE(names_tag("\"a\"", "\"a-gzip\""));
  EXPECT_FALSE(names_tag("", "\"a\""));
  EXPECT_FALSE(names_tag("a", "\"a\""));
  EXPECT_FALSE(names_tag("\"a", "\"a\""));
  EXPECT_FALSE(names_tag("\"a\" \"b\"", "\"a\""));
  EXPECT_FALSE(names_tag("junk\"a\"", "\"a\""));
  EXPECT_NE(content_tag("a"), content_tag("b"));
  EXPECT_EQ(content_tag("a"), content_tag("a"));
  EXPECT_EQ(gzip_tag("\"a\""), "\"a-gzip\"");
}

TEST(Encoding, GzipIsTakenAsSaid) {
  for (const auto* yes : {"gzip", "GZIP", "br, gzip", "gzip;q=0.1", "*", "br;q=1, *;q=0.1", "gzip, *;q=0"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const auto* no : {"", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "xgzip"})
    EXPECT_FALSE(accepts_gzip(no)) << no;
}

std::string inflated(const std::string& zipped) {
  std::string out(100'000, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
  stream.avail_in = static_cast<uInt>(zipped.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Encoding, OneEncoderServesManyTexts) {
  gzip_encoder encoder;
  for (const auto& text : {std::string(5000, 'a'), std::string{"short"}, std::string{}})
    EXPECT_EQ(inflated(encoder.encode(text)), text);
}

TEST(Cursors, OpenOnlyAsSigned) {
  const hmac_cursor_signer signer{{"0123456789abcdef"}};
  const auto cursor = signer.sign("position", "context");
  EXPECT_EQ(signer.open(cursor, "context"), "position");
  EXPECT_EQ(signer.open(cursor, "other"), std::nullopt);
  EXPECT_EQ(signer.open(cursor + "A", "context"), std::nullopt);
  EXPECT_EQ(signer.open("", "context"), std::nullopt);
  EXPECT_EQ(signer.open(std::string(5000, 'A'), "context"), std::nullopt);
  // What moves between position and context is another message.
  EXPECT_EQ(signer.open(signer.sign("bc", "a"), "ab"), std::nullopt);
  const hmac_cursor_signer rotated{{"fedcba9876543210", "0123456789abcdef"}};
  EXPECT_EQ(rotated.open(cursor, "context"), "position");
  EXPECT_NE(rotated.sign("position", "context"), cursor);
  EXPECT_THROW(hmac_cursor_signer{{"short"}}, std::invalid_argument);
  EXPECT_THROW(hmac_cursor_signer{{}}, std::invalid_argument);
}

TEST(Versions, TagsGoThereAndBack) {
  EXPECT_EQ(version_tag(12), "\"v12\"");
  EXPECT_EQ(version_of_tag("\"v12\""), 12);
  EXPECT_EQ(version_of_tag(gzip_tag(version_tag(3))), 3);
  EXPECT_EQ(varying_tag(12, ""), "\"v12\"");
  EXPECT_EQ(varying_tag(12, "2.77"), "\"v12.2.77\"");
  EXPECT_EQ(version_of_tag(gzip_tag(varying_tag(12, "2.77"))), 12);
  for (const auto* wrong : {"", "\"v", "\"v\"", "\"v.1\"", "\"12\"", "\"v1", "\"v+1\"", "\"v1 \"", "\"v-gzip\""}) {
    EXPECT_EQ(version_of_tag(wrong), std::nullopt) << wrong;
  }
}

TEST(Proxies, NetworksAreComparedByTheirBits) {
  const detail::trusted_proxies proxies{{"10.0.0.0/8", "2001:db8::/33", "192.0.2.1"}};
  const auto trusts = [&](const char* text) { return proxies.trusts(boost::asio::ip::make_address(text)); };
  EXPECT_TRUE(trusts("10.255.0.1"));
  EXPECT_FALSE(trusts("11.0.0.1"));
  EXPECT_TRUE(trusts("2001:db8:7fff::1"));
  EXPECT_FALSE(trusts("2001:db8:8000::1"));
  EXPECT_TRUE(trusts("192.0.2.1"));
  EXPECT_FALSE(trusts("192.0.2.2"));
  EXPECT_TRUE(detail::trusted_proxies{{"0.0.0.0/0"}}.trusts(boost::asio::ip::make_address("1.2.3.4")));
  EXPECT_FALSE(detail::trusted_proxies{{"0.0.0.0/0"}}.trusts(boost::asio::ip::make_address("::1")));
  for (const auto* wrong : {"", "x", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8x", "::/129"}) {
    EXPECT_THROW(detail::trusted_proxies{{wrong}}, std::invalid_argument) << wrong;
  }
}

class WheelTest : public ::testing::Test {
 protected:
  struct mark final : timer_wheel::entry {
    void expired() override {
      ++count;
      if (then) then();
    }
    int count = 0;
    std::function<void()> then;
  };

  /// What is due by then is called.
  void advance(std::chrono::milliseconds by) {
    clock.advance(by);
    // One turn for the clock's wake, one for the timer, one for what they queued.
    for (int i = 0; i < 8; ++i) {
      loop.restart();
      loop.poll();
    }
  }

  runtime::clock clock{runtime::clock::mode::adjustable};
  boost::asio::io_context loop{1};
  timer_wheel wheel{loop.get_executor(), clock};
};

TEST_F(WheelTest, CallsInTimeAndOnce) {
  mark one;
  wheel.set(one, wheel.now() + 1s);
  advance(500ms);
  EXPECT_EQ(one.count, 0);
  advance(650ms);
  EXPECT_EQ(one.count, 1);
  advance(1h);
  EXPECT_EQ(one.count, 1);
}

TEST_F(WheelTest, LaterEarlierAndNever) {
  mark later;
  mark earlier;
  mark never;
  wheel.set(later, wheel.now() + 1s);
  wheel.set(later, wheel.now() + 3s);
  wheel.set(earlier, wheel.now() + 3s);
  wheel.set(earlier, wheel.now() + 1s);
  wheel.set(never, wheel.now() + 1s);
  timer_wheel::clear(never);
  advance(1500ms);
  EXPECT_EQ(later.count, 0);
  EXPECT_EQ(earlier.count, 1);
  advance(1700ms);
  EXPECT_EQ(later.count, 1);
  EXPECT_EQ(never.count, 0);
}

TEST_F(WheelTest, FarTimesGoRoundTheWheel) {
  mark far;
  wheel.set(far, wheel.now() + 75s);
  for (int i = 0; i < 74; ++i) advance(1s);
  EXPECT_EQ(far.count, 0);
  advance(1200ms);
  EXPECT_EQ(far.count, 1);
}

TEST_F(WheelTest, AfterAJumpEverybodyIsOnTimeAgain) {
  mark due;
  mark not_yet;
  wheel.set(due, wheel.now() + 30s);
  wheel.set(not_yet, wheel.now() + 2h);
  advance(1h);
  EXPECT_EQ(due.count, 1);
  EXPECT_EQ(not_yet.count, 0);
  mark soon;
  wheel.set(soon, wheel.now() + 1s);
  advance(1200ms);
  EXPECT_EQ(soon.count, 1);
}

TEST_F(WheelTest, AnEntryMaySetItselfAgainOrGo) {
  mark again;
  again.then = [&] {
    if (again.count < 3) wheel.set(again, wheel.now() + 1s);
  };
  auto gone = std::make_unique<mark>();
  wheel.set(again, wheel.now() + 1s);
  wheel.set(*gone, wheel.now() + 1s);
  gone.reset();
  for (int i = 0; i < 5; ++i) advance(1200ms);
  EXPECT_EQ(again.count, 3);
}

}  // namespace
}  // namespace nxg::http
