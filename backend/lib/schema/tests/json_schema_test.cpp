#include "schema/json_schema.hpp"
#include "schema/document.hpp"
#include "schema/tests/samples.hpp"

#include <gtest/gtest.h>

namespace nxg::schema {

namespace other {
struct set_done {
  int x = 0;
};
BOOST_DESCRIBE_STRUCT(set_done, (), (x))
}  // namespace other

namespace {

struct set_done {
  int y = 0;
};
BOOST_DESCRIBE_STRUCT(set_done, (), (y))

struct named {
  test::level how{};
  static constexpr std::string_view schema_name = "AnotherName";
};
BOOST_DESCRIBE_STRUCT(named, (), (how))

struct query {
  bounded<int, 1, 100> limit = 20;
  std::optional<test::level> how;
  uuid if_match;
  static constexpr std::string_view optional_fields[] = {"limit"};
  static constexpr note descriptions[] = {{"limit", "At most so many"}};
};
BOOST_DESCRIBE_STRUCT(query, (), (limit, how, if_match))

/// As a tree, so that only content counts.
document_value at(const document_value& tree, std::initializer_list<std::string_view> keys) {
  const document_value* here = &tree;
  for (const auto key : keys) here = here == nullptr ? nullptr : here->find(key);
  return here == nullptr ? document_value{"(nothing)"} : *here;
}

template <class T>
document_value schema_tree(components::use how = components::use::output) {
  return document_from_json(json_schema<T>(how));
}

TEST(json_schema, scalars) {
  EXPECT_EQ(json_schema<bool>(), R"({"type":"boolean"})");
  EXPECT_EQ(json_schema<int>(), R"({"type":"integer","format":"int32"})");
  EXPECT_EQ(json_schema<std::int64_t>(), R"({"type":"integer","format":"int64"})");
  EXPECT_EQ(json_schema<std::uint32_t>(), R"({"type":"integer","format":"int64","minimum":0})");
  EXPECT_EQ(json_schema<std::int8_t>(), R"({"type":"integer","format":"int32","minimum":-128,"maximum":127})");
  EXPECT_EQ((json_schema<bounded<int, 1, 7>>()), R"({"type":"integer","format":"int32","minimum":1,"maximum":7})");
  EXPECT_EQ((json_schema<bounded<double, -0.5, 30.0>>()),
            R"({"type":"number","format":"double","minimum":-0.5,"maximum":30})");
  EXPECT_EQ(json_schema<double>(), R"({"type":"number","format":"double"})");
  EXPECT_EQ((json_schema<text<1, 80>>()), R"({"type":"string","minLength":1,"maxLength":80})");
  EXPECT_EQ(json_schema<std::string>(), R"({"type":"string"})");
  EXPECT_EQ(json_schema<email>(), R"({"type":"string","format":"email","maxLength":254})");
  EXPECT_EQ(json_schema<uuid>(), R"({"type":"string","format":"uuid"})");
  EXPECT_EQ(json_schema<instant>(), R"({"type":"string","format":"date-time"})");
  EXPECT_EQ(json_schema<local_date>(), R"({"type":"string","format":"date"})");
  EXPECT_EQ(json_schema<bytes>(), R"({"type":"string","contentEncoding":"base64url"})");
  EXPECT_EQ(json_schema<any_json>(), "{}");
  EXPECT_EQ(json_schema<encrypted<double>>(), json_schema<double>());
  EXPECT_EQ((json_schema<list<int, 1, 3>>()),
            R"({"type":"array","items":{"type":"integer","format":"int32"},"minItems":1,"maxItems":3})");
  EXPECT_EQ((json_schema<std::map<std::string, bool>>()),
            R"({"type":"object","additionalProperties":{"type":"boolean"}})");
}

TEST(json_schema, a_struct) {
  EXPECT_EQ(schema_tree<test::sign_up>(components::use::input),
            document_from_json(R"({"$ref":"#/$defs/SignUp","$defs":{"SignUp":{
    "type":"object","description":"What it takes to join",
    "properties":{
      "userName":{"type":"string","minLength":3,"maxLength":20,"description":"How others see the member"},
      "password":{"type":"string","minLength":8,"maxLength":64},
      "confirmPassword":{"type":"string","minLength":8,"maxLength":64},
      "class":{"type":"integer","format":"int32","description":"Of \"membership\"","default":3}},
    "required":["userName","password","confirmPassword"],
    "additionalProperties":false}}})"));
}

TEST(json_schema, an_enum_is_a_component) {
  EXPECT_EQ(
      schema_tree<test::level>(),
      document_from_json(
          R"({"$ref":"#/$defs/Level","$defs":{"Level":{"type":"string","enum":["beginner","advanced","double"]}}})"));
}

TEST(json_schema, recursive_structs_end) {
  EXPECT_EQ(at(schema_tree<test::tree>(), {"$defs", "Tree", "properties", "children", "items", "$ref"}),
            document_value{"#/$defs/Tree"});
}

TEST(json_schema, only_input_is_closed_with_all_it_contains) {
  components all;
  (void)all.schema_of<test::party>(components::use::output);
  (void)all.schema_of<test::everything>();
  EXPECT_EQ(all.schema_of<std::vector<test::party>>(components::use::input),
            R"({"type":"array","items":{"$ref":"#/components/schemas/Party"}})");
  const auto tree = document_from_json(all.to_json());
  EXPECT_EQ(at(tree, {"Party", "additionalProperties"}), document_value{false});
  EXPECT_EQ(at(tree, {"SignUp", "additionalProperties"}), document_value{false});
  EXPECT_EQ(at(tree, {"Everything", "additionalProperties"}), document_value{"(nothing)"});
  EXPECT_EQ(at(tree, {"Everything", "properties", "condition", "maxLength"}), document_value{20});
}

TEST(json_schema, two_types_never_share_a_name) {
  components all;
  EXPECT_EQ(all.schema_of<test::set_done>(), R"({"$ref":"#/components/schemas/SetDone"})");
  EXPECT_EQ(all.schema_of<other::set_done>(), R"({"$ref":"#/components/schemas/OtherSetDone"})");
  EXPECT_EQ(all.schema_of<set_done>(), R"({"$ref":"#/components/schemas/AnonymousSetDone"})");
  EXPECT_EQ(all.schema_of<test::set_done>(), R"({"$ref":"#/components/schemas/SetDone"})");
  EXPECT_EQ(all.schema_of<named>(), R"({"$ref":"#/components/schemas/AnotherName"})");
}

TEST(json_schema, parameters) {
  components all;
  const auto list = all.parameters_of<query>();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].key, "limit");
  EXPECT_EQ(list[0].description, "At most so many");
  EXPECT_FALSE(list[0].required);
  EXPECT_EQ(list[0].schema, R"({"type":"integer","format":"int32","minimum":1,"maximum":100,"default":20})");
  EXPECT_EQ(list[1].schema, R"({"$ref":"#/components/schemas/Level"})");
  EXPECT_FALSE(list[1].required);
  EXPECT_EQ(list[2].header_name, "If-Match");
  EXPECT_TRUE(list[2].required);
}

}  // namespace
}  // namespace nxg::schema
