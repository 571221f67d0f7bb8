#include "integrations/scan_processing/scs_client.hpp"

#include "integrations/outside_call.hpp"
#include "integrations/scan_processing/scs_messages.hpp"
#include "integrations/scan_processing/webhook_signature.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace nxg::integrations {

namespace {

using resilience::attempt_failed;
using resilience::failure;
using namespace std::chrono_literals;

constexpr std::uint64_t piece_bytes = 1u << 20;
constexpr std::uint64_t most_file_bytes = 100u << 20;
constexpr auto early = 60s;

/// A SHA-256 over pieces.
class running_digest {
 public:
  running_digest() : context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free} {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc{};
  }
  void add(std::string_view octets) { EVP_DigestUpdate(context_.get(), octets.data(), octets.size()); }
  [[nodiscard]] std::string finish() {
    std::string digest(32, '\0');
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return utilities::hex(digest);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

std::string base64(std::string_view octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

bool is_of_kind(scan_file_kind kind, std::string_view beginning, std::uint64_t size) {
  if (kind == scan_file_kind::mesh) return scs::is_glb(beginning, size);
  return beginning.starts_with("\x89PNG\r\n\x1a\n");
}

std::string type_of(scan_file_kind kind) { return kind == scan_file_kind::mesh ? "model/gltf-binary" : "image/png"; }

/// `bytes 0-99/1234`: the whole size.
std::optional<std::uint64_t> whole_size(std::string_view content_range) {
  const auto slash = content_range.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto text = content_range.substr(slash + 1);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return size;
}

template <class Read>
auto read_or_fail(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const scs::malformed_answer& why) {
    throw attempt_failed{failure::malformed, why.what()};
  }
}

service_unavailable unusable(const std::string& why) { return {"malformed", why}; }

service_unavailable none() { return {"not_configured", "no scan service is configured"}; }

}  // namespace

resilience::policy_options scs_orders_policy(std::uint64_t processes, std::uint64_t per_hour) {
  resilience::policy_options options;
  options.service = "scs";
  options.attempt_timeout = 10s;
  options.quota.granted = {.count = per_hour, .period = 1h};
  options.quota.processes = processes;
  return options;
}

resilience::policy_options scs_results_policy() {
  resilience::policy_options options;
  options.service = "scs-results";
  options.attempt_timeout = 10s;
  return options;
}

scs_token::scs_token(const scs_settings& settings, http::client& http, runtime::clock& time)
    : settings_{settings},
      http_{http},
      time_{time},
      one_at_a_time_{{.max_running = 1, .max_waiting = 256, .max_wait = 10s}, time} {}

std::optional<std::string> scs_token::kept() const {
  const std::lock_guard lock{mutex_};
  if (text_.empty() || time_.steady() >= good_until_) return std::nullopt;
  return text_;
}

void scs_token::drop(const std::string& refused) {
  const std::lock_guard lock{mutex_};
  if (text_ == refused) text_.clear();
}

task<std::string> scs_token::get(steady_instant deadline) {
  if (auto known = kept()) co_return std::move(*known);
  const auto turn = co_await one_at_a_time_.enter(deadline);
  if (!turn) throw attempt_failed{failure::timed_out, "the token did not come in time"};
  if (auto known = kept()) co_return std::move(*known);
  auto fetched = co_await fetch(deadline);
  co_return fetched;
}

task<std::string> scs_token::fetch(steady_instant deadline) {
  http::client_request request{.method = "POST", .url = settings_.url + "/oauth/token"};
  request.headers = {{"Authorization", "Basic " + base64(settings_.client_id + ":" + settings_.client_secret)},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = "grant_type=client_credentials";
  const auto answer = co_await send_for_json(http_, std::move(request), time_, deadline);
  auto made = read_or_fail([&] { return scs::read_token(answer.body); });
  const std::lock_guard lock{mutex_};
  text_ = made.text;
  good_until_ = time_.steady() + (made.life > 2 * early ? made.life - early : made.life / 2);
  co_return made.text;
}

scs_client::scs_client(scs_settings settings, scs_ways ways, runtime::clock& time)
    : settings_{std::move(settings)}, ways_{ways}, time_{time}, token_{settings_, ways.http, time} {
  while (settings_.url.ends_with('/')) settings_.url.pop_back();
}

/// With our token; one that the service no longer takes is got anew by the next attempt.
task<http::client_response> scs_client::send(http::client_request request, steady_instant deadline) {
  const auto token = co_await token_.get(deadline);
  request.headers.emplace_back("Authorization", "Bearer " + token);
  request.timeout = std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(deadline - time_.steady()));
  std::optional<attempt_failed> failed;
  http::client_response answer;
  try {
    answer = co_await send_attempt(ways_.http, std::move(request), time_, deadline);
  } catch (const attempt_failed& why) {
    failed = why;
  }
  if (!failed) co_return answer;
  if (failed->how == failure::unauthorized) {
    token_.drop(token);
    throw attempt_failed{failure::unavailable, "the token was refused"};
  }
  throw *failed;
}

task<std::string> scs_client::send_order(const std::string& path, const std::string& key, const std::string& body,
                                         steady_instant deadline) {
  http::client_request request{.method = "POST", .url = settings_.url + path};
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}, {"Idempotency-Key", key}};
  request.body = body;
  const auto answer = co_await send(std::move(request), deadline);
  co_return read_or_fail([&] { return scs::read_job_id(answer.body); });
}

task<std::string> scs_client::post(std::string path, std::string key, std::string body, bool background,
                                   steady_instant deadline, still_allowed allowed) {
  const auto once = [&](resilience::attempt_info info) { return send_order(path, key, body, info.deadline); };
  const resilience::call_options how{.repeatable = true, .background = background, .may_repeat = std::move(allowed)};
  co_return co_await call_outside(ways_.orders, deadline, how, once);
}

task<std::string> scs_client::order(scan_order what, bool background, steady_instant deadline, still_allowed allowed) {
  return post("/scans/process", what.scan.to_string(), scs::body_of(what), background, deadline, std::move(allowed));
}

task<std::string> scs_client::order(avatar_order what, bool background, steady_instant deadline,
                                    still_allowed allowed) {
  return post("/avatars/generate", what.scan.to_string(), scs::body_of(what), background, deadline, std::move(allowed));
}

task<job_report> scs_client::ask(const std::string& job, steady_instant deadline) {
  http::client_request request{.method = "GET", .url = settings_.url + "/processing/status/" + job};
  request.headers = {{"Accept", "application/json"}};
  const auto answer = co_await send(std::move(request), deadline);
  auto said = read_or_fail([&] { return scs::read_report(answer.body); });
  if (said.job_id != job) throw attempt_failed{failure::malformed, "it speaks of another job"};
  co_return said;
}

task<job_report> scs_client::report(std::string job, steady_instant deadline) {
  const auto once = [&](resilience::attempt_info info) { return ask(job, info.deadline); };
  const resilience::call_options how{.background = true};
  co_return co_await call_outside(ways_.results, deadline, how, once);
}

bool scs_client::may_fetch(const std::string& url) const {
  const auto origin = scs::origin_of(url);
  if (!origin) return false;
  return origin == scs::origin_of(settings_.url) ||
         std::ranges::any_of(settings_.file_origins, [&](const auto& one) { return origin == scs::origin_of(one); });
}

task<scs_client::piece> scs_client::fetch_piece(const std::string& url, std::uint64_t from, steady_instant deadline) {
  // The token goes to the service itself only.
  const bool own = scs::origin_of(url) == scs::origin_of(settings_.url);
  http::client_request request{.method = "GET", .url = url};
  request.headers = {{"Range", fmt::format("bytes={}-{}", from, from + piece_bytes - 1)},
                     {"Accept-Encoding", "identity"}};
  request.max_response_bytes = piece_bytes;
  if (own) {
    const auto token = co_await token_.get(deadline);
    request.headers.emplace_back("Authorization", "Bearer " + token);
  }
  request.timeout = std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(deadline - time_.steady()));
  auto answer = co_await send_for_part(ways_.http, std::move(request), time_, deadline);
  piece got{std::move(answer.body), 0};
  if (answer.status == 206) {
    const auto size = whole_size(answer.header("content-range").value_or(""));
    if (!size || got.content.empty()) throw attempt_failed{failure::malformed, "it sends no such range"};
    got.whole_size = *size;
  } else if (from == 0) {
    got.whole_size = got.content.size();
  } else {
    throw attempt_failed{failure::malformed, "it sends no ranges"};
  }
  co_return got;
}

task<std::uint64_t> scs_client::bring(const job_file& from, objects::upload& into, steady_instant deadline) {
  running_digest digest;
  std::uint64_t at = 0;
  std::uint64_t size = 1;
  while (at < size) {
    const auto once = [&](resilience::attempt_info info) { return fetch_piece(from.url, at, info.deadline); };
    const resilience::call_options how{.background = true};
    const auto got = co_await call_outside(ways_.results, deadline, how, once);
    if (got.whole_size == 0 || got.whole_size > most_file_bytes || (at > 0 && got.whole_size != size))
      throw unusable("a file of the scan service has no size it may have");
    if (at == 0 && !is_of_kind(from.kind, got.content, got.whole_size))
      throw unusable("a file of the scan service is not what it is said to be");
    size = got.whole_size;
    digest.add(got.content);
    at += got.content.size();
    co_await into.write(got.content);
  }
  if (at != size || digest.finish() != from.sha256) throw unusable("a file of the scan service is damaged");
  co_return size;
}

task<scan_file> scs_client::fetch(job_file from, objects::object_store& into, std::string key,
                                  steady_instant deadline) {
  if (!may_fetch(from.url)) throw unusable("a file of the scan service is somewhere it may not be");
  objects::put_options how;
  how.content_type = type_of(from.kind);
  how.cache_control = scan_cache_control;
  const auto target = into.start_upload(key, how);
  const auto size = co_await bring(from, *target, deadline);
  const auto done = co_await target->finish();
  static_cast<void>(done);
  scan_file made{from.kind, std::move(key), type_of(from.kind), static_cast<std::int64_t>(size), from.sha256};
  co_return made;
}

bool scs_client::is_genuine(const webhook_request& came, instant now) const {
  return scs::is_genuine(settings_.webhook_secret, came, now);
}

std::optional<job_report> scs_client::read(std::string_view body) const {
  try {
    return scs::read_report(body);
  } catch (const scs::malformed_answer&) {
    return std::nullopt;
  }
}

service_condition scs_client::condition() const {
  auto now = condition_of(ways_.orders);
  const auto results = condition_of(ways_.results);
  if (now.breaker == "closed") now.breaker = results.breaker;
  now.retry_after = std::max(now.retry_after, results.retry_after);
  return now;
}

task<std::string> no_scan_service::order(scan_order, bool, steady_instant, still_allowed) {
  throw none();
  co_return std::string{};
}
task<std::string> no_scan_service::order(avatar_order, bool, steady_instant, still_allowed) {
  throw none();
  co_return std::string{};
}
task<job_report> no_scan_service::report(std::string, steady_instant) {
  throw none();
  co_return job_report{};
}
task<scan_file> no_scan_service::fetch(job_file, objects::object_store&, std::string, steady_instant) {
  throw none();
  co_return scan_file{};
}
service_condition no_scan_service::condition() const { return not_configured("scs"); }

}  // namespace nxg::integrations
