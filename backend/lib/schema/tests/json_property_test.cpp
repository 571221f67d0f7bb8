#include "schema/json.hpp"
#include "schema/tests/random_values.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace nxg::schema {
namespace {

TEST(json_property, everything_reads_back_as_written) {
  test::random_values random{1};
  for (int i = 0; i < 3000; ++i) {
    const auto value = random.all();
    const auto text = to_json(value);
    const auto back = try_from_json<test::everything>(text);
    ASSERT_TRUE(back.has_value()) << text << "\n"
                                  << back.error().front().pointer << " " << back.error().front().message;
    ASSERT_EQ(*back, value) << text;
    ASSERT_EQ(to_json(*back), text);
  }
}

TEST(json_property, what_is_written_is_json_to_another_parser) {
  test::random_values random{2};
  for (int i = 0; i < 500; ++i) {
    const auto text = to_json(random.all());
    boost::system::error_code error;
    boost::json::parse(text, error);
    ASSERT_FALSE(error) << text;
  }
}

/// A text a few random edits away from JSON.
std::string damaged(std::string text, test::random_values& random) {
  static constexpr std::string_view pieces[] = {"{", "}", "[",  "]", ",",       ":",        "\"",   "\\", "null",
                                                "1", "-", "e9", ".", "\\u00e9", "\xc3\xa9", "\xff", " ",  "\n"};
  for (auto edits = 1 + random.below(3); edits > 0; --edits) {
    const auto at = random.below(text.size() + 1);
    switch (random.below(3)) {
      case 0: text.insert(at, pieces[random.below(std::size(pieces))]); break;
      case 1: text.erase(at, 1 + random.below(3)); break;
      default: text.resize(at); break;
    }
  }
  return text;
}

TEST(json_property, agrees_with_another_parser_on_what_is_json) {
  test::random_values random{3};
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto text =
        damaged(R"({"a":[1,-2.5e3,"x\ny€"],"b":{"c":null,"d":true},"e":"\ud83d\ude00","f":[[],{}]})", random);
    boost::system::error_code error;
    boost::json::parse(text, error);
    const auto ours = try_from_json<any_json>(text);
    // That parser takes duplicate keys silently.
    const bool json = ours.has_value() || ours.error().front().code == codes::duplicate_key;
    ASSERT_EQ(json, !error) << text << "\n" << (ours ? "" : ours.error().front().message);
    accepted += json;
  }
  EXPECT_GT(accepted, 500);
}

TEST(json_property, damaged_bodies_are_refused_or_read_never_both) {
  test::random_values random{4};
  for (int i = 0; i < 5000; ++i) {
    const auto text = damaged(to_json(random.all()), random);
    test::everything value;
    const auto found = read_json(text, value);
    ASSERT_LE(found.size(), problems::limit);
    if (found.empty()) {
      ASSERT_EQ(from_json<test::everything>(to_json(value)), value) << text;
    }
    for (const auto& one : found) {
      ASSERT_TRUE(one.pointer.empty() || one.pointer.front() == '/');
      ASSERT_FALSE(one.code.empty() || one.message.empty());
    }
  }
}

}  // namespace
}  // namespace nxg::schema
