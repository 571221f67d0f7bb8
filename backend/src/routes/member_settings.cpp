#include "routes/member_settings.hpp"

#include "http/route.hpp"
#include "routes/members_data.hpp"
#include "services/error_codes.hpp"

#include <utility>

namespace nxg::routes {
namespace {

using based_on = std::optional<http::if_match>;
using versioned_preferences = http::versioned<preferences_view>;
using versioned_privacy = http::versioned<privacy_settings>;

std::optional<std::int64_t> version_of(const based_on& expected) { return expected ? expected->version : std::nullopt; }

template <class View>
http::versioned<View> answer_of(versioned_settings<View> found) {
  return {std::move(found.value), found.version};
}

/// What the routes do for a member, once it is known whose settings they are about.
class desk {
 public:
  desk(member_settings& settings, audit_log& audit) : settings_{settings}, audit_{audit} {}

  task<versioned_preferences> preferences(caller who, uuid member, request_origin origin) const {
    co_await let_in(audit_, std::move(who), member, audit_event::privileged_request, "getPreferences",
                    std::move(origin));
    auto found = co_await settings_.preferences_of(member);
    co_return answer_of(std::move(found));
  }
  task<versioned_preferences> change(caller who, uuid member, preference_changes given, based_on expected,
                                     request_origin origin) const {
    if (who.id != member && who.role != role::admin) throw not_found("account");
    auto changed = co_await settings_.change_preferences(std::move(who), member, std::move(given), version_of(expected),
                                                         std::move(origin));
    co_return answer_of(std::move(changed));
  }
  task<versioned_privacy> privacy(caller who, uuid member, request_origin origin) const {
    co_await let_in(audit_, std::move(who), member, audit_event::privileged_request, "getPrivacy", std::move(origin));
    auto found = co_await settings_.privacy_of(member);
    co_return answer_of(std::move(found));
  }
  task<versioned_privacy> change(caller who, uuid member, privacy_changes given, based_on expected,
                                 request_origin origin) const {
    if (who.id != member && who.role != role::admin) throw not_found("account");
    auto changed =
        co_await settings_.change_privacy(std::move(who), member, given, version_of(expected), std::move(origin));
    co_return answer_of(std::move(changed));
  }

 private:
  member_settings& settings_;
  audit_log& audit_;
};

http::route& people(http::route& route, const char* summary, const char* operation) {
  return route.summary(summary)
      .tag("Users")
      .operation_id(operation)
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::not_found);
}

void declare_preferences(http::router& routes, const desk& at) {
  const auto own = [at](caller who, request_origin origin) {
    const auto member = who.id;
    return at.preferences(std::move(who), member, std::move(origin));
  };
  const auto of_member = [at](caller who, http::path<member_path> named, request_origin origin) {
    return at.preferences(std::move(who), named->user_id, std::move(origin));
  };
  const auto change_own = [at](caller who, http::body<preference_changes> given, based_on expected,
                               request_origin origin) {
    const auto member = who.id;
    return at.change(std::move(who), member, std::move(given.value), expected, std::move(origin));
  };
  const auto change_of_member = [at](caller who, http::path<member_path> named, http::body<preference_changes> given,
                                     based_on expected, request_origin origin) {
    return at.change(std::move(who), named->user_id, std::move(given.value), expected, std::move(origin));
  };
  constexpr const char* how = "What is not sent stays as it is, in each category for itself.";
  people(routes.get("/api/users/preferences"), "The caller's preferences, defaults where none were set",
         "getOwnPreferences")
      .handle(own);
  people(routes.put("/api/users/preferences"), "Change the caller's preferences", "updateOwnPreferences")
      .description(how)
      .handle(change_own);
  people(routes.get("/api/users/{userId}/preferences"), "A member's preferences, for admins and the member",
         "getPreferences")
      .handle(of_member);
  people(routes.put("/api/users/{userId}/preferences"), "Change a member's preferences", "updatePreferences")
      .description(how)
      .handle(change_of_member);
}

void declare_privacy(http::router& routes, const desk& at) {
  const auto own = [at](caller who, request_origin origin) {
    const auto member = who.id;
    return at.privacy(std::move(who), member, std::move(origin));
  };
  const auto of_member = [at](caller who, http::path<member_path> named, request_origin origin) {
    return at.privacy(std::move(who), named->user_id, std::move(origin));
  };
  const auto change_own = [at](caller who, http::body<privacy_changes> given, based_on expected,
                               request_origin origin) {
    const auto member = who.id;
    return at.change(std::move(who), member, given.value, expected, std::move(origin));
  };
  const auto change_of_member = [at](caller who, http::path<member_path> named, http::body<privacy_changes> given,
                                     based_on expected, request_origin origin) {
    return at.change(std::move(who), named->user_id, given.value, expected, std::move(origin));
  };
  constexpr const char* how = "What is not sent stays as it is.";
  people(routes.get("/api/users/privacy"), "What others may see of the caller", "getOwnPrivacy").handle(own);
  people(routes.put("/api/users/privacy"), "Change what others may see of the caller", "updateOwnPrivacy")
      .description(how)
      .handle(change_own);
  people(routes.get("/api/users/{userId}/privacy"), "What others may see of a member", "getPrivacy").handle(of_member);
  people(routes.put("/api/users/{userId}/privacy"), "Change what others may see of a member", "updatePrivacy")
      .description(how)
      .handle(change_of_member);
}

}  // namespace

void declare_member_settings(http::router& routes, member_settings& settings, audit_log& audit) {
  const desk at{settings, audit};
  declare_preferences(routes, at);
  declare_privacy(routes, at);
}

}  // namespace nxg::routes
