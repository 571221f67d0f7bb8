#include "objects/s3/connection.hpp"

#include "objects/detail/digest.hpp"
#include "runtime/timer.hpp"

#include <algorithm>
#include <utility>

namespace nxg::objects::s3 {

namespace {

using std::chrono::milliseconds;

/// More is hashed on a thread of its own: 64 KiB take less than a third of a millisecond.
constexpr std::size_t hashed_at_once = 64 * 1024;
constexpr std::size_t max_hashing = 64;

http::client_options client_options_of(const s3_options& options) {
  return {.max_running = options.max_running,
          .max_idle_connections = options.max_running,
          .ca_file = options.authorities_file};
}

}  // namespace

connection::connection(executor where, runtime::clock& time, runtime::random& random, const s3_options& options,
                       std::shared_ptr<detail::counters> counters)
    : where_{where},
      time_{time},
      random_{random},
      options_{options},
      at_{place::parse(options.endpoint, options.settings.endpoint)},
      counters_{std::move(counters)},
      retry_{options.retry},
      hashing_{"object hashing", 1, max_hashing} {
  client_.emplace(std::move(where), time, client_options_of(options));
}

void connection::close() noexcept { client_.reset(); }

v4_key connection::key() const {
  auto now = options_.credentials();
  return {.access_key_id = std::move(now.access_key_id),
          .secret_access_key = std::move(now.secret_access_key),
          .session_token = std::move(now.session_token),
          .region = options_.region};
}

milliseconds connection::time_for(std::size_t content) const {
  return milliseconds{content * 1'000 / options_.slowest_bytes_per_second};
}

task<std::string> connection::hash_of(std::shared_ptr<const std::string> body) {
  if (!body || body->empty()) co_return std::string{hash_of_nothing};
  if (body->size() <= hashed_at_once) co_return detail::hex(detail::sha256(*body));
  try {
    const auto hash = std::make_shared<std::string>();
    auto job = [body, hash] { *hash = detail::hex(detail::sha256(*body)); };
    co_await hashing_.run(std::move(job));
    co_return std::move(*hash);
  } catch (const runtime::pool_exhausted&) {
    throw error{failure::busy, "too much waits to be sent to the object store"};
  }
}

task<http::client_response> connection::send(command what) {
  const std::size_t content = what.body ? what.body->size() : 0;
  const auto until = time_.steady() + options_.time_out + time_for(content + what.expected_bytes);
  detail::held_bytes held{counters_, content};
  const std::string hash = co_await hash_of(what.body);
  budget_.earn();
  bool maybe_done = false;
  for (unsigned tried = 1;; ++tried) {
    const bool last = tried >= options_.retry.max_attempts;
    std::string body;
    if (what.body) body = last ? std::move(*what.body) : *what.body;
    outcome result = co_await try_once(what, std::move(body), hash, until);
    if (result.answer) co_return std::move(*result.answer);
    maybe_done = maybe_done || !result.why.undone;
    std::optional<milliseconds> pause;
    if (!last && result.why.again && (result.why.undone || what.repeatable))
      pause = retry_.pause(tried, random_.unit(), result.pause, until - time_.steady());
    if (!pause || !budget_.spend()) {
      const bool unknown = what.writes && maybe_done && result.why.how != failure::denied;
      throw error{unknown ? failure::outcome_unknown : result.why.how, result.why.text};
    }
    counters_->retried();
    co_await runtime::sleep_for(time_, *pause);
  }
}

task<connection::outcome> connection::try_once(const command& what, std::string body, std::string payload_hash,
                                               steady_instant until) {
  outcome result;
  detail::held_bytes held{counters_, body.size()};
  if (!client_) throw error{failure::unavailable, "the object store is closed"};
  try {
    auto request = request_of(what, std::move(body), std::move(payload_hash), until);
    auto answer = co_await client_->send(std::move(request));
    result.pause = answer.retry_after(time_.now());
    auto why = trouble_of(answer, options_.settings);
    if (!why && what.error_in_body) why = trouble_in_body(answer, options_.settings);
    if (why) {
      result.why = std::move(*why);
    } else {
      result.answer = std::move(answer);
    }
  } catch (const http::client_error& why) {
    result.why = trouble_of(why, options_.settings);
  }
  co_return result;
}

http::client_request connection::request_of(const command& what, std::string body, std::string payload_hash,
                                            steady_instant until) const {
  v4_request signing{.method = what.method,
                     .path = at_.path_of(options_.bucket, what.key),
                     .query = what.query,
                     .headers = what.headers,
                     .payload_hash = std::move(payload_hash)};
  signing.headers.emplace_back("host", at_.host);
  signing.headers.emplace_back("x-amz-content-sha256", signing.payload_hash);
  authorize_v4(key(), signing, time_.now());
  std::erase_if(signing.headers, [](const auto& one) { return one.first == "host"; });  // the client sends that

  const auto left = std::chrono::duration_cast<milliseconds>(until - time_.steady());
  const auto limit =
      std::clamp(left, milliseconds{1}, options_.try_time_out + time_for(body.size() + what.expected_bytes));
  http::client_request request;
  request.method = what.method;
  request.url = at_.origin + signing.path + (signing.query.empty() ? "" : "?" + query_text(signing.query));
  request.headers = std::move(signing.headers);
  request.body = std::move(body);
  request.timeout = limit;
  request.connect_timeout = std::min(limit, request.connect_timeout);
  request.max_response_bytes = what.max_response_bytes;
  return request;
}

}  // namespace nxg::objects::s3
