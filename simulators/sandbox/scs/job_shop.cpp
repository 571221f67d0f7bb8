#include "sandbox/scs/job_shop.hpp"

#include "runtime/timer.hpp"
#include "runtime/uuid.hpp"
#include "sandbox/scs/body.hpp"
#include "sandbox/scs/digest.hpp"
#include "schema/json.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <utility>

namespace nxg::sandbox::scs {

namespace {

using namespace std::chrono_literals;

constexpr auto stale_by = 10min;
constexpr int webhook_tries = 3;
constexpr std::string_view model_version = "sandbox-1";
/// Jobs and files are kept so many at most, the oldest going first: their ids are in the order of time.
constexpr std::size_t kept_jobs = 10'000;
constexpr std::size_t kept_files = 400;

template <class Map>
void keep_newest(Map& all, std::size_t most) {
  while (all.size() > most) all.erase(all.begin());
}

}  // namespace

job_shop::job_shop(shop_options options, executor where, runtime::clock& time, runtime::random& random)
    : options_{std::move(options)}, where_{std::move(where)}, time_{time}, random_{random}, client_{where_, time} {}
job_shop::~job_shop() = default;

std::string job_shop::begin(std::string_view key, const std::function<task<void>(std::string)>& work) {
  auto id = "job-" + uuid::version_7(time_.now(), random_).to_string();
  {
    const std::lock_guard lock{mutex_};
    if (!key.empty()) {
      const auto [known, is_new] = by_key_.emplace(key, id);
      if (!is_new) return known->second;
    }
    jobs_[id] = job_report{.job_id = id};
    keep_newest(jobs_, kept_jobs);
    keep_newest(by_key_, kept_jobs);
  }
  boost::asio::co_spawn(where_, work(id), boost::asio::detached);
  return id;
}

std::string job_shop::take(const scan_order& order, std::string_view key) {
  return begin(key, [&](std::string id) { return process(std::move(id), order); });
}

std::string job_shop::take(const avatar_order& order, std::string_view key) {
  return begin(key, [&](std::string id) { return generate(std::move(id), order); });
}

std::optional<job_report> job_shop::report(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return std::nullopt;
  return found->second;
}

std::shared_ptr<const std::string> job_shop::file(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  const auto found = files_.find(id);
  return found == files_.end() ? nullptr : found->second;
}

void job_shop::order_webhooks(webhook_fault fault) {
  const std::lock_guard lock{mutex_};
  fault_ = fault;
}

webhook_fault job_shop::webhooks() const {
  const std::lock_guard lock{mutex_};
  return fault_;
}

void job_shop::set_status(const std::string& id, job_status status, std::int32_t progress) {
  const std::lock_guard lock{mutex_};
  auto& report = jobs_[id];
  report.status = status;
  report.progress = progress;
}

void job_shop::fail(const std::string& id, std::string why) {
  const std::lock_guard lock{mutex_};
  auto& report = jobs_[id];
  report.status = job_status::failed;
  report.error = std::move(why);
}

task<std::string> job_shop::fetch(const scan_order& order) {
  http::client_request request{.method = "GET", .url = order.file_url.value()};
  request.timeout = 60s;
  request.max_response_bytes = 64u << 20;
  std::string content;
  try {
    auto answer = co_await client_.send(std::move(request));
    if (answer.status == 200) content = std::move(answer.body);
  } catch (const http::client_error&) {
    // As with any other answer: there is no file.
  }
  co_return content;
}

task<void> job_shop::process(std::string id, scan_order order) {
  set_status(id, job_status::processing, 10);
  const auto content = co_await fetch(order);
  set_status(id, job_status::processing, 40);
  co_await runtime::sleep_for(time_, options_.processing);
  if (content.empty()) {
    fail(id, "the file cannot be fetched");
  } else if (sha256_hex(content) != order.file_sha256.value()) {
    fail(id, "the file is not the one that was announced");
  } else if (content.find("unmeasurable") != std::string::npos) {
    fail(id, "there is no body in this file");
  } else {
    complete(id, measure(order.file_sha256.value(), order.subject));
  }
  co_await tell(id, order.callback_url.value());
}

task<void> job_shop::generate(std::string id, avatar_order order) {
  set_status(id, job_status::processing, 20);
  co_await runtime::sleep_for(time_, options_.processing);
  complete(id, order.measurements);
  co_await tell(id, order.callback_url.value());
}

void job_shop::complete(const std::string& id, const measurements& measured) {
  auto avatar = make_avatar(measured);
  const std::lock_guard lock{mutex_};
  auto& report = jobs_[id];
  report.status = job_status::completed;
  report.progress = 100;
  report.model_version = std::string{model_version};
  report.measurements = measured;
  report.files.emplace();
  const auto add = [&](result_kind kind, std::string content, std::string_view ending) {
    auto name = uuid::version_7(time_.now(), random_).to_string() + std::string{ending};
    result_file file{kind, options_.url() + "/files/" + name, sha256_hex(content),
                     static_cast<std::int64_t>(content.size())};
    report.files->push_back(std::move(file));
    files_[name] = std::make_shared<const std::string>(std::move(content));
  };
  add(result_kind::mesh, std::move(avatar.glb), ".glb");
  add(result_kind::thumbnail, std::move(avatar.png), ".png");
  keep_newest(files_, kept_files);
}

task<void> job_shop::tell(std::string id, std::string callback) {
  const auto fault = webhooks();
  auto end = report(id).value();
  switch (fault) {
    case webhook_fault::lost: co_return;
    case webhook_fault::none: break;
    case webhook_fault::late: co_await runtime::sleep_for(time_, options_.late); break;
    case webhook_fault::stale:
      co_await send(std::move(end), std::move(callback), options_.webhook_secret, stale_by);
      co_return;
    case webhook_fault::doubled: co_await send(end, callback, options_.webhook_secret, 0s); break;
    case webhook_fault::forged:
      end.measurements = measure(sha256_hex("somebody else"), std::nullopt);
      end.files.reset();
      co_await send(std::move(end), std::move(callback), "another secret", 0s);
      co_return;
    case webhook_fault::reordered: {
      co_await send(end, callback, options_.webhook_secret, 0s);
      job_report earlier{.job_id = end.job_id, .status = job_status::processing, .progress = 40};
      co_await send(std::move(earlier), std::move(callback), options_.webhook_secret, 0s);
      co_return;
    }
  }
  co_await send(std::move(end), std::move(callback), options_.webhook_secret, 0s);
}

task<void> job_shop::send(job_report report, std::string callback, std::string secret, std::chrono::seconds age) {
  const auto body = schema::to_json(report);
  for (int i = 0; i < webhook_tries; ++i) {
    const auto at = std::chrono::floor<std::chrono::seconds>(time_.now() - age).time_since_epoch().count();
    const auto timestamp = std::to_string(at);
    http::client_request request{.method = "POST", .url = callback};
    request.headers = {{"Content-Type", "application/json"},
                       {"X-SCS-Timestamp", timestamp},
                       {"X-SCS-Signature", "sha256=" + hmac_sha256_hex(secret, timestamp + "." + body)}};
    request.body = body;
    int status = 0;
    try {
      const auto answer = co_await client_.send(std::move(request));
      status = answer.status;
    } catch (const http::client_error&) {
      // Tried again, like an answer that is no success.
    }
    if (status >= 200 && status < 300) co_return;
    co_await runtime::sleep_for(time_, 1s);
  }
}

}  // namespace nxg::sandbox::scs
