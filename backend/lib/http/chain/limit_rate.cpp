#include "http/chain.hpp"

#include <cstdint>
#include <string>

namespace nxg::http {

namespace {

void append(std::string& text, std::string_view label, std::uint64_t number) {
  text.append(label).append(std::to_string(number));
}

void tell(const rate_verdict& verdict, request& incoming) {
  std::string limit = '"' + verdict.policy + '"';
  append(limit, ";r=", verdict.remaining);
  append(limit, ";t=", static_cast<std::uint64_t>(verdict.reset.count()));
  incoming.reply_headers.add("RateLimit", limit);
  std::string policy = '"' + verdict.policy + '"';
  append(policy, ";q=", verdict.quota);
  append(policy, ";w=", static_cast<std::uint64_t>(verdict.window.count()));
  incoming.reply_headers.add("RateLimit-Policy", policy);
}

task<response> pass_or_refuse(const rate_verdict& verdict, request& incoming, next rest) {
  // A quota of nothing that still allows is a route without a limit: there is nothing to tell.
  if (verdict.quota > 0 || !verdict.allowed) tell(verdict, incoming);
  if (verdict.allowed) return rest(incoming);
  throw problem{protocol_error::rate_limited, "Too many requests: wait as long as Retry-After says."}.with_retry_after(
      verdict.reset);
}

task<response> ask(rate_limit& port, request& incoming, next rest) {
  const auto verdict = co_await port.take(incoming);
  co_return co_await pass_or_refuse(verdict, incoming, rest);
}

}  // namespace

middleware limit_rate(rate_limit& port) {
  return [&port](request& incoming, next rest) -> task<response> {
    if (incoming.route == nullptr) return rest(incoming);
    if (const auto verdict = port.try_take(incoming)) return pass_or_refuse(*verdict, incoming, rest);
    return ask(port, incoming, rest);
  };
}

}  // namespace nxg::http
