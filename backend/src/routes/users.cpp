#include "routes/users.hpp"

#include "http/route.hpp"
#include "http/varying.hpp"
#include "middleware/arguments.hpp"
#include "services/error_codes.hpp"
#include "services/scans/views.hpp"

#include <boost/describe/class.hpp>
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace nxg::routes {

struct user_path {
  uuid user_id{};
};
BOOST_DESCRIBE_STRUCT(user_path, (), (user_id))

namespace {

using versioned_view = http::versioned<account_view>;
using profile_view = http::varying<account_view>;

/// Changes with the last login, which is noted without a new version, with the avatar, and when half of the life of its
/// links is over: what is kept of an answer has links that hold.
std::string variant_of(const account_view& account) {
  const auto seen = account.last_login_at ? account.last_login_at->time_since_epoch().count() : 0;
  if (!account.avatar) return fmt::format("{}", seen);
  const auto& avatar = *account.avatar;
  const auto ends = std::chrono::floor<std::chrono::seconds>(avatar.urls.expires_at.time_since_epoch());
  return fmt::format("{}.{}.{}", seen, avatar.version, ends / (std::chrono::seconds{scanning::link_life} / 2));
}

profile_view whole_answer_of(versioned_account account) {
  auto variant = variant_of(account.account);
  return {std::move(account.account), account.version, std::move(variant)};
}

versioned_view answer_of(versioned_account account) { return {std::move(account.account), account.version}; }

void add_own(http::router& routes, account_service& accounts, avatar_reader avatars) {
  const auto own = [&accounts](caller who) -> task<profile_view> {
    auto account = co_await accounts.own(std::move(who));
    co_return whole_answer_of(std::move(account));
  };
  routes.get("/api/users/me")
      .summary("The caller's own account and profile")
      .tag("Users")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle(own);

  const auto whole = [&accounts, avatars = std::move(avatars)](caller who) -> task<profile_view> {
    const auto id = who.id;
    auto account = co_await accounts.own(std::move(who));
    account.account.avatar = co_await avatars(id);
    co_return whole_answer_of(std::move(account));
  };
  routes.get("/api/users/profile")
      .summary("The caller's own account and profile, with the avatar of the last scan")
      .tag("Users")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle(whole);

  const auto update = [&accounts](caller who, http::body<profile_update> changes,
                                  std::optional<http::if_match> based_on,
                                  request_origin origin) -> task<versioned_view> {
    std::optional<std::int64_t> expected;
    if (based_on) expected = based_on->version;
    auto account = co_await accounts.update_own(std::move(who), std::move(changes.value), expected, std::move(origin));
    co_return answer_of(std::move(account));
  };
  routes.put("/api/users/profile")
      .summary("Change the caller's own profile")
      .description(
          "Fields that are absent stay as they are. Health conditions and allergies need recorded consent of type "
          "`health_data`, and are kept encrypted.")
      .tag("Users")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::consent_required)
      .handle(update);

  const auto consent = [&accounts](caller who, http::body<consent_decision> decision,
                                   request_origin origin) -> task<versioned_view> {
    auto account = co_await accounts.decide_consent(std::move(who), std::move(decision.value), std::move(origin));
    co_return answer_of(std::move(account));
  };
  routes.post("/api/users/me/consents")
      .summary("Give or withdraw a consent")
      .description(
          "`version` is that of the text the member was shown. Withdrawing stops calls to outside services at once.")
      .tag("Users")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .status(201)
      .handle(consent);
}

void add_administration(http::router& routes, account_service& accounts) {
  const auto set_active = [&accounts](caller admin, http::path<user_path> named, http::body<status_change> change,
                                      request_origin origin) -> task<administered_account> {
    return accounts.set_active(std::move(admin), named->user_id, std::move(change.value), std::move(origin));
  };
  routes.put("/api/users/{userId}/status")
      .summary("Suspend an account, or make it active again")
      .description(
          "A suspended account is logged out everywhere within a second; the member's visit and the link to a machine "
          "end. `reason` is kept with the account until its status changes again.")
      .tag("Users")
      .allow(role::admin)
      .errors(error_code::not_found)
      .handle(set_active);

  const auto set_role = [&accounts](caller admin, http::path<user_path> named, http::body<role_change> change,
                                    request_origin origin) -> task<administered_account> {
    return accounts.set_role(std::move(admin), named->user_id, std::move(change.value), std::move(origin));
  };
  routes.put("/api/users/{userId}/role")
      .summary("Make somebody staff, a trainer, an admin, or a member again")
      .description(
          "Staff and trainers work at branches, each taken once. The account's sessions end at once: its next login "
          "brings the new role.")
      .tag("Users")
      .allow(role::admin)
      .errors(error_code::not_found)
      .handle(set_role);
}

}  // namespace

void declare_users(http::router& routes, account_service& accounts, avatar_reader avatars) {
  add_own(routes, accounts, std::move(avatars));
  add_administration(routes, accounts);
}

}  // namespace nxg::routes
