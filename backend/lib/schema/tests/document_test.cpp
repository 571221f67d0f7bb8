#include "schema/document.hpp"
#include "schema/json.hpp"
#include "schema/stored_types.hpp"
#include "schema/tests/random_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nxg::schema {
namespace {

using testing::ElementsAre;

/// Turns bytes around and puts the field in front: enough to see what is sealed, and under which name.
class fake_cipher final : public cipher {
 public:
  std::string seal(std::string_view field, std::string_view plain) override {
    return std::string{field} + "\xff" + std::string{plain.rbegin(), plain.rend()};
  }
  std::optional<std::string> open(std::string_view field, std::string_view sealed) override {
    if (erased) return std::nullopt;
    const auto mark = sealed.find('\xff');
    if (mark == std::string_view::npos || sealed.substr(0, mark) != field)
      throw std::runtime_error{"sealed for another field"};
    const auto turned = sealed.substr(mark + 1);
    return std::string{turned.rbegin(), turned.rend()};
  }
  bool erased = false;
};

std::vector<std::string> problems_of(const std::function<void()>& read) {
  std::vector<std::string> list;
  try {
    read();
  } catch (const invalid& error) {
    for (const auto& found : error.list()) list.push_back(found.pointer + " " + found.code);
  }
  return list;
}

struct patient {
  std::string name;
  std::vector<encrypted<std::string>> conditions;
  std::map<std::string, encrypted<int>> figures;
  std::optional<encrypted<test::set_done>> last;
  friend bool operator==(const patient&, const patient&) = default;
};
BOOST_DESCRIBE_STRUCT(patient, (), (name, conditions, figures, last))

TEST(document, reads_back_what_was_written_as_a_tree) {
  test::random_values random{7};
  fake_cipher seals;
  for (int i = 0; i < 1000; ++i) {
    const auto value = random.all();
    ASSERT_EQ(read_document<test::everything>(to_document_value(value, &seals), &seals), value);
  }
}

TEST(document, types_that_text_lost_are_restored) {
  test::random_values random{11};
  fake_cipher seals;
  for (int i = 0; i < 1000; ++i) {
    const auto tree = to_document_value(random.all(), &seals);
    std::string text;
    json_sink sink{text};
    write_value(sink, tree);
    auto restored = document_from_json(text);
    restore_types(restored, shape_of<test::everything>());
    ASSERT_EQ(restored, tree);
    restore_types(restored, shape_of<test::everything>());
    ASSERT_EQ(restored, tree);
  }
}

TEST(document, what_is_not_as_declared_stays_as_it_is_where_types_are_restored) {
  document_value odd{document_value::object{{"id", 5}, {"unknown", "2026-01-01T00:00:00.000Z"}, {"name", true}}};
  const document_value before = odd;
  restore_types(odd, shape_of<patient>());
  EXPECT_EQ(odd, before);
}

TEST(document, reads_back_what_was_written_as_text) {
  test::random_values random{8};
  fake_cipher seals;
  for (int i = 0; i < 1000; ++i) {
    const auto value = random.all();
    std::string text;
    json_sink sink{text};
    write_document(sink, value, &seals);
    ASSERT_EQ(read_document<test::everything>(document_from_json(text), &seals), value) << text;
  }
}

TEST(document, a_tree_feeds_a_sink) {
  test::random_values random{9};
  fake_cipher seals;
  const auto tree = to_document_value(random.all(), &seals);
  value_sink sink;
  write_value(sink, tree);
  EXPECT_EQ(sink.take(), tree);
}

TEST(document, keeps_types_apart) {
  test::everything value;
  value.octets = bytes{"\x01\x02"};
  value.at = instant{std::chrono::milliseconds{5}};
  value.real = 2;
  value.mail = "a@b.de";
  fake_cipher seals;
  const auto tree = to_document_value(value, &seals);
  EXPECT_EQ(*tree.find("octets"), document_value{document_value::binary{"\x01\x02"}});
  EXPECT_EQ(*tree.find("at"), document_value{value.at});
  EXPECT_EQ(*tree.find("real"), document_value{2.0});
  EXPECT_NE(*tree.find("real"), document_value{2});
  EXPECT_EQ(*tree.find("whole"), document_value{0});
  EXPECT_EQ(*tree.find("how"), document_value{"beginner"});
  EXPECT_EQ(*tree.find("day"), document_value{"2000-01-01"});
  EXPECT_EQ(*tree.find("id"), document_value{"00000000-0000-0000-0000-000000000000"});
  EXPECT_EQ(tree.find("maybe"), nullptr);
  EXPECT_EQ(*tree.at_path("one.number"), document_value{1});
  EXPECT_EQ(tree.at_path("one.number.more"), nullptr);
}

TEST(document, fields_can_stand_beside_those_of_an_engine) {
  std::string text;
  json_sink sink{text};
  sink.begin_object();
  sink.key("_events");
  sink.begin_array();
  sink.end_array();
  write_fields(sink, test::set_done{.number = 2, .speed_kmh = {}});
  sink.key("_v");
  sink.integer(3);
  sink.end_object();
  EXPECT_EQ(text, R"({"_events":[],"number":2,"_v":3})");
}

TEST(document, what_is_encrypted_is_sealed_under_its_path_and_nowhere_else) {
  fake_cipher seals;
  const patient value{.name = "rosa",
                      .conditions = {encrypted<std::string>{"asthma"}},
                      .figures = {{"a.b", encrypted<int>{7}}},
                      .last = encrypted{test::set_done{.number = 9, .speed_kmh = {}}}};
  const auto tree = to_document_value(value, &seals);
  const auto* const conditions = tree.find("conditions")->get_if<document_value::array>();
  EXPECT_EQ(conditions->front(), (document_value{document_value::binary{"conditions\xff\"amhtsa\""}}));
  EXPECT_EQ(*tree.find("figures")->find("a.b"), (document_value{document_value::binary{"figures.a.b\xff"
                                                                                       "7"}}));
  EXPECT_EQ(read_document<patient>(tree, &seals), value);
  EXPECT_EQ(to_json(value), R"({"name":"rosa","conditions":["asthma"],"figures":{"a.b":7},"last":{"number":9}})");
}

TEST(document, sealing_one_value_for_an_update_names_its_path) {
  fake_cipher seals;
  const auto sealed = to_document_value(encrypted<double>{1.5}, &seals, stored_path_of<&test::everything::weight_kg>());
  EXPECT_EQ(sealed, (document_value{document_value::binary{"weightKg\xff"
                                                           "5.1"}}));
}

TEST(document, without_a_cipher_nothing_is_sealed_or_opened) {
  fake_cipher seals;
  const patient value{.name = "rosa", .conditions = {encrypted<std::string>{"x"}}, .figures = {}, .last = {}};
  EXPECT_THROW(to_document_value(value), std::logic_error);
  EXPECT_THROW((void)read_document<patient>(to_document_value(value, &seals)), std::logic_error);
}

TEST(document, a_value_sealed_elsewhere_does_not_open) {
  fake_cipher seals;
  auto tree = to_document_value(
      patient{.name = "", .conditions = {encrypted<std::string>{"x"}}, .figures = {}, .last = {}}, &seals);
  tree.set("last", tree.find("conditions")->get_if<document_value::array>()->front());
  EXPECT_THROW((void)read_document<patient>(tree, &seals), std::runtime_error);
}

TEST(document, erased_keys_leave_defaults) {
  fake_cipher seals;
  test::everything value;
  value.mail = "a@b.de";
  value.weight_kg = 80.0;
  const auto tree = to_document_value(value, &seals);
  seals.erased = true;
  EXPECT_EQ(read_document<test::everything>(tree, &seals).weight_kg, 0.0);
}

TEST(document, reading_is_tolerant) {
  const document_value stored = document_value::object{{"number", 5000},  // outside today's bounds
                                                       {"from_a_newer_version", document_value::array{1, 2}},
                                                       {"speedKmh", 3}};
  EXPECT_EQ(read_document<test::set_done>(stored).speed_kmh, 3.0);
  EXPECT_EQ(read_document<test::set_done>(stored).number.value(), 5000);
  EXPECT_EQ(read_document<test::sign_up>(document_value::object{{"class", nullptr}}).class_, 3);
  EXPECT_EQ(read_document<test::weather>(document_value{"hail"}), test::weather::unknown);
  EXPECT_EQ(read_document<instant>(document_value{5}), instant{std::chrono::milliseconds{5}});
  EXPECT_EQ(read_document<std::int64_t>(document_value{5.0}), 5);
  EXPECT_EQ(read_document<bytes>(document_value{"-_8"}).value(), "\xfb\xff");
  EXPECT_EQ(read_document<std::optional<int>>(document_value{}), std::nullopt);
}

TEST(document, what_cannot_be_read_is_named) {
  const document_value stored = document_value::object{
      {"tiny", 300},  {"how", "expert"}, {"sets", document_value::array{document_value::object{{"number", "x"}}}},
      {"by_name", 1}, {"byName", 1},     {"whole", 1.5},
      {"id", "no"},   {"at", true},      {"octets", 1},
      {"flag", 0},    {"one", "x"}};
  EXPECT_THAT(problems_of([&] { (void)read_document<test::everything>(stored); }),
              ElementsAre("/tiny too_large", "/how not_one_of", "/sets/0/number wrong_type", "/byName wrong_type",
                          "/whole wrong_type", "/id bad_format", "/at wrong_type", "/octets wrong_type",
                          "/flag wrong_type", "/one wrong_type"));
}

TEST(document, refuses_to_store_what_stores_cannot_carry) {
  EXPECT_THROW(to_document_value(std::string{"\xff"}), unwritable);
  EXPECT_THROW(to_document_value(std::map<std::string, int>{{"\xff", 1}}), unwritable);
  EXPECT_THROW(to_document_value(std::numeric_limits<double>::infinity()), unwritable);
  EXPECT_THROW(to_document_value(instant::max()), unwritable);
  EXPECT_THROW(to_document_value(std::uint64_t{1} << 54), unwritable);
}

TEST(document, text_keeps_integers_and_numbers_apart) {
  const document_value tree = document_value::array{5, 5.0, -0.0, 0, 1e20, -2.5, std::int64_t{1} << 53};
  std::string text;
  json_sink sink{text};
  write_value(sink, tree);
  EXPECT_EQ(text, "[5,5.0,-0.0,0,1e+20,-2.5,9007199254740992]");
  EXPECT_EQ(document_from_json(text), tree);
}

TEST(document, trees_can_be_changed) {
  document_value tree;
  tree.set("a", 1);
  tree.set("a", "x");
  tree.set("b", document_value::object{}).set("c", true);
  EXPECT_EQ(tree, (document_value{document_value::object{{"a", "x"}, {"b", document_value::object{{"c", true}}}}}));
  EXPECT_TRUE(tree.erase("a"));
  EXPECT_FALSE(tree.erase("a"));
  EXPECT_THROW(document_value{1}.set("a", 1), std::logic_error);
}

TEST(document, from_json_refuses_what_is_no_document) {
  EXPECT_THAT(problems_of([] { (void)document_from_json("{\"a\":1,\"b\":2,\"a\":3}"); }),
              ElementsAre(" duplicate_key"));
  EXPECT_THAT(problems_of([] { (void)document_from_json("[1,]"); }), ElementsAre(" syntax"));
  EXPECT_THAT(problems_of([] { (void)document_from_json(std::string(65, '[') + std::string(65, ']')); }),
              ElementsAre(" too_deep"));
  EXPECT_EQ(document_from_json("[1,1.0,9223372036854775808,\"x\",null,true,{}]"),
            (document_value{
                document_value::array{1, 1.0, 9223372036854775808.0, "x", nullptr, true, document_value::object{}}}));
}

}  // namespace
}  // namespace nxg::schema
