#pragma once

#include "schema/reflection.hpp"

/// Structs that use all of the library, for its tests.
namespace nxg::schema::test {

enum class level { beginner, advanced, double_ };
BOOST_DESCRIBE_ENUM(level, beginner, advanced, double_)

enum class weather : std::uint8_t { unknown = 7, sunny = 200 };
BOOST_DESCRIBE_ENUM(weather, unknown, sunny)

struct set_done {
  bounded<int, 1, 99> number;
  std::optional<double> speed_kmh;
  friend bool operator==(const set_done&, const set_done&) = default;
};
BOOST_DESCRIBE_STRUCT(set_done, (), (number, speed_kmh))

/// One member of every supported kind.
struct everything {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint16_t small = 0;
  int whole = 0;
  std::int64_t large = 0;
  std::uint64_t larger = 0;
  float single = 0;
  double real = 0;
  bounded<int, 1, 7> day_of_week;
  bounded<double, -0.5, 30.0> speed_kmh;
  std::string free_text;
  text<1, 5> short_text;
  email mail;
  hex<4> code;
  uuid id;
  instant at;
  local_date day{std::chrono::year{2000}, std::chrono::month{1}, std::chrono::day{1}};
  bytes octets;
  any_json anything;
  level how = level::beginner;
  weather sky = weather::unknown;
  std::optional<int> maybe;
  std::vector<set_done> sets;
  list<double, 0, 3> few;
  std::map<std::string, set_done> by_name;
  set_done one;
  encrypted<double> weight_kg;
  std::optional<encrypted<text<1, 20>>> condition;
  friend bool operator==(const everything&, const everything&) = default;
};
BOOST_DESCRIBE_STRUCT(everything, (),
                      (flag, tiny, small, whole, large, larger, single, real, day_of_week, speed_kmh, free_text,
                       short_text, mail, code, id, at, day, octets, anything, how, sky, maybe, sets, few, by_name, one,
                       weight_kg, condition))

struct sign_up {
  text<3, 20> user_name;
  text<8, 64> password;
  text<8, 64> confirm_password;
  int class_ = 3;
  static constexpr std::string_view optional_fields[] = {"class_"};
  static constexpr note descriptions[] = {{"user_name", "How others see the member"}, {"class_", "Of \"membership\""}};
  static constexpr std::string_view description = "What it takes to join";
  static void check(const sign_up& self, problems& found);
};
BOOST_DESCRIBE_STRUCT(sign_up, (), (user_name, password, confirm_password, class_))

inline void sign_up::check(const sign_up& self, problems& found) {
  if (self.password != self.confirm_password)
    found.add_at(pointer_of<&sign_up::confirm_password>(), "mismatch", "must equal password",
                 {pointer_of<&sign_up::password>()});
}

struct party {
  std::vector<sign_up> guests;
};
BOOST_DESCRIBE_STRUCT(party, (), (guests))

struct tree {
  int value = 0;
  std::vector<tree> children;
  friend bool operator==(const tree&, const tree&) = default;
};
BOOST_DESCRIBE_STRUCT(tree, (), (value, children))

struct base {
  int first = 0;
};
BOOST_DESCRIBE_STRUCT(base, (), (first))
struct derived : base {
  int second = 0;
};
BOOST_DESCRIBE_STRUCT(derived, (base), (second))

struct nothing {};
BOOST_DESCRIBE_STRUCT(nothing, (), ())

}  // namespace nxg::schema::test
