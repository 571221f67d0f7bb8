#include "objects/tests/contract/suite.hpp"

#include <algorithm>
#include <random>

namespace nxg::objects::testing {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::string octets(std::size_t count, unsigned seed) {
  std::minstd_rand source{seed};
  std::string all(count, '\0');
  for (char& c : all) c = static_cast<char>(source() >> 8U);
  return all;
}

TEST_P(objects_contract, what_is_put_is_read) {
  std::string content = octets(100'000);
  put_options how{.content_type = "image/jpeg", .cache_control = "private, max-age=60"};
  how.metadata = {{"of", "a  test"}, {"width-2", "1024"}};
  const auto made = get(store().put("members/1/meal.jpg", content, how));
  EXPECT_EQ(made.size, content.size());
  const auto read = get(store().get("members/1/meal.jpg"));
  EXPECT_EQ(read.content, content);
  for (const auto& info : {read.info, get(store().head("members/1/meal.jpg"))}) {
    EXPECT_EQ(info.key, "members/1/meal.jpg");
    EXPECT_EQ(info.size, content.size());
    EXPECT_EQ(info.etag, made.etag);
    EXPECT_EQ(info.content_type, "image/jpeg");
    EXPECT_EQ(info.cache_control, "private, max-age=60");
    EXPECT_EQ(info.metadata.at("width-2"), "1024");
    EXPECT_LT(std::chrono::abs(time_.now() - info.modified), std::chrono::seconds{60});
  }
}

TEST_P(objects_contract, what_is_put_replaces_all_that_was_there) {
  put_options how{.content_type = "text/plain"};
  how.metadata = {{"first", "1"}};
  const auto first = get(store().put("k", "one, and rather long", how));
  const auto second = put("k", "two");
  EXPECT_NE(first.etag, second.etag);
  const auto read = get(store().get("k"));
  EXPECT_EQ(read.content, "two");
  EXPECT_EQ(read.info.content_type, "application/octet-stream");
  EXPECT_THAT(read.info.metadata, IsEmpty());
}

TEST_P(objects_contract, the_same_content_has_the_same_etag) {
  EXPECT_EQ(put("a", "same").etag, put("b", "same").etag);
}

TEST_P(objects_contract, an_object_may_be_empty) {
  EXPECT_EQ(put("empty", "").size, 0u);
  EXPECT_EQ(content_of("empty"), "");
  EXPECT_EQ(get(store().head("empty")).size, 0u);
  get_options some{.range = byte_range{0, 1}};
  EXPECT_EQ(failure_of([&] { return store().get("empty", some); }), failure::outside);
}

TEST_P(objects_contract, a_range_is_cut_at_the_end) {
  put("k", "0123456789");
  const auto part = [&](std::uint64_t offset, std::uint64_t length) {
    get_options how{.range = byte_range{offset, length}};
    auto read = get(store().get("k", how));
    EXPECT_EQ(read.info.size, 10u);
    return read.content;
  };
  EXPECT_EQ(part(2, 3), "234");
  EXPECT_EQ(part(0, 1), "0");
  EXPECT_EQ(part(9, 1), "9");
  EXPECT_EQ(part(0, 10), "0123456789");
  EXPECT_EQ(part(8, 1'000), "89");
  get_options behind{.range = byte_range{10, 1}};
  EXPECT_EQ(failure_of([&] { return store().get("k", behind); }), failure::outside);
  get_options none{.range = byte_range{1, 0}};
  EXPECT_EQ(failure_of([&] { return store().get("k", none); }), failure::invalid);
}

TEST_P(objects_contract, a_reader_may_insist_on_one_content) {
  const auto first = put("k", "first");
  get_options how{.if_match = first.etag};
  EXPECT_EQ(get(store().get("k", how)).content, "first");
  put("k", "second");
  EXPECT_EQ(failure_of([&] { return store().get("k", how); }), failure::changed);
}

TEST_P(objects_contract, nobody_gets_more_than_he_can_hold) {
  put("k", octets(1'001));
  get_options how{.max_bytes = 1'000};
  EXPECT_EQ(failure_of([&] { return store().get("k", how); }), failure::too_large);
  how.max_bytes = 1'001;
  EXPECT_EQ(get(store().get("k", how)).content.size(), 1'001u);
}

TEST_P(objects_contract, what_is_not_there_is_said_to_be_missing) {
  EXPECT_EQ(failure_of([&] { return store().get("none"); }), failure::not_found);
  EXPECT_EQ(failure_of([&] { return store().head("no/such/thing"); }), failure::not_found);
  run(store().remove("none"));
  put("a/b/c", "x");
  EXPECT_EQ(failure_of([&] { return store().get("a/b"); }), failure::not_found);
  run(store().remove("a/b"));
  run(store().remove("a/b/c"));
  run(store().remove("a/b/c"));
  EXPECT_EQ(failure_of([&] { return store().get("a/b/c"); }), failure::not_found);
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_P(objects_contract, keys_of_all_kinds_are_kept_apart) {
  std::vector<std::string> all{"a",      "a/b",          "a/b/c",       "a-b",       "A",         "a b",
                               "a+b",    "a&b=c",        "ü/ö/ß/日本",  "..a",       "a..",       ".hidden",
                               "~tilde", "it's (one)!*", "a,b;c:d@e$f", "#hash?x=y", "[1]{2}|^`", "a/..b"};
  all.push_back(std::string(200, 'x') + "/" + std::string(200, 'y'));
  for (const auto& key : all) put(key, "content of " + key);
  for (const auto& key : all) EXPECT_EQ(content_of(key), "content of " + key);
  std::ranges::sort(all);
  EXPECT_THAT(keys(), ElementsAreArray(all));
  for (const auto& key : all) run(store().remove(key));
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_P(objects_contract, what_is_no_key_is_refused) {
  const std::vector<std::string> wrong{"",
                                       "/",
                                       "/a",
                                       "a/",
                                       "a//b",
                                       ".",
                                       "..",
                                       "../a",
                                       "a/../b",
                                       "a/..",
                                       "./a",
                                       "a/./b",
                                       "a\\b",
                                       "a%2e",
                                       "a\nb",
                                       "a\x7f",
                                       "\xff",
                                       "a\xc0\xaf",
                                       "\xed\xa0\x80",
                                       "a\xc2\x85",
                                       std::string(201, 'x'),
                                       std::string{"a\0b", 3}};
  for (const auto& key : wrong) {
    EXPECT_EQ(failure_of([&] { return store().put(key, "x"); }), failure::invalid) << key;
    EXPECT_EQ(failure_of([&] { return store().get(key); }), failure::invalid) << key;
    EXPECT_EQ(failure_of([&] { return store().head(key); }), failure::invalid) << key;
    EXPECT_EQ(failure_of([&] { return store().remove(key); }), failure::invalid) << key;
    EXPECT_THROW((void)store().start_upload(key, {}), error) << key;
    EXPECT_THROW((void)store().presign_get(key, {}), error) << key;
    EXPECT_THROW((void)store().presign_put(key, {}), error) << key;
  }
  std::string long_key;
  for (int i = 0; i < 10; ++i) long_key += std::string(99, 'x') + "/";
  EXPECT_EQ(failure_of([&] { return store().put(long_key + "y", "x"); }), failure::invalid);
}

TEST_P(objects_contract, options_that_headers_cannot_carry_are_refused) {
  std::vector<put_options> wrong(6);
  wrong[0].content_type = "a\r\nb";
  wrong[1].content_type = "";
  wrong[2].cache_control = "ü";
  wrong[3].metadata = {{"Upper", "x"}};
  wrong[4].metadata = {{"spaced", " x"}};
  for (int i = 0; i < 30; ++i) wrong[5].metadata.emplace("m" + std::to_string(i), std::string(100, 'x'));
  for (const auto& how : wrong) EXPECT_EQ(failure_of([&] { return store().put("k", "x", how); }), failure::invalid);
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_P(objects_contract, a_list_is_in_order_of_the_octets_of_keys_in_pages_of_any_size) {
  std::vector<std::string> all{"a",     "a-", "a.b", "a/",  "a0",   "b/c/d", "b/c/e",
                               "b/c-d", "ba", "é",   "z/1", "z/10", "z/2"};
  std::erase(all, "a/");
  all.push_back("a/x");
  for (const auto& key : all) put(key, key);
  std::ranges::sort(all);
  for (const std::size_t limit : {1u, 2u, 3u, 5u, 12u, 13u, 14u, 1'000u}) {
    std::vector<std::string> found;
    list_options which{.limit = limit};
    for (;;) {
      const auto page = get(store().list(which));
      EXPECT_LE(page.objects.size(), limit);
      for (const auto& one : page.objects) {
        found.push_back(one.key);
        EXPECT_EQ(one.size, one.key.size());
        EXPECT_EQ(one.etag.empty(), false);
      }
      if (page.next.empty()) break;
      which.after = page.next;
    }
    EXPECT_THAT(found, ElementsAreArray(all)) << limit;
  }
}

TEST_P(objects_contract, a_list_begins_where_it_is_told_to) {
  for (const auto* key : {"p/1", "p/2", "p/20", "p/3", "pq", "q"}) put(key, "x");
  const auto list = [&](std::string prefix, std::string after) {
    std::vector<std::string> found;
    list_options which{.prefix = std::move(prefix), .after = std::move(after)};
    for (const auto& one : get(store().list(which)).objects) found.push_back(one.key);
    return found;
  };
  using strings = std::vector<std::string>;
  EXPECT_EQ(list("p", ""), (strings{"p/1", "p/2", "p/20", "p/3", "pq"}));
  EXPECT_EQ(list("p/", ""), (strings{"p/1", "p/2", "p/20", "p/3"}));
  EXPECT_EQ(list("p/2", ""), (strings{"p/2", "p/20"}));
  EXPECT_EQ(list("", "p/2"), (strings{"p/20", "p/3", "pq", "q"}));
  EXPECT_EQ(list("p/", "p/15"), (strings{"p/2", "p/20", "p/3"}));
  EXPECT_EQ(list("p/", "pz"), strings{});
  EXPECT_EQ(list("none/", ""), strings{});
  for (const std::size_t limit : {0u, 1'001u}) {
    list_options which{.limit = limit};
    EXPECT_EQ(failure_of([&] { return store().list(which); }), failure::invalid);
  }
}

TEST_P(objects_contract, many_at_once_leave_one_whole_object) {
  std::vector<testing_support::spawned<written>> writing;
  std::vector<testing_support::spawned<object>> reading;
  put("k", octets(50'000, 1));
  for (unsigned i = 1; i <= 8; ++i) {
    writing.push_back(start(store().put("k", octets(50'000, i))));
    reading.push_back(start(store().get("other/" + std::to_string(i))));
  }
  run_until([&] {
    return std::ranges::all_of(writing, [](auto& one) { return one.ended(); }) &&
           std::ranges::all_of(reading, [](auto& one) { return one.ended(); });
  });
  for (auto& one : writing) EXPECT_EQ(one.result().size, 50'000u);
}

TEST_P(objects_contract, a_caller_may_go) {
  put("k", octets(200'000));
  auto going = start(store().get("k"));
  context.restart();
  context.poll_one();
  going.cancel();
  run_until([&] { return going.ended(); });
  const bool answered = !going.aborted();  // where that was faster
  EXPECT_TRUE(!answered || going.result().content.size() == 200'000u);
  EXPECT_EQ(content_of("k").size(), 200'000u);
}

TEST_P(objects_contract, a_check_finds_all_in_order_and_leaves_nothing) {
  run(store().check());
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_P(objects_contract, figures_count_calls_and_what_is_held) {
  put("k", octets(300'000));
  content_of("k");
  failure_of([&] { return store().get("none"); });
  const auto known = store().figures();
  EXPECT_GE(known.calls, 3u);
  EXPECT_EQ(known.failed_calls, 0u);
  EXPECT_EQ(known.buffered_bytes, 0u);
  EXPECT_GE(known.most_buffered_bytes, 300'000u);
}

}  // namespace nxg::objects::testing
