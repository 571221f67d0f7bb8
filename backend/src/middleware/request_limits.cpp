#include "middleware/request_limits.hpp"

#include "http/route_info.hpp"
#include "models/role.hpp"
#include "services/account_limit.hpp"
#include "utilities/addresses.hpp"

#include <algorithm>
#include <string_view>

namespace nxg {

namespace {

constexpr std::string_view unlimited = "unlimited";
constexpr std::string_view registering = "register";
constexpr std::string_view planning = "plans";
constexpr std::string_view photographing = "pictures";
constexpr std::chrono::minutes planning_window{10};

struct chosen_limit {
  std::string policy;
  std::string key;
  coordination::rate rate;
};

chosen_limit choose(const http::request& incoming, const http::principal* who, const request_limit_settings& limits) {
  if (incoming.route->limit_policy == registering) {
    return {"register",
            "register:" + utilities::subscriber_of(incoming.remote_address),
            {limits.register_per_address, limits.window, 0}};
  }
  if (who == nullptr)
    return {"public",
            "public:" + utilities::subscriber_of(incoming.remote_address),
            {limits.public_per_address, limits.window, 0}};
  if (is_device(static_cast<role>(who->role))) {
    return {"device",
            "device:" + who->id.to_string(),
            {limits.machine_per_second, std::chrono::seconds{1}, limits.machine_burst}};
  }
  if (incoming.route->limit_policy == planning)
    return {"plans", "plans:" + who->id.to_string(), {limits.plans, planning_window, 0}};
  if (incoming.route->limit_policy == photographing)
    return {"pictures", "pictures:" + who->id.to_string(), {limits.pictures, limits.window, 0}};
  return {"account", account_limit::key_of(who->id), {limits.member, limits.window, 0}};
}

std::chrono::seconds whole_seconds(std::chrono::milliseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(std::min<std::chrono::milliseconds>(time, std::chrono::hours{24}));
}

}  // namespace

std::optional<http::rate_verdict> request_limits::try_take(const http::request& incoming) {
  if (incoming.route == nullptr || incoming.route->limit_policy == unlimited) return http::rate_verdict{};
  return std::nullopt;
}

task<http::rate_verdict> request_limits::take(const http::request& incoming) {
  const auto who = incoming.who ? incoming.who : callers_.recall(incoming);
  auto limit = choose(incoming, who.get(), settings_);
  const auto decision = co_await limiter_.take(limit.key, limit.rate);
  http::rate_verdict verdict{
      .allowed = decision.allowed,
      .policy = std::move(limit.policy),
      .quota = limit.rate.count,
      .window = whole_seconds(limit.rate.period),
      .remaining = decision.remaining,
      .reset = whole_seconds(decision.allowed ? decision.reset_after : decision.retry_after),
  };
  co_return verdict;
}

}  // namespace nxg
