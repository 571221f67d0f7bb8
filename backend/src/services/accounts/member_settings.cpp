#include "services/accounts/member_settings.hpp"

#include "services/accounts/errors.hpp"
#include "store/errors.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <utility>

namespace nxg {

namespace {

constexpr int most_rounds = 8;

template <class Given, class Each>
void for_each_member(Each each) {
  boost::mp11::mp_for_each<boost::describe::describe_members<Given, boost::describe::mod_public>>(each);
}

template <class Given>
bool says_something(const Given& given) {
  bool found = false;
  for_each_member<Given>([&](auto member) { found = found || (given.*member.pointer).has_value(); });
  return found;
}

template <class Given>
bool says_something(const std::optional<Given>& given) {
  return given && says_something(*given);
}

// Sets those members of `into` that `given` has under the same name.
template <class Into, class Given>
void merge(Into& into, const Given& given) {
  for_each_member<Given>([&](auto from) {
    for_each_member<Into>([&](auto to) {
      if constexpr (std::is_assignable_v<decltype(into.*to.pointer)&, decltype(*(given.*from.pointer))>) {
        if (std::string_view{from.name} == to.name && given.*from.pointer) into.*to.pointer = *(given.*from.pointer);
      }
    });
  });
}

template <class Into, class Given>
void merge(Into& into, const std::optional<Given>& given) {
  if (given) merge(into, *given);
}

preferences_view view_of(const user& account) {
  const auto all = account.preferences.value_or(preferences{});
  const auto& app = all.app_configuration;
  return {all.notifications,
          {app.theme, app.language.value(), account.time_zone.value(), app.units, app.start_of_week, app.auto_sync},
          all.workout,
          all.diet};
}

}  // namespace

void preference_changes::check(const preference_changes& given, schema::problems& found) {
  const bool something = says_something(given.notifications) || says_something(given.app_configuration) ||
                         says_something(given.workout) || says_something(given.diet);
  if (!something) found.add("empty", "must have at least one preference");
}

void privacy_changes::check(const privacy_changes& given, schema::problems& found) {
  if (!says_something(given)) found.add("empty", "must have at least one setting");
}

task<user> member_settings::account_of(uuid member, std::optional<std::int64_t> expected) {
  auto account = co_await users_.find(member);
  if (!account || account->status == account_status::erased) throw account_not_found();
  if (expected && account->version != *expected) throw lost_race();
  co_return std::move(*account);
}

task<void> member_settings::note(audit_event what, caller who, uuid member, request_origin origin) {
  audit_entry act{
      .event = what, .actor = who.id, .actor_role = who.role, .subject = member, .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
}

task<versioned_settings<preferences_view>> member_settings::preferences_of(uuid member) {
  const auto account = co_await account_of(member, std::nullopt);
  co_return versioned_settings<preferences_view>{view_of(account), account.version};
}

task<versioned_settings<preferences_view>> member_settings::change_preferences(caller who, uuid member,
                                                                               preference_changes given,
                                                                               std::optional<std::int64_t> expected,
                                                                               request_origin origin) {
  std::optional<time_zone_name> zone;
  if (given.app_configuration) zone = given.app_configuration->timezone;
  for (int round = 0; round < most_rounds; ++round) {
    const auto account = co_await account_of(member, expected);
    auto all = account.preferences.value_or(preferences{});
    merge(all.notifications, given.notifications);
    merge(all.app_configuration, given.app_configuration);
    merge(all.workout, given.workout);
    merge(all.diet, given.diet);
    std::optional<user> changed;
    try {
      changed = co_await users_.set_preferences(member, std::move(all), zone, time_.now(), account.version);
    } catch (const store::error& refused) {
      if (!refused.is(store::failure::version_conflict)) throw;
    }
    if (!changed) continue;
    co_await note(audit_event::preferences_update, std::move(who), member, std::move(origin));
    co_return versioned_settings<preferences_view>{view_of(*changed), changed->version};
  }
  throw busy();
}

task<versioned_settings<privacy_settings>> member_settings::privacy_of(uuid member) {
  const auto account = co_await account_of(member, std::nullopt);
  co_return versioned_settings<privacy_settings>{account.privacy.value_or(privacy_settings{}), account.version};
}

task<versioned_settings<privacy_settings>> member_settings::change_privacy(caller who, uuid member,
                                                                           privacy_changes given,
                                                                           std::optional<std::int64_t> expected,
                                                                           request_origin origin) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto account = co_await account_of(member, expected);
    auto all = account.privacy.value_or(privacy_settings{});
    merge(all, given);
    std::optional<user> changed;
    try {
      changed = co_await users_.set_privacy(member, all, time_.now(), account.version);
    } catch (const store::error& refused) {
      if (!refused.is(store::failure::version_conflict)) throw;
    }
    if (!changed) continue;
    co_await note(audit_event::privacy_update, std::move(who), member, std::move(origin));
    co_return versioned_settings<privacy_settings>{all, changed->version};
  }
  throw busy();
}

}  // namespace nxg
