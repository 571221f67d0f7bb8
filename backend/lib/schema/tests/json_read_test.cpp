#include "schema/json.hpp"
#include "schema/tests/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::schema {
namespace {

using test::set_done;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// "pointer code" of each problem.
template <class T>
std::vector<std::string> problems_of(std::string_view text, unknown policy = unknown::refused) {
  T value{};
  std::vector<std::string> list;
  for (const auto& found : read_json(text, value, policy)) list.push_back(found.pointer + " " + found.code);
  return list;
}

TEST(json_read, fills_a_struct) {
  EXPECT_EQ(from_json<set_done>(R"( { "number" : 12 , "speedKmh" : 7.25 } )"),
            (set_done{.number = 12, .speed_kmh = 7.25}));
  EXPECT_EQ(from_json<set_done>(R"({"speedKmh":null,"number":1})"), (set_done{.number = 1, .speed_kmh = {}}));
}

TEST(json_read, reports_every_problem_with_its_pointer) {
  EXPECT_THAT(
      problems_of<std::vector<set_done>>(
          R"([{"number":0},{"number":100,"speedKmh":"x","more":1},{},{"number":null},7,{"number":1.5}])"),
      ElementsAre("/0/number too_small", "/1/number too_large", "/1/speedKmh wrong_type", "/1/more unknown_field",
                  "/2/number required", "/3/number required", "/4 wrong_type", "/5/number wrong_type"));
}

TEST(json_read, throws_all_of_them) {
  try {
    (void)from_json<set_done>(R"({"number":0,"a":1})");
    FAIL();
  } catch (const invalid& error) {
    EXPECT_THAT(error.list(), ElementsAre(problem{"/number", "too_small", "must be at least 1"},
                                          problem{"/a", "unknown_field", "is not a known field"}));
    EXPECT_STREQ(error.what(), "/number must be at least 1; /a is not a known field");
  }
}

TEST(json_read, returns_them_without_a_throw) {
  EXPECT_EQ(try_from_json<int>("7").value(), 7);
  EXPECT_EQ(try_from_json<int>("true").error().front().code, "wrong_type");
}

TEST(json_read, fills_in_what_is_right_beside_what_is_wrong) {
  set_done value{};
  EXPECT_EQ(read_json(R"({"number":5,"speedKmh":[]})", value).size(), 1u);
  EXPECT_EQ(value.number, 5);
}

TEST(json_read, pointers_are_escaped) {
  EXPECT_THAT((problems_of<std::map<std::string, int>>(R"({"a/b~c":"x"})")), ElementsAre("/a~1b~0c wrong_type"));
  EXPECT_THAT(problems_of<test::nothing>(R"({"a\n/":1})"), ElementsAre("/a\n~1 unknown_field"));
}

TEST(json_read, duplicate_keys_are_refused_in_structs_maps_and_raw_values) {
  EXPECT_THAT(problems_of<set_done>(R"({"number":1,"number":1})"), ElementsAre("/number duplicate_key"));
  EXPECT_THAT(problems_of<set_done>(R"({"number":1,"\u006eumber":2})"), ElementsAre("/number duplicate_key"));
  EXPECT_THAT((problems_of<std::map<std::string, int>>(R"({"a":1,"b":1,"a":"x"})")), ElementsAre("/a duplicate_key"));
  EXPECT_THAT(problems_of<std::vector<any_json>>(R"([{"a":1},{"b":{"c":1,"c":2}}])"), ElementsAre("/1 duplicate_key"));
}

TEST(json_read, operators_are_only_unknown_fields) {
  EXPECT_THAT(problems_of<set_done>(R"({"number":{"$gt":0},"$where":"1"})"),
              ElementsAre("/number wrong_type", "/$where unknown_field"));
}

TEST(json_read, unknown_fields_may_be_ignored) {
  EXPECT_THAT(problems_of<set_done>(R"({"x":{"y":[1,"\ud83d\ude00"]},"number":1,"x":2})", unknown::ignored), IsEmpty());
  EXPECT_THAT(problems_of<set_done>(R"({"x":{"y":[1,]},"number":1})", unknown::ignored), ElementsAre(" syntax"));
}

TEST(json_read, listed_fields_keep_their_default_when_absent_or_null) {
  const std::string start = R"({"userName":"rosa","password":"12345678","confirmPassword":"12345678")";
  EXPECT_EQ(from_json<test::sign_up>(start + "}").class_, 3);
  EXPECT_EQ(from_json<test::sign_up>(start + R"(,"class":null})").class_, 3);
  EXPECT_EQ(from_json<test::sign_up>(start + R"(,"class":9})").class_, 9);
}

TEST(json_read, a_rule_over_fields_speaks_beside_what_is_wrong_with_others) {
  EXPECT_THAT(problems_of<test::party>(
                  R"({"guests":[{"userName":"rosa","password":"12345678","confirmPassword":"12345678"},
                                {"userName":"rosa","password":"12345678","confirmPassword":"abcdefgh"},
                                {"userName":"r","password":"12345678","confirmPassword":"abcdefgh","a":1}]})"),
              ElementsAre("/guests/1/confirmPassword mismatch", "/guests/2/userName too_short",
                          "/guests/2/a unknown_field", "/guests/2/confirmPassword mismatch"));
}

TEST(json_read, a_rule_over_fields_says_nothing_of_what_was_not_read) {
  EXPECT_THAT(problems_of<test::sign_up>(R"({"userName":"rosa","password":7,"confirmPassword":"abcdefgh"})"),
              ElementsAre("/password wrong_type"));
  EXPECT_THAT(problems_of<test::sign_up>(R"({"userName":"rosa","password":"12345678","confirmPassword":"a"})"),
              ElementsAre("/confirmPassword too_short"));
  EXPECT_THAT(problems_of<test::sign_up>(R"({"userName":"rosa","password":"12345678"})"),
              ElementsAre("/confirmPassword required"));
  EXPECT_THAT(problems_of<test::sign_up>("{}"),
              ElementsAre("/userName required", "/password required", "/confirmPassword required"));
}

struct stay {
  std::optional<int> nights;
  std::vector<test::set_done> sets;
  static void check(const stay&, problems& found) {
    found.add("whole", "is about all of it");
    found.add_at("/sets", "about_sets", "is about the list");
    found.add_at("/sets/1/number", "about_one", "is about one of them");
    found.add_at("/setsOfNights", "about_others", "is about a longer name");
  }
};
BOOST_DESCRIBE_STRUCT(stay, (), (nights, sets))

TEST(json_read, what_is_wrong_inside_or_around_silences_a_rule_too) {
  EXPECT_THAT(problems_of<stay>(R"({"sets":[]})"),
              ElementsAre(" whole", "/sets about_sets", "/sets/1/number about_one", "/setsOfNights about_others"));
  EXPECT_THAT(
      problems_of<stay>(R"({"sets":[],"nights":"x"})"),
      ElementsAre("/nights wrong_type", "/sets about_sets", "/sets/1/number about_one", "/setsOfNights about_others"));
  EXPECT_THAT(problems_of<stay>(R"({"sets":[{"number":0},{"number":1}]})"),
              ElementsAre("/sets/0/number too_small", "/sets/1/number about_one", "/setsOfNights about_others"));
  EXPECT_THAT(problems_of<stay>(R"({"sets":[{"number":1},7]})"),
              ElementsAre("/sets/1 wrong_type", "/setsOfNights about_others"));
  EXPECT_THAT(problems_of<stay>(R"({"sets":0})"), ElementsAre("/sets wrong_type", "/setsOfNights about_others"));
}

TEST(json_read, lengths_count_code_points) {
  using five = text<2, 5>;
  EXPECT_EQ(from_json<five>("\"€€€€€\""), "€€€€€");
  EXPECT_THAT(problems_of<five>("\"€\""), ElementsAre(" too_short"));
  EXPECT_THAT(problems_of<five>("\"😀😀😀😀😀😀\""), ElementsAre(" too_long"));
  EXPECT_THAT(problems_of<five>(R"("a\u0000b")"), ElementsAre(" bad_format"));
}

TEST(json_read, lists_know_their_bounds_and_keep_no_more) {
  using few = list<int, 1, 2>;
  EXPECT_EQ(from_json<few>("[1,2]").size(), 2u);
  EXPECT_THAT(problems_of<few>("[]"), ElementsAre(" too_short"));
  few value;
  EXPECT_EQ(read_json("[1,2,3,\"no int, no matter\"]", value).front().code, "too_long");
  EXPECT_EQ(value.size(), 2u);
}

TEST(json_read, formats) {
  EXPECT_THAT(problems_of<uuid>(R"("018bcfe5-6800-7000-8000-00000000000")"), ElementsAre(" bad_format"));
  EXPECT_THAT(problems_of<instant>(R"("2026-02-30T00:00:00Z")"), ElementsAre(" bad_format"));
  EXPECT_THAT(problems_of<local_date>(R"("2026-2-3")"), ElementsAre(" bad_format"));
  EXPECT_THAT(problems_of<bytes>(R"("a+b=")"), ElementsAre(" bad_format"));
  EXPECT_THAT(problems_of<test::level>(R"("expert")"), ElementsAre(" not_one_of"));
  EXPECT_EQ(from_json<test::level>(R"("double")"), test::level::double_);
  EXPECT_THAT(problems_of<hex<4>>(R"("12g4")"), ElementsAre(" bad_format"));
  EXPECT_EQ(from_json<hex<4>>(R"("12AF")"), "12af");
  EXPECT_EQ(from_json<email>(R"("Rosa.Maria+gym@Example.ORG")"), "rosa.maria+gym@example.org");
}

TEST(json_read, the_values_of_an_enum_are_named_in_the_message) {
  EXPECT_EQ(try_from_json<test::level>("\"x\"").error().front().message, "must be one of beginner, advanced, double");
}

TEST(json_read, what_is_too_short_for_an_address_is_told_what_it_should_be) {
  for (const auto* text : {R"("")", R"("k")", R"("kim")"})
    EXPECT_EQ(try_from_json<email>(text).error().front().message, "must be an e-mail address") << text;
}

TEST(json_read, null_is_a_value_only_where_any_json_is_asked_for) {
  EXPECT_EQ(from_json<any_json>("null").value(), "null");
  EXPECT_EQ(from_json<std::optional<any_json>>("null"), std::nullopt);
  EXPECT_THAT(problems_of<std::vector<int>>("[null]"), ElementsAre("/0 wrong_type"));
  EXPECT_THAT(problems_of<int>("null"), ElementsAre(" wrong_type"));
}

TEST(json_read, any_json_keeps_the_text) {
  EXPECT_EQ(from_json<any_json>("  {\"a\" : [1.0e5]} ").value(), "{\"a\" : [1.0e5]}");
}

TEST(json_read, integers) {
  EXPECT_EQ(from_json<std::int64_t>("9007199254740992"), 9007199254740992);
  EXPECT_EQ(from_json<int>("5.0"), 5);
  EXPECT_EQ(from_json<int>("-1.2e1"), -12);
  EXPECT_EQ(from_json<int>("-0"), 0);
  EXPECT_THAT(problems_of<std::int64_t>("9007199254740993"), ElementsAre(" too_large"));
  EXPECT_THAT(problems_of<std::int64_t>("-9007199254740993"), ElementsAre(" too_small"));
  EXPECT_THAT(problems_of<std::int64_t>("99999999999999999999999999"), ElementsAre(" too_large"));
  EXPECT_THAT(problems_of<std::int64_t>("1e400"), ElementsAre(" too_large"));
  EXPECT_THAT(problems_of<std::int64_t>("-1e99999999999999999999"), ElementsAre(" too_small"));
  EXPECT_THAT(problems_of<std::uint64_t>("-1"), ElementsAre(" too_small"));
  EXPECT_THAT(problems_of<std::int8_t>("128"), ElementsAre(" too_large"));
  EXPECT_THAT(problems_of<int>("0.5"), ElementsAre(" wrong_type"));
  EXPECT_THAT(problems_of<int>("\"5\""), ElementsAre(" wrong_type"));
}

TEST(json_read, numbers) {
  EXPECT_EQ(from_json<double>("0.1"), 0.1);
  EXPECT_EQ(from_json<double>("1e308"), 1e308);
  EXPECT_EQ(from_json<double>("123456789012345678901234567890"), 123456789012345678901234567890.0);
  EXPECT_EQ(from_json<double>("1e-400"), 0.0);
  EXPECT_EQ(from_json<double>("0e99999999999999999999"), 0.0);
  EXPECT_EQ(from_json<double>("2.2250738585072011e-308"), 2.2250738585072011e-308);
  EXPECT_THAT(problems_of<double>("1e309"), ElementsAre(" too_large"));
  EXPECT_THAT(problems_of<double>("-1e309"), ElementsAre(" too_small"));
  EXPECT_THAT(problems_of<float>("1e39"), ElementsAre(" too_large"));
  EXPECT_THAT((problems_of<bounded<double, 0.0, 30.0>>("30.000001")), ElementsAre(" too_large"));
  EXPECT_THAT((problems_of<bounded<double, 0.0, 30.0>>("-0.1")), ElementsAre(" too_small"));
}

TEST(json_read, text_that_is_no_json_has_one_problem) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "[",
                                      "{\"number\"",
                                      "{\"number\":",
                                      "{\"number\":1",
                                      "{\"number\":1,}",
                                      "{,}",
                                      "{\"number\" 1}",
                                      "{1:2}",
                                      "{\"number\":1}x",
                                      "{\"number\":1}{}",
                                      "{'number':1}",
                                      "{\"number\":01}",
                                      "{\"number\":+1}",
                                      "{\"number\":.5}",
                                      "{\"number\":1.}",
                                      "{\"number\":1e}",
                                      "{\"number\":1e+}",
                                      "{\"number\":-}",
                                      "{\"number\":0x1}",
                                      "{\"number\":NaN}",
                                      "{\"number\":Infinity}",
                                      "{\"number\":tru}",
                                      "{\"number\":nul}",
                                      "{\"a\":\"",
                                      "{\"a\":\"\\",
                                      "{\"a\":\"\\x\"}",
                                      "{\"a\":\"\\u12\"}",
                                      "{\"a\":\"\\u12g4\"}",
                                      "{\"a\":\"\n\"}",
                                      "{\"a\":\"\x01\"}",
                                      "\xef\xbb\xbf{\"number\":1}",
                                      "{\"number\":1/**/}",
                                      "{\"x\":1,\"number\":[1 2]}"}) {
    EXPECT_THAT(problems_of<set_done>(text), ElementsAre(" syntax")) << text;
  }
  EXPECT_THAT(problems_of<set_done>(std::string_view("{\"number\":1}\0", 13)), ElementsAre(" syntax"));
}

TEST(json_read, a_syntax_error_says_where) {
  EXPECT_EQ(try_from_json<set_done>("{\"number\":1]").error().front().message,
            "is no JSON: expected ',' or '}' at byte 11");
}

TEST(json_read, bad_unicode) {
  for (const std::string_view text :
       {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "\"\\ud800\"",
        "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800x\""}) {
    EXPECT_THAT(problems_of<std::string>(text), ElementsAre(" bad_utf8")) << text;
  }
  EXPECT_THAT(problems_of<set_done>("{\"number\":1,\"\xff\":1}"), ElementsAre(" bad_utf8"));
  EXPECT_EQ(from_json<std::string>(R"("\ud83d\ude00\u20ac\u00e9\u0041")"), "😀€éA");
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(json_read, nesting_is_limited) {
  EXPECT_THAT(problems_of<any_json>(nested(32)), IsEmpty());
  EXPECT_THAT(problems_of<any_json>(nested(33)), ElementsAre(" too_deep"));
  EXPECT_THAT(problems_of<int>(nested(33)), ElementsAre(" too_deep"));
  EXPECT_THAT(problems_of<int>(std::string(1'000'000, '[')), ElementsAre(" too_deep"));
  std::string deep_tree = "0";
  for (int i = 0; i < 17; ++i) deep_tree = R"({"value":1,"children":[)" + (i == 0 ? "" : deep_tree) + "]}";
  EXPECT_THAT(problems_of<test::tree>(deep_tree), ElementsAre(" too_deep"));
}

TEST(json_read, problems_are_capped) {
  std::string text = "[";
  for (int i = 0; i < 5000; ++i) text += "{},";
  EXPECT_EQ(problems_of<std::vector<set_done>>(text).size(), problems::limit);
}

TEST(json_read, nothing_is_kept_of_what_stood_there_before) {
  std::vector<int> list{1, 2, 3};
  EXPECT_THAT(read_json("[4]", list), IsEmpty());
  EXPECT_THAT(list, ElementsAre(4));
  std::map<std::string, int> map{{"a", 1}};
  EXPECT_THAT(read_json(R"({"b":2})", map), IsEmpty());
  EXPECT_EQ(map.size(), 1u);
}

}  // namespace
}  // namespace nxg::schema
