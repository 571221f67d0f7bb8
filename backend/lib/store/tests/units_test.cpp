#include "contract/models.hpp"
#include "store/evaluate.hpp"
#include "store/sqlite/partial_document.hpp"
#include "store/words.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nxg::store::testing {

namespace {

using strings = std::vector<std::string>;

TEST(words, are_lower_case_once_and_sorted) {
  EXPECT_EQ(words_of("Bench-Press, bench (incline) 45\xC2\xB0"), (strings{"45\xC2\xB0", "bench", "incline", "press"}));
  EXPECT_EQ(words_of("\xC3\x84RGER"), (strings{"\xC3\xA4rger"}));
  EXPECT_TRUE(words_of(" .,! ").empty());
  EXPECT_TRUE(words_of("").empty());
}

TEST(words, are_bounded) {
  EXPECT_EQ(words_of(std::string(1'000, 'a')).front().size(), 64u);
  std::string many;
  for (int i = 0; i < 200; ++i) many += std::to_string(i) + " ";
  EXPECT_EQ(words_of(many).size(), 64u);
  std::string wide;  // two bytes a character, cut between them
  for (int i = 0; i < 33; ++i) wide += i == 0 ? "a" : "\xC3\xA4";
  EXPECT_EQ(words_of(wide).front().size(), 63u);
}

sqlite::partial_document some_of(std::string text, std::vector<std::string> keys) {
  return {std::move(text),
          [keys = std::move(keys)](std::string_view key) { return std::ranges::find(keys, key) != keys.end(); }};
}

TEST(partial_documents, change_what_was_read_and_keep_the_rest_as_it_stands) {
  const std::string text =
      R"({"id":"a","content": {"state":"mine", "list":[1, 2.50, {"x":"}\"]"}]} ,"state":"old","gone":1,"_outbox":{"n":1}})";
  auto document = some_of(text, {"id", "state", "gone", "_outbox", "absent"});
  EXPECT_EQ(document.text(), text);
  EXPECT_EQ(document.members.find("content"), nullptr);
  EXPECT_EQ(text_at(document.members, "state"), "old");
  document.members.set("state", "new");
  document.members.erase("gone");
  set_at_path(document.members, "_outbox.n", std::int64_t{2});
  document.members.set("added \"member\"", document_value{});
  EXPECT_EQ(document.json(),
            R"({"id":"a","content":{"state":"mine", "list":[1, 2.50, {"x":"}\"]"}]},"state":"new","_outbox":{"n":2},)"
            R"("added \"member\"":null})");
}

TEST(partial_documents, are_as_whole_ones_whatever_is_read) {
  const std::string text =
      R"({"id":"a","n":-1.5e3,"k\u00e9y \"q\"":[[],{}],"t":true,"none":null,"deep":{"a":{"b":[{"c":"\n"}]}},"last":"x"})";
  const auto whole = schema::document_from_json(text);
  const std::vector<std::string> keys{"id", "n", "k\xC3\xA9y \"q\"", "t", "none", "deep", "last"};
  for (unsigned chosen = 0; chosen < 1u << keys.size(); ++chosen) {
    std::vector<std::string> read;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if ((chosen >> i & 1u) != 0) read.push_back(keys[i]);
    }
    auto document = some_of(text, read);
    EXPECT_EQ(document.members.get_if<document_value::object>()->size(), read.size());
    EXPECT_EQ(schema::document_from_json(document.json()), whole);
  }
}

TEST(partial_documents, are_of_objects_alone) {
  for (const char* bad : {"", "[]", "{", R"({"a":1)", R"({"a":1}x)", R"({"a":})", R"({"a" 1})", "7"})
    EXPECT_THROW(some_of(bad, {"a"}), schema::invalid) << bad;
}

struct wrong {
  std::string id;
  std::int64_t version = 0;
  std::string shard = {};
  std::string name = {};
  std::optional<instant> until = {};
};
BOOST_DESCRIBE_STRUCT(wrong, (), (id, version, shard, name, until))
declaration<wrong> declare(tag<wrong>) {
  return {
      .name = "wrong things",
      .schema = 2,
      .shard = sharded_by<&wrong::shard>(),
      .owner = nobodys(""),
      .exported = exported_whole(),
      .erased = deleted(),
      .kept = kept_until<&wrong::until>(),
      .indexes = {index_of<wrong>("twice").on<&wrong::name>().unique(), index_of<wrong>("twice").on<&wrong::shard>(),
                  index_of<wrong>("empty"), index_of<wrong>("partial").on<&wrong::name>().where(gt<&wrong::name>("a"))},
      .events = carries<loan_opened>()};
}

TEST(declarations, tell_every_contradiction_at_once) {
  try {
    rules_of<wrong>();
    FAIL() << "it was accepted";
  } catch (const std::logic_error& why) {
    const std::string told = why.what();
    for (const char* part : {"name must be", "one lift", "nobodys needs a reason", "carries no events",
                             "must contain the shard key 'shard'", "two indexes are named 'twice'",
                             "index 'empty' has no key", "partial by eq and exists"}) {
      EXPECT_NE(told.find(part), std::string::npos) << part << " is not in: " << told;
    }
  }
}

TEST(declarations, bring_the_indexes_their_rules_need) {
  const auto rules = rules_of<loan>();
  strings names;
  for (const auto& index : rules->spec->indexes) names.push_back(index.name);
  EXPECT_NE(std::ranges::find(names, "outbox_due"), names.end());
  EXPECT_NE(std::ranges::find(names, "expires"), names.end());
  EXPECT_TRUE(rules->spec->expires.empty());  // kept_for is no expiry
  EXPECT_EQ(rules_of<ticket>()->spec->expires, "expiresAt");
  EXPECT_EQ(rules->spec->shard_key, "reader");
}

TEST(values, compare_by_number_whatever_their_type) {
  EXPECT_TRUE(same(document_value{1}, document_value{1.0}));
  EXPECT_FALSE(same(document_value{1}, document_value{"1"}));
  EXPECT_FALSE(same(document_value{true}, document_value{1}));
  EXPECT_EQ(compare(document_value{2}, document_value{1.5}), std::strong_ordering::greater);
  EXPECT_FALSE(compare(document_value{2}, document_value{"1"}));
  EXPECT_EQ(compare(document_value{"B"}, document_value{"a"}), std::strong_ordering::less);
}

TEST(values, are_set_and_unset_along_a_path) {
  document_value document{document_value::object{}};
  set_at_path(document, "a.b.c", document_value{4});
  EXPECT_EQ(integer_at(document, "a.b.c"), 4);
  unset_at_path(document, "a.b.c");
  unset_at_path(document, "x.y");
  EXPECT_FALSE(value_at_path(document, "a.b.c"));
  set_at_path(document, "n", document_value{1});
  EXPECT_THROW(set_at_path(document, "n.b", document_value{1}), error);
}

}  // namespace

}  // namespace nxg::store::testing
