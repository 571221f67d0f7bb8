#include "gym/api.hpp"

#include "gym/answers.hpp"
#include "runtime/timer.hpp"
#include "runtime/uuid.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace nxg::gym {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 120s;

bool worth_repeating(int status) { return status == 408 || status == 429 || status >= 500; }

json::value parsed(const std::string& body) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  return error ? json::value{} : value;
}

}  // namespace

api::api(http::client& client, std::string url, runtime::clock& time, runtime::random& random)
    : client_{client}, url_{std::move(url)}, time_{time}, random_{random} {}

task<json::value> api::call(std::string method, std::string path, std::string token, std::string body) {
  http::client_request request;
  request.method = method;
  request.url = url_ + path;
  request.timeout = 15s;
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  if (method == "POST") {
    request.headers.emplace_back("content-type", "application/json");
    request.headers.emplace_back("idempotency-key", uuid::version_7(time_.now(), random_).to_string());
    request.body = std::move(body);
  }

  const auto give_up = time_.steady() + patience;
  auto pause = std::chrono::milliseconds{50};
  for (;;) {
    std::string trouble;
    bool limited = false;
    try {
      auto answer = co_await client_.send(request);
      auto content = parsed(answer.body);
      if (answer.status < 300) co_return content;
      trouble = fmt::format("{} {} answered {} {}", method, path, answer.status, answer.body);
      limited = answer.status == 429;
      // A repeated request may find its first try still under way.
      const bool in_progress = answer.status == 409 && text(content, "code") == "idempotency_in_progress";
      if (!worth_repeating(answer.status) && !in_progress) throw std::runtime_error{trouble};
      if (const auto wanted = answer.retry_after(time_.now()))
        pause = std::max(pause, std::min(*wanted, std::chrono::milliseconds{5'000}));
    } catch (const http::client_error& error) {
      trouble = fmt::format("{} {}: {}", method, path, error.what());
    }
    if (time_.steady() > give_up) throw std::runtime_error{"the backend stays away: " + trouble};
    if (!limited) ++repeated_;
    co_await runtime::sleep_for(time_, pause);
    pause = std::min(pause * 2, std::chrono::milliseconds{1'000});
  }
}

task<json::value> api::get(std::string path, std::string token) {
  auto answer = co_await call("GET", std::move(path), std::move(token), {});
  co_return answer.at("data");
}

task<json::value> api::page(std::string path, std::string token) {
  co_return co_await call("GET", std::move(path), std::move(token), {});
}

task<json::value> api::post(std::string path, std::string token, json::value body) {
  auto answer = co_await call("POST", std::move(path), std::move(token), json::serialize(body));
  if (const auto* object = answer.if_object(); object != nullptr && object->contains("data"))
    co_return answer.at("data");
  co_return json::value{};
}

}  // namespace nxg::gym
