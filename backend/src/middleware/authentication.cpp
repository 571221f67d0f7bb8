#include "middleware/authentication.hpp"

#include "middleware/translate.hpp"
#include "models/role.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nxg {

namespace {

// The scheme's name in any case (RFC 9110, 11.1), one space, the token. Nothing when it is another scheme.
std::optional<std::string_view> bearer_token(const http::request& incoming) {
  constexpr std::string_view scheme = "bearer ";
  const auto header = incoming.headers.find("authorization");
  if (!header || header->size() < scheme.size()) return std::nullopt;
  if (!http::equal_ignoring_case(header->substr(0, scheme.size()), scheme)) return std::nullopt;
  return header->substr(scheme.size());
}

http::problem other_credentials() {
  return {http::protocol_error::unauthenticated,
          "This takes an access token only: a header 'Authorization: Bearer TOKEN' is expected."};
}

bool reads(const http::request& incoming) {
  return incoming.method == http::verb::get || incoming.method == http::verb::head;
}

}  // namespace

std::shared_ptr<const http::principal> bearer_authentication::recall(const http::request& incoming) {
  const auto token = bearer_token(incoming);
  return token ? tokens_.recall(incoming.core, *token) : nullptr;
}

task<std::shared_ptr<const http::principal>> bearer_authentication::authenticate(const http::request& incoming) {
  const bool has_credentials = incoming.headers.contains("authorization");
  const auto token = bearer_token(incoming);
  if (!token) {
    if (has_credentials) throw other_credentials();
    co_return nullptr;
  }
  std::optional<api_error> refused;
  try {
    co_return co_await tokens_.verify(incoming.core, std::string{*token});
  } catch (const api_error& error) {
    refused = error;
  }
  if (refused->code() == error_code::security_state_stale && reads(incoming)) {
    // A member whose token was good a moment ago may go on reading what is theirs.
    auto known = tokens_.recall_stale(incoming.core, *token);
    if (known && known->role == static_cast<unsigned>(role::member)) co_return known;
  }
  // A token that merely ended is no attempt at anything.
  if (refused->code() == error_code::token_invalid) {
    try {
      co_await attempts_.failed(incoming.remote_address);
    } catch (const api_error& limited) {
      refused = limited;
    }
  }
  throw problem_of(*refused);
}

}  // namespace nxg
