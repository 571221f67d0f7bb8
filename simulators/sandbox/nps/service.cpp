#include "sandbox/nps/service.hpp"

#include "http/problem.hpp"
#include "http/route.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <mutex>
#include <utility>

namespace nxg::sandbox::nps {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::string_view tag = "nps";
// Longer than any caller waits: hanging is what hung requests do.
constexpr std::chrono::minutes patience{10};
constexpr std::size_t longest_input = 20'000;

/// Calls in the present minute and day of the service's clock.
class allowance {
 public:
  allowance(options how, runtime::clock& time) : how_{std::move(how)}, time_{time} {}

  void take() {
    const std::scoped_lock lock{mutex_};
    const auto now = time_.steady();
    if (now - day_began_ >= 24h) {
      day_began_ = now;
      today_ = 0;
    }
    if (now - minute_began_ >= 1min) {
      minute_began_ = now;
      this_minute_ = 0;
    }
    if (today_ >= how_.calls_per_day) throw too_many(24h - (now - day_began_));
    if (how_.calls_per_minute > 0 && this_minute_ >= how_.calls_per_minute)
      throw too_many(1min - (now - minute_began_));
    ++today_;
    ++this_minute_;
  }

 private:
  static http::problem too_many(std::chrono::nanoseconds wait) {
    return http::problem{429, "too_many_requests", "The allowance is used up."}.with_retry_after(
        std::max<std::chrono::seconds>(1s, std::chrono::ceil<std::chrono::seconds>(wait)));
  }

  options how_;
  runtime::clock& time_;
  std::mutex mutex_;
  steady_instant day_began_{};
  steady_instant minute_began_{};
  std::uint64_t today_ = 0;
  std::uint64_t this_minute_ = 0;
};

void require_signature(const http::request& incoming, const options& how, runtime::clock& time) {
  const auto stamp = incoming.headers.find("X-Timestamp").value_or("");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
  if (error != std::errc{} || end != stamp.data() + stamp.size()) {
    throw http::problem{401, "invalid_timestamp", "The X-Timestamp is missing or no number of seconds."};
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(time.now()).time_since_epoch();
  if (std::chrono::abs(now - std::chrono::seconds{seconds}) > how.tolerance) {
    throw http::problem{401, "stale_timestamp", "The X-Timestamp is too far from now."};
  }
  const auto given = incoming.headers.find("X-Signature").value_or("");
  const auto right = signature_of(how.secret, stamp, incoming.body);
  if (given.size() != right.size() || CRYPTO_memcmp(given.data(), right.data(), right.size()) != 0) {
    throw http::problem{401, "invalid_signature", "The X-Signature is missing or wrong."};
  }
}

std::string input_text_of(const http::request& incoming) {
  boost::system::error_code error;
  const auto read = json::parse(incoming.body, error);
  const auto* text = !error && read.is_object() ? read.get_object().if_contains("input_text") : nullptr;
  const bool good = text != nullptr && text->is_string() && !text->get_string().empty() &&
                    text->get_string().size() <= longest_input && read.get_object().size() == 1;
  if (!good) throw http::problem{400, "invalid_request", "The body must be an object with one text, input_text."};
  return std::string{std::string_view{text->get_string()}};
}

http::response answer(const plan_maker& plans, const http::request& incoming) {
  auto made = plans.make(input_text_of(incoming));
  if (!made) throw http::problem{400, "invalid_request", "The input_text tells no daily targets."};
  return http::make_response(200, "application/json", std::move(*made));
}

std::string lie(std::int64_t number) {
  constexpr std::array<std::string_view, 8> lies{
      R"({"target_weight":70,"macros":"plenty","meal_plan":{}})",
      R"([])",
      R"({"target_weight":"70 kg","macros":{"Total Calories":"1900","Total Carbs":"220g","Total Protein":"120g","Total Fat":"60g","Total Fiber":"27g"},"meal_plan":[]})",
      R"({"target_weight":"70 kg","macros":{"Total Calories":"1900","Total Carbs":"220g","Total Protein":"120g","Total Fat":"60g","Total Fiber":"27g"},"meal_plan":[{"day":9,"meals":{"Lunch":"Rice"},"calories":{"Lunch":1900},"short_names":{"Lunch":"Rice"}}]})",
      R"({"target_weight":"70 kg","macros":{"Total Calories":"1900","Total Carbs":"220g","Total Protein":"120g","Total Fat":"60g","Total Fiber":"27g"},"meal_plan":[{"day":1,"meals":{"Lunch":"Rice"},"calories":{"Lunch":90000},"short_names":{"Lunch":"Rice"}}]})",
      R"({"target_weight":"70 kg","macros":{"Total Calories":"-5"},"meal_plan":[{"day":1}]})",
      R"({"target_weight":"70 kg","macros":{"Total Cal)",
      R"(<html><body>It works!</body></html>)"};
  return std::string{lies.at(static_cast<std::size_t>(number) % lies.size())};
}

/// Every meal with what the most are allergic to, whatever was asked for.
std::string poison(const std::string& plan) {
  auto read = json::parse(plan);
  auto* days = read.is_object() ? read.get_object().if_contains("meal_plan") : nullptr;
  if (days == nullptr) return plan;
  for (auto& day : days->as_array()) {
    for (auto& meal : day.at("meals").as_object())
      meal.value() = "Peanut butter on wheat bread with milk, boiled egg, shrimps, salmon and tofu";
    for (auto& name : day.at("short_names").as_object()) name.value() = "Peanut butter, milk and shrimps";
  }
  return json::serialize(read);
}

}  // namespace

std::string signature_of(const std::string& secret, std::string_view timestamp, std::string_view body) {
  const auto message = fmt::format("{}.{}", timestamp, body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), octets.data(), &length);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", octets.at(i));
  return hex;
}

played_service play(http::router& routes, const plan_maker& plans, options how, runtime::clock& time) {
  routes.post("/mealplan")
      .summary("Make a week of meals for a line about somebody")
      .tag(std::string{tag})
      .open()
      .deadline(patience)
      .body_limit(64 * 1024)
      .alias("/v1/mealplan")
      .handle([&plans](http::request& incoming) { return answer(plans, incoming); });

  const auto calls = std::make_shared<allowance>(how, time);
  const auto admit = [how, calls, &time](const http::request& incoming) {
    if (!has_header(incoming, "X-API-Key", how.key))
      throw http::problem{401, "invalid_api_key", "The X-API-Key is missing or wrong."};
    require_signature(incoming, how, time);
    calls->take();
  };
  return {std::string{tag}, admit, lie, poison};
}

}  // namespace nxg::sandbox::nps
