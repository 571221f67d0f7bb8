#include "http/chain.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nxg::http {

namespace {

constexpr std::string_view exposed_headers =
    "ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, traceparent, "
    "x-api-version";
constexpr std::string_view allowed_headers =
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, X-Correlation-ID, "
    "X-Request-Id, "
    "traceparent, x-api-version";

class protection {
 public:
  protection(cors_options cors, security_header_options security)
      : cors_{std::move(cors)}, security_{std::move(security)} {
    any_origin_ = std::ranges::find(cors_.origins, "*") != cors_.origins.end();
    if (any_origin_ && cors_.origins.size() > 1) throw std::invalid_argument{"CORS: '*' stands alone, or not at all"};
    if (security_.hsts.count() > 0) {
      always_.add("Strict-Transport-Security",
                  "max-age=" + std::to_string(security_.hsts.count()) + "; includeSubDomains");
    }
    always_.add("X-Content-Type-Options", "nosniff");
    always_.add("X-Frame-Options", "DENY");
    always_.add("Referrer-Policy", "no-referrer");
  }

  [[nodiscard]] bool is_preflight(const request& incoming) const {
    return incoming.method == verb::options && incoming.headers.contains("origin") &&
           incoming.headers.contains("access-control-request-method");
  }

  [[nodiscard]] response preflight(const request& incoming) const {
    response answer;
    answer.status = 204;
    if (allows(incoming)) {
      answer.headers.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      answer.headers.add("Access-Control-Allow-Headers", allowed_headers);
      answer.headers.add("Access-Control-Max-Age", std::to_string(cors_.max_age.count()));
    }
    return answer;
  }

  void protect(const request& incoming, response& answer) const {
    auto& headers = answer.headers;
    headers.append(always_);
    if (!headers.contains("Content-Security-Policy")) {
      headers.add("Content-Security-Policy", security_.content_security_policy);
    }
    if (!cors_.origins.empty()) share(incoming, answer);
    if (!headers.contains("Cache-Control")) {
      const bool success = answer.status < 300 || answer.status == 304;
      const bool secret = incoming.route == nullptr || incoming.route->secret;
      headers.add("Cache-Control", success && !secret ? std::string_view{incoming.route->cache_control} : "no-store");
    }
  }

 private:
  [[nodiscard]] bool allows(const request& incoming) const {
    if (any_origin_) return true;
    const auto origin = incoming.headers.find("origin");
    return origin && std::ranges::find(cors_.origins, *origin) != cors_.origins.end();
  }

  void share(const request& incoming, response& answer) const {
    if (!any_origin_) answer.headers.add("Vary", "Origin");
    if (!incoming.headers.contains("origin") || !allows(incoming)) return;
    answer.headers.add("Access-Control-Allow-Origin", any_origin_ ? "*" : *incoming.headers.find("origin"));
    if (!any_origin_) answer.headers.add("Access-Control-Allow-Credentials", "true");
    answer.headers.add("Access-Control-Expose-Headers", exposed_headers);
  }

  cors_options cors_;
  security_header_options security_;
  bool any_origin_ = false;
  header_fields always_;
};

}  // namespace

middleware protective_headers(cors_options cors, security_header_options security) {
  return [shield = std::make_shared<const protection>(std::move(cors), std::move(security))](
             request& incoming, next rest) -> task<response> {
    response answer;
    if (shield->is_preflight(incoming)) {
      answer = shield->preflight(incoming);
    } else {
      answer = co_await rest(incoming);
    }
    shield->protect(incoming, answer);
    co_return answer;
  };
}

}  // namespace nxg::http
