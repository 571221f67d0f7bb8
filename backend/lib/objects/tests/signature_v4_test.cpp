#include "objects/s3/signature_v4.hpp"

#include "objects/detail/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace nxg::objects::s3 {
namespace {

using namespace std::chrono_literals;

/// "Signature Version 4 Test Suite", AWS General Reference: request and the signature of its .authz file.
struct vector_of_suite {
  std::string name;
  v4_request request;
  std::string signature;
};

class signature_v4_suite : public testing::TestWithParam<vector_of_suite> {};

const instant in_suite{std::chrono::sys_days{std::chrono::year{2015} / 8 / 30} + 12h + 36min};
const v4_key key_of_suite{.access_key_id = "AKIDEXAMPLE",
                          .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                          .region = "us-east-1",
                          .service = "service"};

vector_of_suite example(std::string name, std::string method, std::string path, pairs query, pairs headers,
                        std::string signature) {
  vector_of_suite made{std::move(name), {.method = std::move(method), .path = std::move(path)}, std::move(signature)};
  made.request.query = std::move(query);
  made.request.headers = std::move(headers);
  made.request.headers.emplace_back("Host", "example.amazonaws.com");
  made.request.headers.emplace_back("X-Amz-Date", "20150830T123600Z");
  return made;
}

std::vector<vector_of_suite> suite() {
  std::vector<vector_of_suite> all;
  all.push_back(
      example("get_vanilla", "GET", "/", {}, {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
  all.push_back(example("get_vanilla_query_order_key_case", "GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}},
                        {}, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
  all.push_back(example("get_unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                        {}, {}, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"));
  all.push_back(example("get_utf8", "GET", "/%E1%88%B4", {}, {},
                        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"));
  all.push_back(example("get_vanilla_utf8_query", "GET", "/", {{"ሴ", "bar"}}, {},
                        "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"));
  all.push_back(example("get_header_key_duplicate", "GET", "/", {},
                        {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
                        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"));
  all.push_back(
      example("get_header_value_order", "GET", "/", {},
              {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}},
              "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"));
  all.push_back(example("get_header_value_trim", "GET", "/", {},
                        {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
                        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"));
  all.push_back(
      example("post_vanilla", "POST", "/", {}, {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
  all.push_back(example("post_vanilla_query", "POST", "/", {{"Param1", "value1"}}, {},
                        "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"));
  all.push_back(example("post_header_key_sort", "POST", "/", {}, {{"My-Header1", "value1"}},
                        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"));
  all.push_back(example("post_x_www_form_urlencoded", "POST", "/", {},
                        {{"Content-Type", "application/x-www-form-urlencoded"}},
                        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
  all.back().request.payload_hash = detail::hex(detail::sha256("Param1=value1"));
  return all;
}

TEST_P(signature_v4_suite, is_what_aws_published) {
  EXPECT_EQ(sign_v4(key_of_suite, GetParam().request, in_suite).signature, GetParam().signature)
      << sign_v4(key_of_suite, GetParam().request, in_suite).canonical_request;
}
INSTANTIATE_TEST_SUITE_P(aws, signature_v4_suite, testing::ValuesIn(suite()),
                         [](const auto& one) { return one.param.name; });

/// "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference: the examples of single chunks.
class signature_v4_of_s3 : public testing::Test {
 protected:
  [[nodiscard]] std::string signature(v4_request what) const {
    what.headers.emplace_back("Host", "examplebucket.s3.amazonaws.com");
    what.headers.emplace_back("x-amz-content-sha256", what.payload_hash);
    what.headers.emplace_back("x-amz-date", "20130524T000000Z");
    return sign_v4(key_, what, at_).signature;
  }

  const instant at_{std::chrono::sys_days{std::chrono::year{2013} / 5 / 24}};
  const v4_key key_{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                    .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    .region = "us-east-1"};
};

TEST_F(signature_v4_of_s3, get_object) {
  EXPECT_EQ(signature({.method = "GET", .path = "/test.txt", .headers = {{"Range", "bytes=0-9"}}}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_F(signature_v4_of_s3, put_object) {
  v4_request what{.method = "PUT", .path = "/test%24file.text"};
  what.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  what.payload_hash = detail::hex(detail::sha256("Welcome to Amazon S3."));
  EXPECT_EQ(signature(what), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST_F(signature_v4_of_s3, get_bucket_lifecycle) {
  EXPECT_EQ(signature({.method = "GET", .query = {{"lifecycle", ""}}}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST_F(signature_v4_of_s3, list_objects) {
  EXPECT_EQ(signature({.method = "GET", .query = {{"prefix", "J"}, {"max-keys", "2"}}}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_F(signature_v4_of_s3, presigned_get) {
  v4_request what{.method = "GET", .path = "/test.txt", .headers = {{"host", "examplebucket.s3.amazonaws.com"}}};
  EXPECT_EQ(presign_v4(key_, what, at_, 86'400s),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F"
            "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_F(signature_v4_of_s3, the_header_names_what_it_signs) {
  v4_request what{.method = "GET", .path = "/test.txt"};
  what.headers = {{"Host", "examplebucket.s3.amazonaws.com"},
                  {"Range", "bytes=0-9"},
                  {"x-amz-content-sha256", std::string{hash_of_nothing}}};
  authorize_v4(key_, what, at_);
  EXPECT_EQ(what.headers.back().second,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_F(signature_v4_of_s3, a_session_token_is_signed_both_ways) {
  auto with_token = key_;
  with_token.session_token = "a/token+";
  v4_request what{.method = "GET", .headers = {{"host", "h"}}};
  EXPECT_THAT(presign_v4(with_token, what, at_, 60s), testing::HasSubstr("&X-Amz-Security-Token=a%2Ftoken%2B&"));
  authorize_v4(with_token, what, at_);
  EXPECT_THAT(what.headers.back().second, testing::HasSubstr("SignedHeaders=host;x-amz-date;x-amz-security-token,"));
}

}  // namespace
}  // namespace nxg::objects::s3
