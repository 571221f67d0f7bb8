#include "schema/json.hpp"
#include "schema/tests/samples.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace nxg::schema {
namespace {

using test::set_done;

TEST(json_write, names_are_camel_case_in_the_order_of_the_struct) {
  test::sign_up guest{.user_name = "rosa", .password = "12345678", .confirm_password = "12345678", .class_ = 4};
  EXPECT_EQ(to_json(guest), R"({"userName":"rosa","password":"12345678","confirmPassword":"12345678","class":4})");
}

TEST(json_write, leaves_out_empty_optionals) {
  EXPECT_EQ(to_json(set_done{.number = 3, .speed_kmh = {}}), R"({"number":3})");
  EXPECT_EQ(to_json(set_done{.number = 3, .speed_kmh = 7.5}), R"({"number":3,"speedKmh":7.5})");
  EXPECT_EQ(to_json(std::optional<int>{}), "null");
}

TEST(json_write, a_first_member_left_out_leaves_no_comma) {
  test::everything value;
  value.mail = "a@b.de";
  const auto text = to_json(value);
  EXPECT_EQ(text.substr(0, 16), R"({"flag":false,"t)");
  EXPECT_EQ(text.find(",,"), std::string::npos);
  EXPECT_EQ(to_json(test::nothing{}), "{}");
}

TEST(json_write, numbers_are_shortest_and_integers_exact) {
  EXPECT_EQ(to_json(0.1), "0.1");
  EXPECT_EQ(to_json(1e21), "1e+21");
  EXPECT_EQ(to_json(5.0), "5");
  EXPECT_EQ(to_json(5e-324), "5e-324");
  EXPECT_EQ(to_json(0.1f), "0.1");
  EXPECT_EQ(to_json(std::int64_t{9007199254740992}), "9007199254740992");
  EXPECT_EQ(to_json(std::int64_t{-9007199254740992}), "-9007199254740992");
}

TEST(json_write, refuses_what_json_cannot_carry) {
  EXPECT_THROW(to_json(std::numeric_limits<double>::quiet_NaN()), unwritable);
  EXPECT_THROW(to_json(-std::numeric_limits<double>::infinity()), unwritable);
  EXPECT_THROW(to_json(std::int64_t{9007199254740993}), unwritable);
  EXPECT_THROW(to_json(std::numeric_limits<std::uint64_t>::max()), unwritable);
  EXPECT_THROW(to_json(static_cast<test::level>(17)), unwritable);
  EXPECT_THROW(to_json(instant{std::chrono::milliseconds{253'402'300'800'000}}), unwritable);
  EXPECT_THROW(to_json(instant::max()), unwritable);
  EXPECT_THROW(to_json(instant::min()), unwritable);
  EXPECT_THROW(to_json(local_date{}), unwritable);
}

TEST(json_write, escapes_strings) {
  EXPECT_EQ(to_json(std::string{"a\"b\\c/d\b\f\n\r\t\x01\x1f\x7f"
                                "€"}),
            "\"a\\\"b\\\\c/d\\b\\f\\n\\r\\t\\u0001\\u001f\x7f€\"");
  EXPECT_EQ(to_json(std::string("\0", 1)), R"("\u0000")");
}

TEST(json_write, puts_a_replacement_character_for_bytes_that_are_no_utf8) {
  EXPECT_EQ(to_json(std::string{"a\xff"
                                "b\xc3"}),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\"");
}

TEST(json_write, values_of_every_kind) {
  EXPECT_EQ(to_json(true), "true");
  EXPECT_EQ(to_json(*uuid::parse("018BCFE5-6800-7000-8000-000000000001")), R"("018bcfe5-6800-7000-8000-000000000001")");
  EXPECT_EQ(to_json(instant{std::chrono::milliseconds{1'700'000'000'007}}), R"("2023-11-14T22:13:20.007Z")");
  EXPECT_EQ(to_json(instant{std::chrono::milliseconds{-1}}), R"("1969-12-31T23:59:59.999Z")");
  EXPECT_EQ(to_json(local_date{std::chrono::year{2024} / 2 / 29}), R"("2024-02-29")");
  EXPECT_EQ(to_json(bytes{"\xfb\xff"}), R"("-_8")");
  EXPECT_EQ(to_json(any_json{R"({"a":1})"}), R"({"a":1})");
  EXPECT_EQ(to_json(test::level::double_), R"("double")");
  EXPECT_EQ(to_json(test::weather::sunny), R"("sunny")");
  EXPECT_EQ(to_json(std::vector<std::vector<int>>{{1, 2}, {}}), "[[1,2],[]]");
  EXPECT_EQ(to_json(std::map<std::string, bool>{{"b\"", true}, {"a", false}}), R"({"a":false,"b\"":true})");
  EXPECT_EQ(to_json(encrypted<double>{2.5}), "2.5");
}

TEST(json_write, inherited_members_come_first) {
  test::derived value;
  value.first = 1;
  value.second = 2;
  EXPECT_EQ(to_json(value), R"({"first":1,"second":2})");
}

}  // namespace
}  // namespace nxg::schema
