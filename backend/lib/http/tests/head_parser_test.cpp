#include "http/head_parser.hpp"

#include "http/chunked_body.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {
namespace {

using outcome = head_parser::outcome;

struct parsed {
  outcome result;
  request into;
  framing frame;
  std::string code;
  std::size_t size = 0;
};

parsed parse(std::string_view text, head_limits limits = {}) {
  head_parser parser{limits};
  parsed made{outcome::incomplete, {}, {}, {}, 0};
  made.result = parser.parse(text, made.into);
  made.frame = parser.frame();
  made.size = parser.size();
  if (made.result == outcome::refused) made.code = parser.error().code();
  return made;
}

TEST(HeadParser, ReadsRequestLineAndFields) {
  const auto got = parse(
      "POST /api/x%20y?a=1&b HTTP/1.1\r\nHost: gym.example:80\r\nX-Thing:  one two\t \r\nContent-Length: "
      "12\r\n\r\nrest");
  ASSERT_EQ(got.result, outcome::complete);
  EXPECT_EQ(got.into.method, verb::post);
  EXPECT_EQ(got.into.target, "/api/x%20y?a=1&b");
  EXPECT_EQ(got.into.path, "/api/x%20y");
  EXPECT_EQ(got.into.query, "a=1&b");
  EXPECT_EQ(got.into.headers.size(), 3u);
  EXPECT_EQ(got.into.headers.find("x-THING"), "one two");
  EXPECT_EQ(got.frame.content_length, 12u);
  EXPECT_TRUE(got.frame.keep_alive);
}

TEST(HeadParser, AsksForMoreUntilTheEmptyLineAndReadsTheSameByteByByte) {
  const std::string text =
      "\r\nPUT /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n";
  head_parser parser{{}};
  request into;
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_EQ(parser.parse(std::string_view{text}.substr(0, size), into), outcome::incomplete) << size;
  }
  ASSERT_EQ(parser.parse(text, into), outcome::complete);
  EXPECT_EQ(parser.size(), text.size());
  EXPECT_EQ(into.path, "/a");
  EXPECT_TRUE(parser.frame().asks_for_websocket);
}

TEST(HeadParser, TakesAbsoluteFormAndAsterisk) {
  EXPECT_EQ(parse("GET http://gym.example/a?b=c HTTP/1.1\r\nHost: gym.example\r\n\r\n").into.path, "/a");
  EXPECT_EQ(parse("GET http://gym.example HTTP/1.1\r\nHost: gym.example\r\n\r\n").into.path, "/");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").result, outcome::complete);
  EXPECT_EQ(parse("GET * HTTP/1.1\r\nHost: h\r\n\r\n").result, outcome::refused);
}

TEST(HeadParser, AnOldClientExpectsNothing) {
  EXPECT_TRUE(parse("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n").frame.expects_continue);
  EXPECT_FALSE(parse("POST / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\n\r\n").frame.expects_continue);
}

TEST(HeadParser, KnowsWhenAConnectionStays) {
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n").frame.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").frame.keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").frame.keep_alive);
  EXPECT_FALSE(
      parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n").frame.keep_alive);
}

struct refused_case {
  const char* name;
  std::string text;
  const char* code;

  friend void PrintTo(const refused_case& one, std::ostream* out) { *out << one.name; }
};

class RefusedHeads : public ::testing::TestWithParam<refused_case> {};

TEST_P(RefusedHeads, AreRefusedForTheRightReason) {
  const auto got = parse(GetParam().text);
  EXPECT_EQ(got.result, outcome::refused);
  EXPECT_EQ(got.code, GetParam().code);
}

std::string with_fields(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n"; }

const std::vector<refused_case> refused_heads{
    {"LengthAndChunked", with_fields("Content-Length: 3\r\nTransfer-Encoding: chunked"), "malformed_request"},
    {"ChunkedAndLength", with_fields("Transfer-Encoding: chunked\r\nContent-Length: 3"), "malformed_request"},
    {"TwoLengths", with_fields("Content-Length: 3\r\nContent-Length: 4"), "malformed_request"},
    {"TwoEqualLengths", with_fields("Content-Length: 3\r\nContent-Length: 3"), "malformed_request"},
    {"ListOfLengths", with_fields("Content-Length: 3, 3"), "malformed_request"},
    {"SignedLength", with_fields("Content-Length: +3"), "malformed_request"},
    {"NegativeLength", with_fields("Content-Length: -3"), "malformed_request"},
    {"HexLength", with_fields("Content-Length: 0x3"), "malformed_request"},
    {"EmptyLength", with_fields("Content-Length:"), "malformed_request"},
    {"EndlessLength", with_fields("Content-Length: 99999999999999999999999"), "malformed_request"},
    {"OtherEncoding", with_fields("Transfer-Encoding: gzip"), "not_implemented"},
    {"EncodingList", with_fields("Transfer-Encoding: gzip, chunked"), "not_implemented"},
    {"EncodingTwice", with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), "not_implemented"},
    {"EncodingWithJunk", with_fields("Transfer-Encoding: xchunked"), "not_implemented"},
    {"EncodingInOldVersion", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "malformed_request"},
    {"TwoHosts", with_fields("Host: other"), "malformed_request"},
    {"NoHost", "GET / HTTP/1.1\r\n\r\n", "malformed_request"},
    {"HostWithPath", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "malformed_request"},
    {"HostWithUser", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "malformed_request"},
    {"BareLineFeed", "GET / HTTP/1.1\nHost: h\n\n", "malformed_request"},
    {"BareLineFeedInFields", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", "malformed_request"},
    {"BareCarriageReturn", with_fields("X: a\rb"), "malformed_request"},
    {"SpaceBeforeColon", with_fields("Content-Length : 3"), "malformed_request"},
    {"FoldedLine", with_fields("X: a\r\n b"), "malformed_request"},
    {"FieldWithoutColon", with_fields("nonsense"), "malformed_request"},
    {"FieldWithoutName", with_fields(": value"), "malformed_request"},
    {"NulInValue", with_fields(std::string{"X: a\0b", 6}), "malformed_request"},
    {"ControlInValue", with_fields("X: a\x01"), "malformed_request"},
    {"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
    {"FragmentInTarget", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
    {"NonAsciiTarget", "GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
    {"RelativeTarget", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
    {"NoTarget", "GET HTTP/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
    {"NoVersion", "GET /\r\nHost: h\r\n\r\n", "malformed_request"},
    {"LowerCaseVersion", "GET / http/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
    {"NextVersion", "PRI * HTTP/2.0\r\n\r\n", "http_version_not_supported"},
    {"OldVersion", "GET / HTTP/0.9\r\n\r\n", "http_version_not_supported"},
    {"UnknownMethod", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n", "not_implemented"},
    {"LowerCaseMethod", "get / HTTP/1.1\r\nHost: h\r\n\r\n", "not_implemented"},
    {"OtherExpectation", with_fields("Expect: miracles"), "expectation_failed"},
    {"TwoAuthorizations", with_fields("Authorization: Bearer a\r\nauthorization: Bearer b"), "malformed_request"},
    {"TwoContentTypes", with_fields("Content-Type: text/plain\r\nContent-Type: application/json"), "malformed_request"},
    {"TwoKeys", with_fields("Idempotency-Key: a\r\nIdempotency-Key: b"), "malformed_request"},
    {"TwoEmptyLines", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "malformed_request"},
};

INSTANTIATE_TEST_SUITE_P(All, RefusedHeads, ::testing::ValuesIn(refused_heads),
                         [](const auto& one) { return std::string{one.param.name}; });

TEST(HeadParser, HoldsTheLimits) {
  const auto limits = head_limits{1024, 4};
  const auto long_target = "GET /" + std::string(2000, 'a');
  EXPECT_EQ(parse(long_target, limits).code, "uri_too_long");
  const auto long_field = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'a');
  EXPECT_EQ(parse(long_field, limits).code, "header_fields_too_large");
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", limits).code,
            "header_fields_too_large");
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits).result, outcome::complete);
}

std::string dechunk(std::string_view text, std::size_t limit, chunked_body::outcome& result, std::size_t step) {
  chunked_body chunks{limit};
  std::string body;
  result = chunked_body::outcome::incomplete;
  while (!text.empty() && result == chunked_body::outcome::incomplete) {
    result = chunks.take(text.substr(0, step), body);
    text.remove_prefix(chunks.consumed());
  }
  return body + '|' + std::string{text};
}

TEST(ChunkedBody, IsTakenApartInWhateverPiecesItComes) {
  const std::string text = "5\r\nhello\r\nA;ext=\"1\"\r\n, the worl\r\n1\r\nd\r\n0\r\nTrailer: x\r\n\r\nNEXT";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    chunked_body::outcome result{};
    // What was handed in with the end and not consumed is the next request's.
    const auto got = dechunk(text, 100, result, step);
    EXPECT_EQ(result, chunked_body::outcome::complete) << step;
    EXPECT_EQ(got, "hello, the world|NEXT") << step;
  }
}

TEST(ChunkedBody, RefusesWhatOthersMightReadOtherwise) {
  for (const std::string text :
       {"5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n", "x\r\n", "\r\n", "-5\r\nhello", "0x5\r\nhello", " 5\r\nhello",
        "5 \r\nhello", "123456789\r\n", "5\r\nhello\n", "0\r\nTrailer\n\r\n", "0\r\n: x\r\n\r\n", "5;a\nb\r\nhello"}) {
    chunked_body::outcome result{};
    dechunk(text, 1000, result, text.size());
    EXPECT_EQ(result, chunked_body::outcome::malformed) << text;
  }
}

TEST(ChunkedBody, StopsBeforeTheLimitIsPassed) {
  chunked_body::outcome result{};
  dechunk("5\r\nhello\r\n6\r\n", 10, result, 100);
  EXPECT_EQ(result, chunked_body::outcome::too_large);
  dechunk("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", 10, result, 100);
  EXPECT_EQ(result, chunked_body::outcome::complete);
  dechunk("ffffffff\r\n", 10, result, 100);
  EXPECT_EQ(result, chunked_body::outcome::too_large);
  dechunk("1;" + std::string(5000, 'x'), 10, result, 6000);
  EXPECT_EQ(result, chunked_body::outcome::malformed);
}

}  // namespace
}  // namespace nxg::http
