#include "objects/folder_urls.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace nxg::objects {
namespace {

using namespace std::chrono_literals;

constexpr const char* secret = "0123456789abcdef0123456789abcdef";
const instant now{1'700'000'000s};

url_permission reading() { return {.key = "a b/ü+c.png", .file_name = "plan & ü.pdf", .expires = now + 60s}; }
url_permission writing() {
  return {.key = "up/1", .content_type = "image/svg+xml; charset=utf-8", .size = 12, .expires = now + 60s};
}

TEST(folder_urls_test, a_permission_comes_back_as_it_was_signed) {
  const auto read = verify_folder_url(secret, "GET", sign_folder_url(secret, "GET", reading()), now);
  const auto& may = std::get<url_permission>(read);
  EXPECT_EQ(may.key, reading().key);
  EXPECT_EQ(may.file_name, reading().file_name);
  EXPECT_EQ(may.expires, reading().expires);
  const auto write = verify_folder_url(secret, "PUT", sign_folder_url(secret, "PUT", writing()), now);
  EXPECT_EQ(std::get<url_permission>(write).content_type, writing().content_type);
  EXPECT_EQ(std::get<url_permission>(write).size, 12u);
}

TEST(folder_urls_test, it_ends_to_the_second) {
  const auto url = sign_folder_url(secret, "GET", reading());
  EXPECT_TRUE(std::holds_alternative<url_permission>(verify_folder_url(secret, "GET", url, now + 59'999ms)));
  EXPECT_EQ(std::get<url_refusal>(verify_folder_url(secret, "GET", url, now + 60s)), url_refusal::expired);
}

TEST(folder_urls_test, it_is_for_one_method) {
  const auto get = sign_folder_url(secret, "GET", reading());
  const auto put = sign_folder_url(secret, "PUT", writing());
  EXPECT_TRUE(std::holds_alternative<url_permission>(verify_folder_url(secret, "HEAD", get, now)));
  for (const auto* method : {"PUT", "POST", "DELETE", ""})
    EXPECT_EQ(std::get<url_refusal>(verify_folder_url(secret, method, get, now)), url_refusal::not_ours);
  for (const auto* method : {"GET", "HEAD", "DELETE"})
    EXPECT_EQ(std::get<url_refusal>(verify_folder_url(secret, method, put, now)), url_refusal::not_ours);
}

TEST(folder_urls_test, no_octet_of_it_can_be_changed) {
  for (const auto& [method, what] : {std::pair{"GET", reading()}, std::pair{"PUT", writing()}}) {
    const auto url = sign_folder_url(secret, method, what);
    for (std::size_t i = 0; i < url.size(); ++i) {
      auto changed = url;
      changed[i] = changed[i] == 'x' ? 'y' : 'x';
      EXPECT_EQ(std::get<url_refusal>(verify_folder_url(secret, method, changed, now)), url_refusal::not_ours) << i;
      EXPECT_TRUE(std::holds_alternative<url_refusal>(verify_folder_url(secret, method, url.substr(0, i), now))) << i;
    }
    EXPECT_TRUE(std::holds_alternative<url_refusal>(verify_folder_url(secret, method, url + "&x=y", now)));
  }
}

TEST(folder_urls_test, another_secret_or_none_signs_nothing) {
  const auto url = sign_folder_url(secret, "GET", reading());
  EXPECT_TRUE(std::holds_alternative<url_refusal>(verify_folder_url("another", "GET", url, now)));
  const auto unsigned_url = sign_folder_url("", "GET", reading());
  EXPECT_TRUE(std::holds_alternative<url_refusal>(verify_folder_url("", "GET", unsigned_url, now)));
}

TEST(folder_urls_test, a_signed_key_that_leads_out_of_the_folder_is_none) {
  auto what = reading();
  what.key = "../secret";
  const auto url = sign_folder_url(secret, "GET", what);
  EXPECT_EQ(std::get<url_refusal>(verify_folder_url(secret, "GET", url, now)), url_refusal::not_ours);
}

}  // namespace
}  // namespace nxg::objects
