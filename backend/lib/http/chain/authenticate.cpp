#include "http/chain.hpp"

#include <utility>

namespace nxg::http {

namespace {

problem unauthenticated() { return problem{protocol_error::unauthenticated, "This needs an access token."}; }

/// RFC 9110 wants the scheme named on every 401.
problem with_challenge(const problem& refused) {
  if (refused.status() != 401 || refused.headers().contains("WWW-Authenticate")) return refused;
  const bool has_token = refused.code() != name_of(protocol_error::unauthenticated);
  return problem{refused}.with_header("WWW-Authenticate", has_token ? "Bearer error=\"invalid_token\"" : "Bearer");
}

void authorise(const request& incoming) {
  if (!incoming.who) throw with_challenge(unauthenticated());
  const auto role = incoming.who->role;
  if (role >= 32 || (incoming.route->roles & (1U << role)) == 0) {
    throw problem{protocol_error::forbidden, "Your role may not do this."};
  }
}

task<response> look_up(authenticator& port, request& incoming, next rest) {
  try {
    incoming.who = co_await port.authenticate(incoming);
  } catch (const problem& refused) {
    throw with_challenge(refused);
  }
  authorise(incoming);
  co_return co_await rest(incoming);
}

task<response> recall(authenticator& port, request& incoming, next rest) {
  try {
    incoming.who = port.recall(incoming);
  } catch (const problem& refused) {
    throw with_challenge(refused);
  }
  if (!incoming.who) return look_up(port, incoming, rest);
  authorise(incoming);
  return rest(incoming);
}

}  // namespace

middleware authenticate(authenticator& port) {
  return [&port](request& incoming, next rest) -> task<response> {
    if (incoming.route == nullptr || incoming.route->allowed == access::open) return rest(incoming);
    return recall(port, incoming, rest);
  };
}

}  // namespace nxg::http
