#include "schema/reflection.hpp"
#include "schema/tests/samples.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace nxg::schema {
namespace {

static_assert(path_of<&test::everything::day_of_week>() == "dayOfWeek");
static_assert(path_of<&test::everything::one, &test::set_done::speed_kmh>() == "one.speedKmh");
static_assert(path_of<&test::everything::sets, &test::set_done::number>() == "sets.number");
static_assert(path_of<&test::sign_up::class_>() == "class");
static_assert(path_of<&test::derived::first>() == "first");
static_assert(stored_path_of<&test::everything::weight_kg>() == "weightKg");
static_assert(pointer_of<&test::everything::one, &test::set_done::speed_kmh>() == "/one/speedKmh");
static_assert(is_filterable<&test::everything::one, &test::set_done::number>);
static_assert(!is_filterable<&test::everything::weight_kg>);
static_assert(!is_filterable<&test::everything::condition>);
static_assert(std::is_same_v<member_type<&test::everything::maybe>, std::optional<int>>);

template <class Made>
std::string code_of(Made make) {
  try {
    make();
    return "";
  } catch (const invalid& error) {
    return error.list().front().code;
  }
}

TEST(types, refuse_what_is_outside_their_bounds) {
  EXPECT_EQ(code_of([] { return text<1, 3>{""}; }), "too_short");
  EXPECT_EQ(code_of([] { return text<1, 3>{"€€€€"}; }), "too_long");
  EXPECT_EQ(code_of([] { return text<1, 3>{"\xff"}; }), "bad_utf8");
  EXPECT_EQ(code_of([] { return text<1, 3>{"€€€"}; }), "");
  EXPECT_EQ(code_of([] { return bounded<int, 1, 7>{0}; }), "too_small");
  EXPECT_EQ(code_of([] { return bounded<int, 1, 7>{8}; }), "too_large");
  EXPECT_EQ(code_of([] { return bounded<double, 0.0, 1.0>{std::numeric_limits<double>::quiet_NaN()}; }), "too_large");
  EXPECT_EQ(code_of([] { return list<int, 1, 2>{std::vector<int>{}}; }), "too_short");
  EXPECT_EQ(code_of([] { return list<int, 1, 2>{1, 2, 3}; }), "too_long");
  EXPECT_EQ(code_of([] { return email{"nobody"}; }), "bad_format");
  EXPECT_EQ(code_of([] { return email{"k"}; }), "bad_format");
  EXPECT_EQ(code_of([] { return email{""}; }), "bad_format");
  EXPECT_EQ(code_of([] { return hex<2>{"0g"}; }), "bad_format");
  EXPECT_EQ(code_of([] { return any_json{"{"}; }), "syntax");
  EXPECT_EQ(code_of([] { return any_json{R"({"a":1,"a":2})"}; }), "duplicate_key");
}

TEST(types, a_default_made_bounded_is_zero_or_the_nearest_bound) {
  EXPECT_EQ((bounded<int, -3, 7>{}), 0);
  EXPECT_EQ((bounded<int, 2, 7>{}), 2);
  EXPECT_EQ((bounded<int, -7, -2>{}), -2);
}

TEST(types, read_as_what_they_hold) {
  const text<1, 9> name = "rosa";
  const std::string& held = name;
  const std::string_view view = name;
  EXPECT_EQ(held, view);
  EXPECT_TRUE(name == "rosa" && "rosa" == name && name == std::string{"rosa"} && name != "other");
  EXPECT_LT((text<1, 9>{"a"}), name);
  const int day = bounded<int, 1, 7>{3};
  EXPECT_EQ(day, 3);
  const list<int, 0, 3> few{1, 2};
  const std::vector<int>& all = few;
  EXPECT_EQ(all.size(), 2u);
  const encrypted<double> weight = 70.5;
  EXPECT_EQ(weight + 1, 71.5);
  EXPECT_EQ((std::unordered_set<text<1, 9>>{name, name}.size()), 1u);
}

TEST(types, emails) {
  for (const std::string_view good :
       {"a@b.de", "A.B+c_d@sub.example-host.org", "x'y@example.co", "1@xn--bcher-kva.example"}) {
    EXPECT_NO_THROW(email{good}) << good;
  }
  for (const std::string_view bad :
       {"a@b", "@b.de", "a@", "a@@b.de", "a@b@c.de", ".a@b.de", "a.@b.de", "a..b@c.de", "a b@c.de", "a@-b.de",
        "a@b-.de", "a@b..de", "a@.de", "a@b.de.", "a@1.2.3.4", "\"a\"@b.de", "ä@b.de", "a@b_c.de", "a@b.c"}) {
    EXPECT_THROW(email{bad}, invalid) << bad;
  }
  EXPECT_THROW(email{std::string(65, 'a') + "@b.de"}, invalid);
  EXPECT_THROW(email{"a@" + std::string(64, 'b') + ".de"}, invalid);
  EXPECT_EQ(email{"ROSA@Example.ORG"}, "rosa@example.org");
}

}  // namespace
}  // namespace nxg::schema
