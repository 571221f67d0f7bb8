#include "objects/tests/contract/suite.hpp"

namespace nxg::objects::testing {

namespace {

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), instead);
}

}  // namespace

TEST_P(objects_contract, whoever_has_the_url_may_read_that_object_and_no_other) {
  put_options how{.content_type = "image/png"};
  get(store().put("meals/ä b+c.png", "a picture", how));
  put("meals/other.png", "another");
  const auto url = store().presign_get("meals/ä b+c.png", {});
  EXPECT_EQ(url.method, "GET");
  EXPECT_GT(url.expires, time_.now());
  const auto read = get(world_->fetch("GET", url.url, url.headers, ""));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, "a picture");
  EXPECT_EQ(read.content_type, "image/png");
  EXPECT_EQ(get(world_->fetch("GET", with(url.url, "%C3%A4%20b%2Bc", "other"), {}, "")).status, 403);
  EXPECT_EQ(get(world_->fetch("PUT", url.url, {}, "")).status, 403);
  EXPECT_EQ(get(world_->fetch("DELETE", url.url, {}, "")).status, 403);
  EXPECT_EQ(get(world_->fetch("GET", url.url.substr(0, url.url.find('?')), {}, "")).status, 403);
  auto forged = url.url;
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_EQ(get(world_->fetch("GET", forged, {}, "")).status, 403);
}

TEST_P(objects_contract, a_url_may_name_the_file) {
  put("k", "x");
  presign_get_options how{.file_name = "Mein Plan (ü).pdf"};
  const auto url = store().presign_get("k", how);
  EXPECT_EQ(get(world_->fetch("GET", url.url, url.headers, "")).status, 200);
  how.file_name = "a\"b";
  EXPECT_THROW((void)store().presign_get("k", how), error);
}

TEST_P(objects_contract, whoever_has_the_url_may_put_what_it_says) {
  presign_put_options how{.content_type = "image/jpeg", .size = 9};
  const auto url = store().presign_put("uploads/1 2.jpg", how);
  EXPECT_EQ(url.method, "PUT");
  EXPECT_THAT(url.headers, ::testing::Contains(std::pair<std::string, std::string>{"content-type", "image/jpeg"}));
  EXPECT_EQ(get(world_->fetch("PUT", url.url, url.headers, "too long a picture")).status, 403);
  EXPECT_EQ(get(world_->fetch("PUT", url.url, {{"content-type", "text/html"}}, "a picture")).status, 403);
  EXPECT_EQ(get(world_->fetch("PUT", with(url.url, "1%202", "3"), url.headers, "a picture")).status, 403);
  EXPECT_EQ(get(world_->fetch("GET", url.url, {}, "")).status, 403);
  EXPECT_EQ(failure_of([&] { return store().head("uploads/1 2.jpg"); }), failure::not_found);
  EXPECT_EQ(get(world_->fetch("PUT", url.url, url.headers, "a picture")).status, 200);
  EXPECT_EQ(content_of("uploads/1 2.jpg"), "a picture");
  EXPECT_EQ(get(store().head("uploads/1 2.jpg")).content_type, "image/jpeg");
}

TEST_P(objects_contract, a_url_lives_a_second_to_a_week) {
  for (const auto life : {std::chrono::seconds{0}, std::chrono::seconds{7 * 86'400 + 1}}) {
    presign_get_options get_how{.valid = life};
    presign_put_options put_how{.valid = life};
    EXPECT_THROW((void)store().presign_get("k", get_how), error);
    EXPECT_THROW((void)store().presign_put("k", put_how), error);
  }
}

}  // namespace nxg::objects::testing
