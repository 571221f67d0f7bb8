#include "http_client/client.hpp"
#include "objects/folder.hpp"
#include "objects/folder_urls.hpp"
#include "objects/s3.hpp"
#include "objects/tests/contract/suite.hpp"
#include "objects/tests/s3_host.hpp"
#include "objects/tests/s3_world.hpp"

#include <atomic>
#include <filesystem>

namespace nxg::objects::testing {

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* secret = "a secret of at least 32 octets, for tests";

std::string header(const headers& all, std::string_view name) {
  for (const auto& [known, value] : all)
    if (known == name) return value;
  return {};
}

/// Serves the URLs like the application's route.
class folder_world final : public world {
 public:
  folder_world(runtime::clock& time, runtime::random& random)
      : time_{time},
        store_{open_folder(
            time, random,
            {.path = folder_.path() / "made", .base_url = "https://gym.example/o", .url_secret = secret})} {}

  object_store& store() override { return *store_; }
  [[nodiscard]] std::size_t part_bytes() const override { return 1u << 20; }
  std::size_t unfinished_uploads() override {
    const std::filesystem::directory_iterator all{folder_.path() / "made" / "%under way"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  task<fetched> fetch(std::string method, std::string url, headers sent, std::string body) override {
    const std::string_view target = std::string_view{url}.substr(std::string_view{"https://gym.example/o/"}.size());
    const auto verdict = verify_folder_url(secret, method, target, time_.now());
    const auto* may = std::get_if<url_permission>(&verdict);
    if (may == nullptr) co_return fetched{403, {}, {}};
    if (method == "PUT") {
      if (body.size() != may->size || header(sent, "content-type") != may->content_type) co_return fetched{403, {}, {}};
      put_options how{.content_type = may->content_type};
      co_await store_->put(may->key, std::move(body), std::move(how));
      co_return fetched{200, {}, {}};
    }
    object read = co_await store_->get(may->key);
    co_return fetched{200, std::move(read.content), std::move(read.info.content_type)};
  }

 private:
  runtime::temporary_folder folder_{"objects"};
  runtime::clock& time_;
  std::shared_ptr<object_store> store_;
};

class s3_world final : public world {
 public:
  s3_world(executor where, runtime::clock& time, runtime::random& random)
      : store_{open_s3(where, time, random, options_for(shared_s3()))}, stranger_{where, time} {}

  object_store& store() override { return *store_; }
  [[nodiscard]] std::size_t part_bytes() const override { return 5u << 20; }
  std::size_t unfinished_uploads() override { return shared_s3().look().unfinished_uploads; }

  task<fetched> fetch(std::string method, std::string url, headers sent, std::string body) override {
    http::client_request request;
    request.method = std::move(method);
    request.url = std::move(url);
    for (auto& [name, value] : sent)
      if (name != "content-length") request.headers.emplace_back(name, value);
    request.body = std::move(body);
    auto answer = co_await stranger_.send(std::move(request));
    std::string type{answer.header("content-type").value_or("")};
    co_return fetched{answer.status, std::move(answer.body), std::move(type)};
  }

 private:
  std::shared_ptr<object_store> store_;
  http::client stranger_;
};

const std::vector<world_maker> folder_only{
    {"folder", [](executor, runtime::clock& time, runtime::random& random) -> std::unique_ptr<world> {
       return std::make_unique<folder_world>(time, random);
     }}};
const std::vector<world_maker> s3_only{
    {"s3rver", [](executor where, runtime::clock& time, runtime::random& random) -> std::unique_ptr<world> {
       return std::make_unique<s3_world>(std::move(where), time, random);
     }}};

std::string name_of_world(const ::testing::TestParamInfo<world_maker>& info) { return info.param.name; }

}  // namespace

s3_host& shared_s3() {
  static s3_host host;
  return host;
}

s3_options options_for(s3_host& host) {
  static std::atomic<int> number{0};
  s3_options options{.endpoint = host.endpoint(), .bucket = s3_host::bucket()};
  options.prefix = "test-" + std::to_string(++number) + "/";
  options.credentials = [] { return s3_credentials{"S3RVER", "S3RVER"}; };
  options.part_bytes = 5u << 20;
  return options;
}

INSTANTIATE_TEST_SUITE_P(folder, objects_contract, ::testing::ValuesIn(folder_only), name_of_world);
INSTANTIATE_TEST_SUITE_P(s3, objects_contract, ::testing::ValuesIn(s3_only), name_of_world);

}  // namespace nxg::objects::testing
