#include "routes/auth.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "services/accounts/errors.hpp"
#include "services/error_codes.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nxg::routes {

/// What a token exchange answers with.
struct renewed_tokens {
  token_pair tokens;
};
BOOST_DESCRIBE_STRUCT(renewed_tokens, (), (tokens))

struct session_path {
  uuid session_id{};
};
BOOST_DESCRIBE_STRUCT(session_path, (), (session_id))

/// The body of a logout, which may be absent altogether.
struct optional_logout_request {
  logout_request value;
};

}  // namespace nxg::routes

template <>
struct nxg::http::argument<nxg::routes::optional_logout_request> {
  static routes::optional_logout_request get(request& incoming) {
    if (incoming.body.empty()) return {};
    return {schema::from_json<logout_request>(incoming.body)};
  }
};

namespace nxg::routes {
namespace {

void add_entry(http::router& routes, account_service& accounts, session_service& sessions) {
  routes.post("/api/auth/register")
      .summary("Create a member's account")
      .tag("Accounts")
      .open()
      .limit("register")
      .secret()
      .status(201)
      .deadline(std::chrono::seconds{10})
      .errors(error_code::username_taken, error_code::email_taken)
      .request_example(registration{.username = "sample_member",
                                    .email = "member@example.com",
                                    .password = "three small green apples",
                                    .confirm_password = "three small green apples",
                                    .name = "Sample Member",
                                    .time_zone = {}})
      .handle([&accounts](http::body<registration> wanted, request_origin origin) -> task<signed_in> {
        return accounts.register_member(std::move(wanted.value), std::move(origin));
      });

  routes.post("/api/auth/login")
      .summary("Log in with e-mail address and password")
      .description(
          "The answer is the same for an unknown address, a wrong password and an account that is not active. "
          "Five failures per account and address in 15 minutes are answered with 429.")
      .tag("Accounts")
      .open()
      .limit("unlimited")
      .secret()
      .errors(error_code::credentials_invalid)
      .request_example(credentials{.email = "member@example.com", .password = "three small green apples"})
      .handle([&accounts](http::body<credentials> shown, request_origin origin) -> task<signed_in> {
        return accounts.login(std::move(shown.value), std::move(origin));
      });

  const auto refresh = [&sessions](http::body<refresh_request> shown, request_origin origin) -> task<renewed_tokens> {
    renewed_tokens answer;
    answer.tokens = co_await sessions.refresh(shown->refresh_token.value(), std::move(origin));
    co_return answer;
  };
  routes.post("/api/auth/refresh")
      .summary("Exchange a refresh token for new tokens")
      .description(
          "A refresh token is used once. If the answer was lost, the same token works again for 30 seconds; any "
          "other second use ends the session, because somebody must have copied it. A client asks for one exchange at "
          "a time.")
      .tag("Accounts")
      .open()
      .limit("unlimited")
      .secret()
      .errors(error_code::refresh_token_invalid, error_code::refresh_token_reused)
      .handle(refresh);
}

void add_sessions(http::router& routes, session_service& sessions) {
  const auto logout = [&sessions](caller who, optional_logout_request given,
                                  request_origin origin) -> task<http::no_content> {
    std::optional<std::string> token;
    if (given.value.refresh_token) token = given.value.refresh_token->value();
    co_await sessions.logout(std::move(who), std::move(token), std::move(origin));
    co_return http::no_content{};
  };
  routes.post("/api/auth/logout")
      .summary("End this session")
      .description("The body may be absent. A `refreshToken` of another session of the caller's ends that one too.")
      .tag("Accounts")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle(logout);

  const auto logout_all = [&sessions](caller who, request_origin origin) -> task<http::no_content> {
    co_await sessions.logout_all(std::move(who), std::move(origin));
    co_return http::no_content{};
  };
  routes.post("/api/auth/logout-all")
      .summary("End every session of the caller")
      .tag("Accounts")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle(logout_all);

  routes.get("/api/auth/sessions")
      .summary("The caller's login sessions, newest first")
      .tag("Accounts")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&sessions](caller who) -> task<std::vector<session_view>> { return sessions.list(std::move(who)); });

  const auto end = [&sessions](caller who, http::path<session_path> named,
                               request_origin origin) -> task<http::no_content> {
    co_await sessions.end(std::move(who), named->session_id, std::move(origin));
    co_return http::no_content{};
  };
  routes.del("/api/auth/sessions/{sessionId}")
      .summary("End one of the caller's sessions")
      .tag("Accounts")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::session_not_found)
      .handle(end);
}

}  // namespace

void declare_auth(http::router& routes, account_service& accounts, session_service& sessions) {
  add_entry(routes, accounts, sessions);
  add_sessions(routes, sessions);
}

}  // namespace nxg::routes
