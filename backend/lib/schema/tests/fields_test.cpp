#include "schema/fields.hpp"
#include "schema/tests/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct search {
  uuid branch_id;
  bounded<int, 1, 100> limit = 20;
  std::optional<test::level> how;
  list<text<1, 5>, 0, 3> tags;
  std::optional<instant> from;
  bool exact = false;
  std::optional<double> speed_kmh;
  static constexpr std::string_view optional_fields[] = {"limit", "tags", "exact"};
  static void check(const search& self, problems& found) {
    if (self.exact && !self.how) found.add_at("/how", "needed_with_exact", "is needed with exact");
  }
};
BOOST_DESCRIBE_STRUCT(search, (), (branch_id, limit, how, tags, from, exact, speed_kmh))

struct conditions {
  std::optional<std::string> if_match;
  std::optional<text<1, 10>> idempotency_key;
};
BOOST_DESCRIBE_STRUCT(conditions, (), (if_match, idempotency_key))

constexpr std::string_view some_id = "018bcfe5-6800-7000-8000-000000000001";

template <class T>
std::vector<std::string> problems_of(std::initializer_list<field_text> given,
                                     field_source source = field_source::query) {
  T value{};
  std::vector<std::string> list;
  for (const auto& found : read_fields(std::span{given.begin(), given.size()}, value, source)) {
    list.push_back(found.pointer + " " + found.code);
  }
  return list;
}

template <class T>
T read(std::initializer_list<field_text> given, field_source source = field_source::query) {
  return from_fields<T>(std::span{given.begin(), given.size()}, source);
}

TEST(fields, are_typed) {
  const auto all = read<search>({{"branchId", some_id},
                                 {"limit", "7"},
                                 {"how", "double"},
                                 {"tags", "a,bc,€"},
                                 {"from", "2023-11-14T22:13:20Z"},
                                 {"exact", "true"},
                                 {"speedKmh", "1.5e1"}});
  EXPECT_EQ(all.branch_id.to_string(), some_id);
  EXPECT_EQ(all.limit, 7);
  EXPECT_EQ(all.how, test::level::double_);
  EXPECT_THAT(all.tags.value(), ElementsAre("a", "bc", "€"));
  EXPECT_EQ(all.from, instant{std::chrono::milliseconds{1'700'000'000'000}});
  EXPECT_TRUE(all.exact);
  EXPECT_EQ(all.speed_kmh, 15.0);
}

TEST(fields, absent_ones_keep_their_default) {
  const auto least = read<search>({{"branchId", some_id}});
  EXPECT_EQ(least.limit, 20);
  EXPECT_FALSE(least.how);
  EXPECT_TRUE(least.tags.empty());
}

TEST(fields, every_problem_at_once) {
  EXPECT_THAT(problems_of<search>({{"limit", "0"},
                                   {"limit", "5"},
                                   {"how", "x"},
                                   {"tags", "a,,abcdef,d"},
                                   {"from", ""},
                                   {"exact", "1"},
                                   {"speedKmh", "1,5"},
                                   {"$where", "1"},
                                   {"branch_id", "x"}}),
              ElementsAre("/query/limit too_small", "/query/limit duplicate_key", "/query/how not_one_of",
                          "/query/tags too_short", "/query/tags too_long", "/query/tags too_long",
                          "/query/from bad_format", "/query/exact wrong_type", "/query/speedKmh wrong_type",
                          "/query/$where unknown_field", "/query/branch_id unknown_field", "/query/branchId required"));
}

TEST(fields, numbers_are_spelled_as_in_json) {
  for (const std::string_view text : {"", " 5", "5 ", "+5", "0x5", "05", "5.", "--5", "5e", "nan", "1_000", "5\n"}) {
    EXPECT_THAT(problems_of<search>({{"branchId", some_id}, {"limit", text}}), ElementsAre("/query/limit wrong_type"))
        << text;
  }
}

TEST(fields, bad_utf8_is_a_problem_of_its_field) {
  EXPECT_THAT(problems_of<search>({{"branchId", some_id}, {"tags", "\xff"}, {"\xff", "x"}}),
              ElementsAre("/query/tags bad_utf8", "/query/\xef\xbf\xbd unknown_field"));
}

TEST(fields, a_rule_over_several) {
  EXPECT_THAT(problems_of<search>({{"branchId", some_id}, {"exact", "true"}}),
              ElementsAre("/query/how needed_with_exact"));
  EXPECT_THAT(problems_of<search>({{"branchId", "x"}, {"exact", "true"}}),
              ElementsAre("/query/branchId bad_format", "/query/how needed_with_exact"));
  EXPECT_THAT(problems_of<search>({{"branchId", some_id}, {"exact", "true"}, {"how", "x"}}),
              ElementsAre("/query/how not_one_of"));
}

TEST(fields, headers_ignore_case_and_strangers) {
  const auto read_ones =
      read<conditions>({{"IF-MATCH", "\"5\""}, {"user-agent", "x"}, {"idempotency-key", "k"}}, field_source::header);
  EXPECT_EQ(read_ones.if_match, "\"5\"");
  EXPECT_EQ(read_ones.idempotency_key->value(), "k");
  EXPECT_THAT(
      problems_of<conditions>({{"If-Match", "1"}, {"if-match", "2"}, {"Idempotency-Key", ""}}, field_source::header),
      ElementsAre("/header/If-Match duplicate_key", "/header/Idempotency-Key too_short"));
}

TEST(fields, path_parameters) {
  EXPECT_THAT(problems_of<conditions>({{"nope", "x"}}, field_source::path), ElementsAre("/path/nope unknown_field"));
}

TEST(fields, problems_are_capped) {
  std::vector<field_text> given(1000, field_text{"x", "y"});
  search value;
  EXPECT_EQ(read_fields(given, value).size(), problems::limit);
}

}  // namespace
}  // namespace nxg::schema
