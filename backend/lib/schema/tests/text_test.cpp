#include "schema/text.hpp"
#include "schema/problems.hpp"
#include "schema/tests/random_values.hpp"

#include <gtest/gtest.h>

namespace nxg::schema {
namespace {

using std::chrono::milliseconds;

instant at(std::int64_t ms) { return instant{milliseconds{ms}}; }

TEST(utf8, tells_well_formed_from_malformed) {
  for (const std::string_view good :
       {"", "plain ascii longer than eight", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const std::string_view bad :
       {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xe0\xa0", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "eight ok\xff",
        "\xe2\x28\xa1", "\xf0\x90\x28\xbc"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_TRUE(is_utf8(replace_bad_utf8(bad)));
  }
}

TEST(utf8, counts_code_points) {
  EXPECT_EQ(count_code_points("aé€😀"), 4u);
  EXPECT_EQ(count_code_points(""), 0u);
}

TEST(utf8, replaces_byte_by_byte) {
  EXPECT_EQ(replace_bad_utf8("é\xff\xe2\x82z"), "é\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
}

TEST(rfc3339, reads_every_spelling_of_a_moment) {
  for (const std::string_view text :
       {"2023-11-14T22:13:20.007Z", "2023-11-14t22:13:20.007z", "2023-11-14 22:13:20.007Z",
        "2023-11-15T00:13:20.007+02:00", "2023-11-14T16:43:20.007-05:30", "2023-11-14T22:13:20.007999999Z",
        "2023-11-14T22:13:20.007-00:00"}) {
    EXPECT_EQ(parse_rfc3339(text), at(1'700'000'000'007)) << text;
  }
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20.5Z"), at(1'700'000'000'500));
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20Z"), at(1'700'000'000'000));
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), at(1'709'164'800'000));
}

TEST(rfc3339, refuses_everything_else) {
  for (const std::string_view text : {"",
                                      "2023-11-14",
                                      "2023-11-14T22:13:20",
                                      "2023-11-14T22:13Z",
                                      "2023-11-14T22:13:20.Z",
                                      "2023-11-14T22:13:20.0123456789Z",
                                      "2023-11-14T22:13:60Z",
                                      "2023-11-14T24:00:00Z",
                                      "2023-11-14T22:60:00Z",
                                      "2023-02-29T00:00:00Z",
                                      "2023-13-01T00:00:00Z",
                                      "2023-00-01T00:00:00Z",
                                      "2023-01-00T00:00:00Z",
                                      "2023-11-14T22:13:20+24:00",
                                      "2023-11-14T22:13:20+0200",
                                      "2023-11-14T22:13:20+02:60",
                                      "2023-11-14T22:13:20Z ",
                                      " 2023-11-14T22:13:20Z",
                                      "+2023-11-14T22:13:20Z",
                                      "2023-1-14T22:13:20Z",
                                      "2023-11-14T22:13:20,5Z",
                                      "2023-11-14T22:13:20ZZ",
                                      "0000-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01",
                                      "2023-11-14X22:13:20Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(rfc3339, reads_what_it_writes) {
  EXPECT_EQ(to_rfc3339(at(-62'167'219'200'000)), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(at(253'402'300'799'999)), "9999-12-31T23:59:59.999Z");
  EXPECT_THROW(to_rfc3339(at(-62'167'219'200'001)), unwritable);
  test::random_values random{5};
  for (int i = 0; i < 5000; ++i) {
    const auto when = random.time();
    ASSERT_EQ(parse_rfc3339(to_rfc3339(when)), when);
  }
}

TEST(iso_date, only_dates_that_exist) {
  using namespace std::chrono;
  EXPECT_EQ(parse_iso_date("2024-02-29"), year{2024} / 2 / 29);
  EXPECT_EQ(to_iso_date(year{7} / 1 / 2), "0007-01-02");
  for (const std::string_view text :
       {"", "2023-02-29", "2024-2-29", "2024-02-29T", "24-02-29", "2024/02/29", "2024-02-3x"}) {
    EXPECT_EQ(parse_iso_date(text), std::nullopt) << text;
  }
}

TEST(base64url, rfc_4648_vectors) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64url(plain), coded);
    EXPECT_EQ(parse_base64url(coded), plain);
  }
}

TEST(base64url, one_spelling_per_value) {
  for (const std::string_view text : {"Z", "Zg==", "Zh", "Zm9=", "Zm+v", "Zm/v", "Zm 9v", "Zm9vYh"}) {
    EXPECT_EQ(parse_base64url(text), std::nullopt) << text;
  }
  test::random_values random{6};
  for (int i = 0; i < 2000; ++i) {
    const auto octets = random.octets(50);
    ASSERT_EQ(parse_base64url(to_base64url(octets)), octets);
  }
}

}  // namespace
}  // namespace nxg::schema
