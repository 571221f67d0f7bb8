#include "objects/s3.hpp"

#include "http_client/tests/scripted_server.hpp"
#include "objects/tests/loop.hpp"
#include "objects/tests/s3_host.hpp"
#include "objects/tests/s3_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <deque>
#include <mutex>

namespace nxg::objects::testing {
namespace {

using namespace std::chrono_literals;
using http::ok;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string cut = "cut";
const std::string silence = "silence";

std::string answer(int status, const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}
std::string problem(int status, const std::string& code) {
  return answer(status, "<Error><Code>" + code + "</Code><Message>said the service</Message></Error>");
}
const std::string stored = answer(200, "", "ETag: \"e1\"\r\n");
const std::string begun =
    answer(200, "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>");
const std::string completed =
    answer(200, "<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag></CompleteMultipartUploadResult>");

/// A service that answers as it is told, request by request.
class scripted_s3 {
 public:
  explicit scripted_s3(std::vector<std::string> answers) : answers_{answers.begin(), answers.end()} {}

  [[nodiscard]] std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<std::string> requests() {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

 private:
  void serve(http::connection& with) {
    while (const auto request = with.read_request()) {
      const auto next = take(*request);
      if (next == cut) return with.shutdown();
      if (next == silence) return with.wait_for_close();
      with.write(next);
    }
  }
  std::string take(const std::string& request) {
    const std::lock_guard lock{mutex_};
    requests_.push_back(request);
    if (answers_.empty()) return answer(500, "no more answers");
    auto next = answers_.front();
    answers_.pop_front();
    return next;
  }

  std::mutex mutex_;
  std::deque<std::string> answers_;
  std::vector<std::string> requests_;
  http::scripted_server server_{[this](http::connection& with) { serve(with); }};
};

class s3_test : public ::testing::Test, protected loop {
 protected:
  void answers(std::vector<std::string> all, s3_options options = {}) {
    server_ = std::make_unique<scripted_s3>(std::move(all));
    options.endpoint = server_->endpoint();
    use(std::move(options));
  }
  void use(s3_options options) {
    if (options.bucket.empty()) options.bucket = "gym";
    if (!options.credentials) options.credentials = [] { return s3_credentials{"AKID", "secret"}; };
    options.retry = {.max_attempts = 3, .base = 1ms, .max_delay = 2ms};
    store_.reset();
    store_ = open_s3(context.get_executor(), time_, random_, std::move(options));
  }
  auto put_failure() {
    return failure_of([&] { return store_->put("k", "content"); });
  }
  auto get_failure() {
    return failure_of([&] { return store_->get("k"); });
  }
  std::size_t asked() { return server_->requests().size(); }
  std::string request(std::size_t number) { return server_->requests().at(number); }

  runtime::clock time_{runtime::clock::mode::adjustable};
  runtime::secure_random random_;
  std::unique_ptr<scripted_s3> server_;
  std::shared_ptr<object_store> store_;
};

TEST_F(s3_test, what_asks_for_a_pause_is_asked_again) {
  answers({problem(503, "SlowDown"), answer(503, ""), stored});
  EXPECT_EQ(get(store_->put("k", "content")).etag, "e1");
  EXPECT_EQ(asked(), 3u);
  EXPECT_EQ(store_->figures().retries, 2u);
}

TEST_F(s3_test, after_three_tries_it_is_busy) {
  answers({problem(503, "SlowDown"), problem(503, "SlowDown"), problem(503, "SlowDown"), stored});
  EXPECT_EQ(put_failure(), failure::busy);
  EXPECT_EQ(asked(), 3u);
  EXPECT_EQ(store_->figures().failed_calls, 1u);
}

TEST_F(s3_test, an_inner_error_leaves_a_write_unknown_and_a_read_undone) {
  const std::vector<std::string> three(3, problem(500, "InternalError"));
  answers(three);
  EXPECT_EQ(put_failure(), failure::outcome_unknown);
  answers(three);
  EXPECT_EQ(get_failure(), failure::unavailable);
  EXPECT_EQ(asked(), 3u);
}

TEST_F(s3_test, a_cut_connection_is_no_answer) {
  answers({cut, answer(200, "x", "ETag: \"e\"\r\n")});
  EXPECT_EQ(get(store_->get("k")).content, "x");
  answers({cut, cut, stored});
  EXPECT_EQ(get(store_->put("k", "content")).etag, "e1");
}

TEST_F(s3_test, an_upload_is_begun_once) {
  answers({cut, begun});
  auto going = store_->start_upload("k", {});
  const std::string content(9u << 20, 'x');
  EXPECT_EQ(failure_of([&] { return going->write(content); }), failure::outcome_unknown);
  EXPECT_EQ(asked(), 1u);

  answers({problem(503, "SlowDown"), begun, stored, stored, completed});
  going = store_->start_upload("k", {});
  run(going->write(content));
  EXPECT_EQ(get(going->finish()).etag, "e-2");
  EXPECT_THAT(request(4), HasSubstr("<PartNumber>2</PartNumber>"));
}

TEST_F(s3_test, a_completion_may_fail_with_status_200) {
  const std::string content(9u << 20, 'x');
  const auto finish = [&](std::vector<std::string> last) {
    std::vector<std::string> all{begun, stored, stored};
    all.insert(all.end(), last.begin(), last.end());
    all.push_back(answer(204, ""));
    answers(std::move(all));
    auto going = store_->start_upload("k", {});
    run(going->write(content));
    return failure_of([&] { return going->finish(); });
  };
  EXPECT_EQ(finish({problem(200, "InternalError"), completed}), failure::outcome_unknown);
  EXPECT_EQ(finish({problem(200, "SlowDown"), completed}), std::nullopt);
  EXPECT_EQ(finish({cut, completed}), failure::outcome_unknown);
  EXPECT_EQ(finish({answer(200, "<what/>")}), failure::outcome_unknown);
}

TEST_F(s3_test, an_upload_that_failed_is_thrown_away) {
  answers({begun, problem(400, "EntityTooSmall"), answer(204, "")});
  auto going = store_->start_upload("k", {});
  const std::string content(9u << 20, 'x');
  EXPECT_EQ(failure_of([&] { return going->write(content); }), failure::invalid);
  EXPECT_EQ(failure_of([&] { return going->finish(); }), failure::invalid);
  going.reset();
  run_until([&] { return asked() == 3; });
  EXPECT_THAT(request(2), StartsWith("DELETE /gym/k?uploadId=u1 "));
  EXPECT_EQ(store_->figures().buffered_bytes, 0u);
}

TEST_F(s3_test, silence_ends_with_the_time_of_the_call) {
  const auto silent = [&](auto work) {
    auto one = start(std::move(work));
    run_until([&] { return asked() == 1; });
    time_.advance(60s);
    run_until([&] { return one.ended(); });
    try {
      one.result();
    } catch (const error& why) {
      return why.failed();
    }
    throw std::runtime_error{"an answer came"};
  };
  answers({silence, stored});
  EXPECT_EQ(silent(store_->put("k", "content")), failure::outcome_unknown);
  EXPECT_EQ(asked(), 1u);
  answers({silence, stored});
  EXPECT_EQ(silent(store_->get("k")), failure::unavailable);
}

TEST_F(s3_test, more_at_once_than_declared_is_refused) {
  answers({silence}, {.max_running = 1});
  auto first = start(store_->get("k"));
  run_until([&] { return asked() == 1; });
  EXPECT_EQ(put_failure(), failure::busy);
  first.cancel();
  run_until([&] { return first.ended(); });
}

TEST_F(s3_test, what_is_wrong_is_named) {
  const std::vector<std::pair<std::string, std::string>> all{
      {problem(403, "InvalidAccessKeyId"), "NXG_S3_ACCESS_KEY_ID: "},
      {problem(403, "SignatureDoesNotMatch"), "NXG_S3_ACCESS_KEY_ID: "},
      {problem(400, "ExpiredToken"), "NXG_S3_ACCESS_KEY_ID: "},
      {problem(403, "AccessDenied"), "NXG_S3_ACCESS_KEY_ID: "},
      {answer(403, ""), "NXG_S3_ACCESS_KEY_ID: "},
      {problem(404, "NoSuchBucket"), "NXG_S3_BUCKET: "},
      {problem(301, "PermanentRedirect"), "NXG_S3_REGION: "},
      {problem(400, "AuthorizationHeaderMalformed"), "NXG_S3_REGION: "},
      {problem(400, "KMS.DisabledException"), "NXG_S3_ENCRYPTION: "},
      {problem(403, "RequestTimeTooSkewed"), "the clock of this machine: "}};
  for (const auto& [said, beginning] : all) {
    answers({said, stored});
    EXPECT_EQ(put_failure(), failure::denied);
    EXPECT_THAT(last_text, StartsWith(beginning));
    EXPECT_EQ(asked(), 1u);
  }
}

TEST_F(s3_test, answers_mean_what_they_say) {
  const std::vector<std::pair<std::string, failure>> all{{problem(404, "NoSuchKey"), failure::not_found},
                                                         {problem(412, "PreconditionFailed"), failure::changed},
                                                         {problem(416, "InvalidRange"), failure::outside},
                                                         {problem(400, "KeyTooLongError"), failure::invalid},
                                                         {answer(405, ""), failure::invalid},
                                                         {problem(501, "NotImplemented"), failure::unavailable},
                                                         {answer(304, ""), failure::unavailable}};
  for (const auto& [said, how] : all) {
    answers({said});
    EXPECT_EQ(get_failure(), how) << said;
    EXPECT_EQ(asked(), 1u);
  }
  for (const auto* again : {"RequestTimeout", "BadDigest", "XAmzContentSHA256Mismatch"}) {
    answers({problem(400, again), stored});
    EXPECT_EQ(put_failure(), std::nullopt);
  }
  answers({problem(409, "OperationAborted"), stored});
  EXPECT_EQ(put_failure(), std::nullopt);
}

TEST_F(s3_test, nobody_there_is_an_outage_of_the_endpoint) {
  answers({});
  s3_options options{.endpoint = server_->endpoint()};
  server_.reset();
  use(std::move(options));
  EXPECT_EQ(put_failure(), failure::unavailable);
  EXPECT_THAT(last_text, StartsWith("NXG_S3_ENDPOINT: connect"));
  EXPECT_EQ(failure_of([&] { return store_->check(); }), failure::unavailable);
}

TEST_F(s3_test, an_object_is_encrypted_as_the_options_say) {
  s3_options options{.encryption = {.algorithm = "aws:kms", .kms_key_id = "alias/gym"}};
  answers({stored, begun, stored, stored, completed,
           answer(200, "", "ETag: \"e\"\r\nx-amz-server-side-encryption: aws:kms\r\n")},
          options);
  get(store_->put("k", "content"));
  auto going = store_->start_upload("k", {});
  const std::string content(9u << 20, 'x');
  run(going->write(content));
  get(going->finish());
  for (const std::size_t number : {0u, 1u}) {
    EXPECT_THAT(request(number), HasSubstr("\r\nx-amz-server-side-encryption: aws:kms\r\n"));
    EXPECT_THAT(request(number), HasSubstr("\r\nx-amz-server-side-encryption-aws-kms-key-id: alias/gym\r\n"));
    EXPECT_THAT(request(number),
                HasSubstr(";x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id,"));
  }
  for (const std::size_t number : {2u, 3u, 4u})
    EXPECT_THAT(request(number).substr(0, 1'000), Not(HasSubstr("server-side")));
  EXPECT_EQ(get(store_->get("k")).info.encryption, "aws:kms");
  const auto url = store_->presign_put("k", {});
  EXPECT_THAT(url.url, HasSubstr("x-amz-server-side-encryption%3B"));
  EXPECT_THAT(url.headers,
              ::testing::Contains(std::pair<std::string, std::string>{"x-amz-server-side-encryption", "aws:kms"}));
}

TEST_F(s3_test, credentials_are_asked_for_each_time) {
  int number = 0;
  s3_options options;
  options.credentials = [&] {
    ++number;
    return s3_credentials{"AKID" + std::to_string(number), "secret", "token" + std::to_string(number)};
  };
  answers({stored, stored}, std::move(options));
  const int before = number;
  get(store_->put("k", "a"));
  get(store_->put("k", "b"));
  EXPECT_THAT(request(0), HasSubstr("Credential=AKID" + std::to_string(before + 1) + "/"));
  EXPECT_THAT(request(1), HasSubstr("\r\nx-amz-security-token: token" + std::to_string(before + 2) + "\r\n"));
}

TEST_F(s3_test, keys_are_encoded_and_prefixed) {
  s3_options options{.prefix = "pro duction/"};
  answers(
      {stored,
       answer(200,
              "<ListBucketResult><Contents><Key>pro duction/a</Key><LastModified>2009-10-12T17:50:30Z</LastModified>"
              "<ETag>e</ETag><Size>1</Size></Contents></ListBucketResult>")},
      options);
  get(store_->put("ä b+c/d", "content"));
  EXPECT_THAT(request(0), StartsWith("PUT /gym/pro%20duction/%C3%A4%20b%2Bc/d HTTP/1.1\r\n"));
  list_options which{.prefix = "a", .after = "9"};
  EXPECT_EQ(get(store_->list(which)).objects.at(0).key, "a");
  EXPECT_THAT(request(1), StartsWith("GET /gym?encoding-type=url&list-type=2&max-keys=1000&prefix=pro%20duction%2Fa"
                                     "&start-after=pro%20duction%2F9 HTTP/1.1\r\n"));
}

TEST_F(s3_test, a_server_may_ignore_a_range_but_not_lie_about_it) {
  get_options how{.range = byte_range{3, 4}};
  const auto range = [&](const std::string& text) {
    return answer(206, "3456", "ETag: \"e\"\r\nContent-Range: " + text + "\r\n");
  };
  answers({answer(200, "0123456789", "ETag: \"e\"\r\n")});
  const auto whole = get(store_->get("k", how));
  EXPECT_EQ(whole.content, "3456");
  EXPECT_EQ(whole.info.size, 10u);
  answers({range("bytes 3-6/10")});
  EXPECT_EQ(get(store_->get("k", how)).content, "3456");
  for (const auto* lie : {"bytes 4-7/10", "bytes 0-3/10", "bytes 2-5/10", "nonsense", "bytes */10"}) {
    answers({range(lie)});
    EXPECT_EQ(failure_of([&] { return store_->get("k", how); }), failure::unavailable) << lie;
  }
  answers({answer(200, "01", "ETag: \"e\"\r\n")});
  EXPECT_EQ(failure_of([&] { return store_->get("k", how); }), failure::outside);
}

TEST_F(s3_test, answers_that_make_no_sense_are_an_outage) {
  answers({answer(200, "<html/>")});
  EXPECT_EQ(failure_of([&] { return store_->list({}); }), failure::unavailable);
  answers({"HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n"});
  EXPECT_EQ(failure_of([&] { return store_->head("k"); }), failure::unavailable);
  answers({answer(200, "<InitiateMultipartUploadResult/>")});
  auto going = store_->start_upload("k", {});
  const std::string content(9u << 20, 'x');
  EXPECT_EQ(failure_of([&] { return going->write(content); }), failure::unavailable);
}

TEST_F(s3_test, presigned_urls_may_use_another_endpoint) {
  s3_options options{.endpoint = "http://s3.inside:9000", .public_endpoint = "https://files.gym.example"};
  use(std::move(options));
  EXPECT_THAT(store_->presign_get("a b", {}).url, StartsWith("https://files.gym.example/gym/a%20b?X-Amz-Algorithm="));
}

TEST_F(s3_test, with_cloudfront_reading_goes_through_it) {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out, &text);
  s3_options options{.endpoint = "https://s3.example", .prefix = "p/"};
  options.cloudfront = {"https://d1.cloudfront.net", "KID", std::string(text, static_cast<std::size_t>(size))};
  use(options);
  BIO_free(out);
  EVP_PKEY_free(key);
  const auto url = store_->presign_get("a b", {});
  EXPECT_THAT(url.url, StartsWith("https://d1.cloudfront.net/p/a%20b?Expires="));
  EXPECT_THAT(store_->presign_put("a b", {}).url, StartsWith("https://s3.example/gym/p/a%20b?"));
  options.cloudfront->private_key = "no key";
  EXPECT_THROW(use(options), unusable);
}

TEST_F(s3_test, settings_that_make_no_sense_are_named) {
  const auto text = [&](auto change) -> std::string {
    s3_options options{.endpoint = "https://s3.example", .bucket = "gym"};
    options.credentials = [] { return s3_credentials{"AKID", "secret"}; };
    change(options);
    try {
      store_.reset();
      store_ = open_s3(context.get_executor(), time_, random_, options);
    } catch (const unusable& why) {
      return why.what();
    }
    return "accepted";
  };
  EXPECT_EQ(text([](s3_options&) {}), "accepted");
  EXPECT_THAT(text([](s3_options& o) { o.endpoint = "s3.example"; }), StartsWith("NXG_S3_ENDPOINT: "));
  EXPECT_THAT(text([](s3_options& o) { o.public_endpoint = "x"; }), StartsWith("NXG_S3_ENDPOINT: "));
  EXPECT_THAT(text([](s3_options& o) { o.region = "EU west"; }), StartsWith("NXG_S3_REGION: "));
  EXPECT_THAT(text([](s3_options& o) { o.bucket = "My_Bucket"; }), StartsWith("NXG_S3_BUCKET: "));
  EXPECT_THAT(text([](s3_options& o) { o.prefix = "no-slash"; }), StartsWith("NXG_S3_BUCKET: "));
  EXPECT_THAT(text([](s3_options& o) { o.prefix = "../"; }), StartsWith("NXG_S3_BUCKET: "));
  EXPECT_THAT(text([](s3_options& o) { o.credentials = nullptr; }), StartsWith("NXG_S3_ACCESS_KEY_ID: "));
  EXPECT_THAT(text([](s3_options& o) { o.encryption.algorithm = "rot13"; }), StartsWith("NXG_S3_ENCRYPTION: "));
  EXPECT_THAT(text([](s3_options& o) { o.encryption.kms_key_id = "x"; }), StartsWith("NXG_S3_ENCRYPTION: "));
  EXPECT_THAT(text([](s3_options& o) { o.cloudfront = {"http://x", "K", ""}; }), StartsWith("NXG_CLOUDFRONT_URL: "));
}

/// What `check` says of a real service that will have nothing of us.
class s3_check_on_s3rver : public s3_test {
 protected:
  std::string text(const std::function<void(s3_options&)>& change) {
    auto options = options_for(shared_s3());
    change(options);
    use(std::move(options));
    try {
      run(store_->check());
    } catch (const unusable& why) {
      return why.what();
    }
    return "accepted";
  }
};

TEST_F(s3_check_on_s3rver, names_the_setting) {
  EXPECT_EQ(text([](s3_options&) {}), "accepted");
  EXPECT_THAT(text([](s3_options& o) { o.credentials = [] { return s3_credentials{"S3RVER", "wrong"}; }; }),
              StartsWith("NXG_S3_ACCESS_KEY_ID: the object store answered 403, SignatureDoesNotMatch"));
  EXPECT_THAT(text([](s3_options& o) { o.credentials = [] { return s3_credentials{"unknown", "S3RVER"}; }; }),
              StartsWith("NXG_S3_ACCESS_KEY_ID: the object store answered 403, InvalidAccessKeyId"));
  EXPECT_THAT(text([](s3_options& o) { o.bucket = "no-such-bucket"; }), StartsWith("NXG_S3_BUCKET: "));
  EXPECT_THAT(text([](s3_options& o) { o.region = "eu-west-1"; }), StartsWith("NXG_S3_REGION: "));
}

}  // namespace
}  // namespace nxg::objects::testing
