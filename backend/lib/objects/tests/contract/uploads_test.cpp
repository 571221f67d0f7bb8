#include "objects/detail/digest.hpp"
#include "objects/reader.hpp"
#include "objects/tests/contract/suite.hpp"

#include <algorithm>

namespace nxg::objects::testing {

using ::testing::IsEmpty;

namespace {

/// Writes `content` in pieces of that size and finishes.
task<written> upload_in_pieces(object_store& to, std::string key, std::string content, std::size_t piece) {
  put_options how{.content_type = "video/mp4"};
  how.metadata = {{"of", "an upload"}};
  const auto going = to.start_upload(std::move(key), how);
  std::string_view rest = content;
  while (!rest.empty()) {
    co_await going->write(rest.substr(0, piece));
    rest.remove_prefix(std::min(piece, rest.size()));
  }
  written made = co_await going->finish();
  co_return made;
}

/// A stream that nobody holds as a whole: piece by piece, with its digest.
task<std::string> stream_up(object_store& to, std::string key, std::size_t pieces, std::size_t piece_bytes) {
  const auto going = to.start_upload(std::move(key), put_options{});
  detail::running_sha256 digest;
  std::string piece = octets(piece_bytes);
  for (std::size_t i = 0; i < pieces; ++i) {
    piece.replace(0, 8, std::to_string(10'000'000 + i));  // no two are the same
    digest.add(piece);
    co_await going->write(piece);
  }
  co_await going->finish();
  co_return digest.finish();
}

task<std::string> stream_down(object_store& from, std::string key, std::size_t piece_bytes) {
  reader in{from, std::move(key), piece_bytes};
  detail::running_sha256 digest;
  for (;;) {
    const std::string piece = co_await in.next();
    if (piece.empty()) break;
    digest.add(piece);
  }
  co_return digest.finish();
}

}  // namespace

TEST_P(objects_contract, an_upload_of_any_size_is_one_object) {
  const auto part = world_->part_bytes();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, part - 1, part, part + 1, 2 * part, 2 * part + 7}) {
    const auto content = octets(size, static_cast<unsigned>(size + 1));
    const auto made = get(upload_in_pieces(store(), "up", content, 700'001));
    EXPECT_EQ(made.size, size);
    get_options how{.max_bytes = 64u << 20};
    const auto read = get(store().get("up", how));
    EXPECT_TRUE(read.content == content) << size;
    EXPECT_EQ(read.info.etag, made.etag);
    EXPECT_EQ(read.info.content_type, "video/mp4");
    EXPECT_EQ(read.info.metadata.at("of"), "an upload");
  }
  EXPECT_EQ(store().figures().buffered_bytes, 0u);
}

TEST_P(objects_contract, a_write_may_be_larger_than_a_part) {
  const auto content = octets(3 * world_->part_bytes() + 5);
  get(upload_in_pieces(store(), "up", content, content.size()));
  get_options how{.max_bytes = 64u << 20};
  EXPECT_TRUE(get(store().get("up", how)).content == content);
}

TEST_P(objects_contract, an_upload_is_not_seen_before_it_is_finished) {
  put("up", "before");
  const auto going = store().start_upload("up", {});
  const auto content = octets(world_->part_bytes() + 1);
  run(going->write(content));
  EXPECT_EQ(content_of("up"), "before");
  EXPECT_EQ(keys(), std::vector<std::string>{"up"});
  get(going->finish());
  EXPECT_EQ(get(store().head("up")).size, content.size());
  EXPECT_EQ(failure_of([&] { return going->write("more"); }), failure::invalid);
  EXPECT_EQ(failure_of([&] { return going->finish(); }), failure::invalid);
  run(going->abandon());
  EXPECT_EQ(get(store().head("up")).size, content.size());
}

TEST_P(objects_contract, nothing_is_left_of_an_upload_that_is_given_up) {
  const auto content = octets(world_->part_bytes() + 1);
  auto going = store().start_upload("up", {});
  run(going->write(content));
  run(going->abandon());
  EXPECT_EQ(failure_of([&] { return going->finish(); }), failure::invalid);

  auto forgotten = store().start_upload("up", {});
  run(forgotten->write(content));
  forgotten.reset();
  run_until([&] { return world_->unfinished_uploads() == 0; });
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_EQ(store().figures().buffered_bytes, 0u);
}

TEST_P(objects_contract, two_hundred_megabytes_pass_through_bounded_memory) {
  constexpr std::size_t piece = 1u << 20;
  const auto up = get(stream_up(store(), "film.mp4", 200, piece));
  const auto held = store().figures().most_buffered_bytes;
  EXPECT_LE(held, 2 * world_->part_bytes());
  EXPECT_EQ(get(store().head("film.mp4")).size, 200u << 20);
  EXPECT_EQ(get(stream_down(store(), "film.mp4", 4u << 20)), up);
  EXPECT_LE(store().figures().most_buffered_bytes, std::max<std::size_t>(held, 4u << 20));
  EXPECT_EQ(store().figures().buffered_bytes, 0u);
}

TEST_P(objects_contract, a_reader_of_pieces_notices_that_the_object_changed) {
  put("k", octets(3'000));
  reader in{store(), "k", 1'000};
  EXPECT_EQ(get(in.next()).size(), 1'000u);
  put("k", octets(3'000, 2));
  EXPECT_EQ(failure_of([&] { return in.next(); }), failure::changed);
}

TEST_P(objects_contract, a_reader_of_pieces_ends_with_the_object) {
  for (const std::size_t size : {0u, 1u, 999u, 1'000u, 1'001u, 3'000u}) {
    const auto content = octets(size);
    put("k", content);
    detail::running_sha256 whole;
    whole.add(content);
    EXPECT_EQ(get(stream_down(store(), "k", 1'000)), whole.finish());
  }
  EXPECT_EQ(failure_of([&] { return stream_down(store(), "none", 1'000); }), failure::not_found);
}

}  // namespace nxg::objects::testing
