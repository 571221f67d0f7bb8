#include "store/sqlite/members.hpp"

#include <sqlite3.h>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::store::sqlite {
namespace {

using handle = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

handle open(const std::string& file = ":memory:") {
  sqlite3* made = nullptr;
  sqlite3_open(file.c_str(), &made);
  return {made, &sqlite3_close};
}

handle open_quick(const std::string& file = ":memory:") {
  auto made = open(file);
  find_members_quickly(made.get());
  return made;
}

/// The first column of the first row and its type.
std::string first_of(const handle& on, const std::string& sql, const std::vector<std::string>& values = {}) {
  sqlite3_stmt* query = nullptr;
  sqlite3_prepare_v2(on.get(), sql.c_str(), -1, &query, nullptr);
  for (std::size_t i = 0; i < values.size(); ++i)
    sqlite3_bind_text(query, static_cast<int>(i) + 1, values[i].c_str(), -1, SQLITE_STATIC);
  std::string found;
  if (sqlite3_step(query) == SQLITE_ROW) {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(query, 0));
    found = std::to_string(sqlite3_column_type(query, 0)) + ' ' + (text != nullptr ? text : "");
  } else {
    found = sqlite3_errmsg(on.get());
  }
  sqlite3_finalize(query);
  return found;
}

/// Values of every kind, nested, and strings that hold what looks like JSON.
class document_maker {
 public:
  explicit document_maker(unsigned seed) : random_{seed} {}

  std::string object(int depth = 0) {
    std::string text = "{";
    for (auto left = below(5); left > 0; --left) {
      if (text.size() > 1) text += ',';
      text += '"' + std::string{names[below(names.size())]} + "\":" + value(depth + 1);
    }
    return text + '}';
  }
  std::string path() {
    std::string text = "$";
    for (auto left = 1 + below(3); left > 0; --left) text += ".\"" + std::string{names[below(names.size())]} + '"';
    return text;
  }

 private:
  static constexpr std::array<std::string_view, 5> names{"a", "b", "ab", "", "\xc3\xa4"};
  static constexpr std::array<std::string_view, 22> scalars{"0",
                                                            "-1",
                                                            "12345678901234567",
                                                            "999999999999999999",
                                                            "9223372036854775807",
                                                            "-9223372036854775808",
                                                            "1.5",
                                                            "-0",
                                                            "-0.0",
                                                            "1e3",
                                                            "18446744073709551615",
                                                            "true",
                                                            "false",
                                                            "null",
                                                            R"("")",
                                                            R"("2026-01-31")",
                                                            R"("a\"b")",
                                                            R"("\\")",
                                                            R"("},")",
                                                            R"("\u00e4")",
                                                            R"(",\"a\":1")",
                                                            R"("[{")"};

  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string value(int depth) {
    const auto kind = below(depth > 3 ? 4 : 7);
    if (kind < 4) return std::string{scalars[below(scalars.size())]};
    if (kind < 6) return object(depth);
    return '[' + value(depth + 1) + ',' + value(depth + 1) + ']';
  }

  std::mt19937 random_;
};

TEST(sqlite_members, are_what_sqlite_finds) {
  const auto quick = open_quick();
  const auto slow = open();
  document_maker make{5};
  for (int i = 0; i < 20'000; ++i) {
    const auto document = make.object();
    const auto path = make.path();
    for (const std::string operation : {"->>", "->"}) {
      const auto sql = "SELECT ?1 " + operation + " ?2";
      EXPECT_EQ(first_of(quick, sql, {document, path}), first_of(slow, sql, {document, path}))
          << document << ' ' << operation << ' ' << path;
    }
  }
}

TEST(sqlite_members, are_still_json_for_other_functions) {
  const auto quick = open_quick();
  EXPECT_EQ(first_of(quick, R"(SELECT json_array('{"a":{"b":[1,2]}}' -> '$."a"."b"', '{"a":"x"}' -> '$."a"'))"),
            R"(3 [[1,2],"x"])");
}

TEST(sqlite_members, are_known_to_be_lacking) {
  EXPECT_TRUE(surely_lacks(R"({"a":"\"b\":1","c":{"b":1}})", "b"));
  EXPECT_TRUE(surely_lacks("{}", "b"));
  EXPECT_FALSE(surely_lacks(R"({"a":[{}],"b":null})", "b"));
  EXPECT_FALSE(surely_lacks(R"({"\u0062":1})", "b"));
  EXPECT_FALSE(surely_lacks("", "b"));
}

TEST(sqlite_members, are_left_to_sqlite_where_they_are_not_written_as_ours) {
  const auto quick = open_quick();
  const auto slow = open();
  for (const std::string sql :
       {R"(SELECT '{ "a" : 1 }' ->> '$."a"')", R"(SELECT '{"a":[1,2]}' ->> '$.a[1]')", R"(SELECT '{"a":1}' ->> 'a')",
        R"(SELECT '[1,2]' ->> 1)", R"(SELECT NULL ->> '$."a"')", R"(SELECT '{"a":1}' ->> NULL)", R"(SELECT 5 ->> '$')",
        R"(SELECT 'no json' ->> '$."a"')", R"(SELECT '{"a":1}' ->> '$."')", R"(SELECT '' ->> '$."a"')",
        R"(SELECT '{"a":{"b":2}}' ->> '$."a"')", R"(SELECT '5' ->> '$."a"')"}) {
    EXPECT_EQ(first_of(quick, sql), first_of(slow, sql)) << sql;
  }
}

}  // namespace
}  // namespace nxg::store::sqlite
