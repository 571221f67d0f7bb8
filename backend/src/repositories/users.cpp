#include "repositories/users.hpp"

#include <utility>

namespace nxg {

namespace {

constexpr std::size_t remembered_addresses = 8;

template <auto Member, class Value>
void set_where_given(store::changes<user>& all, const std::optional<Value>& given) {
  if (given) all.set<Member>(*given);
}

// Weight and height are none: plans follow them when they are refreshed.
bool changes_basis_of_plans(const profile_changes& given) {
  return given.level || given.goal || given.rest_day || given.target_weight_kg || given.health_conditions ||
         given.allergies || given.diet_preferences;
}

store::changes<user> to_changes(uuid member, const profile_changes& given, instant at) {
  auto all = store::change<user>().set<&user::updated_at>(at);
  set_where_given<&user::name>(all, given.name);
  set_where_given<&user::date_of_birth>(all, given.date_of_birth);
  set_where_given<&user::gender>(all, given.gender);
  set_where_given<&user::height_cm>(all, given.height_cm);
  set_where_given<&user::weight_kg>(all, given.weight_kg);
  set_where_given<&user::target_weight_kg>(all, given.target_weight_kg);
  set_where_given<&user::activity_level>(all, given.activity_level);
  set_where_given<&user::level>(all, given.level);
  set_where_given<&user::goal>(all, given.goal);
  set_where_given<&user::rest_day>(all, given.rest_day);
  set_where_given<&user::health_conditions>(all, given.health_conditions);
  set_where_given<&user::allergies>(all, given.allergies);
  set_where_given<&user::diet_preferences>(all, given.diet_preferences);
  set_where_given<&user::time_zone>(all, given.time_zone);
  if (changes_basis_of_plans(given)) all.emit(plan_basis_changed{member});
  if (given.record) {
    const auto& values = given.record->values.value();
    all.set<&user::body_composition>(values.composition);
    all.set<&user::body_measurements>(values.measurements);
    all.set<&user::last_body_record>(*given.record);
    all.emit(body_metrics_changed{given.record->member_id, given.record->id, given.record->changed});
  }
  return all;
}

}  // namespace

task<void> user_repository::insert(user account) { return users_.insert(std::move(account)); }

task<std::optional<user>> user_repository::find(uuid id) { return users_.find(id); }

task<std::optional<user>> user_repository::find_by_email(schema::email email) {
  return users_.find_one(store::eq<&user::email>(email));
}

task<std::optional<user>> user_repository::record_login(uuid id, instant at, std::string address_hash,
                                                        std::optional<std::string> new_hash) {
  // Two steps, so that an address already known moves to the end instead of filling the list with itself.
  const auto active = store::eq<&user::id>(id) && store::eq<&user::status>(account_status::active);
  co_await users_.update(active, store::change<user>().pull<&user::known_addresses>(address_hash).keep_version());
  if (new_hash) co_await users_.update(active, store::change<user>().set<&user::password_hash>(*new_hash));
  auto login = store::change<user>()
                   .set<&user::last_login_at>(at)
                   .push_keep_last<&user::known_addresses>(address_hash, remembered_addresses)
                   .keep_version();
  co_return co_await users_.update_get_after(active, std::move(login));
}

task<user> user_repository::change_profile(uuid id, profile_changes changes, instant at,
                                           std::optional<std::int64_t> expected) {
  auto all = to_changes(id, changes, at);
  if (expected) all.expect(*expected);
  return users_.update_get_after(id, std::move(all));
}

task<user> user_repository::set_consents(uuid id, std::vector<consent> consents, instant at, std::int64_t expected) {
  return users_.update_get_after(
      id, store::change<user>().set<&user::consents>(consents).set<&user::updated_at>(at).expect(expected));
}

task<user> user_repository::set_macros(uuid id, macro_targets targets, instant valid_until, instant at,
                                       std::int64_t expected) {
  const body_metrics_changed event{id, std::nullopt, {"currentMacros"}};
  return users_.update_get_after(id, store::change<user>()
                                         .set<&user::current_macros>(targets)
                                         .set<&user::macros_valid_until>(valid_until)
                                         .set<&user::updated_at>(at)
                                         .expect(expected)
                                         .emit(event));
}

task<user> user_repository::set_preferences(uuid id, preferences all, std::optional<time_zone_name> zone, instant at,
                                            std::int64_t expected) {
  auto changes = store::change<user>().set<&user::preferences>(all).set<&user::updated_at>(at).expect(expected);
  set_where_given<&user::time_zone>(changes, zone);
  return users_.update_get_after(id, std::move(changes));
}

task<user> user_repository::set_privacy(uuid id, privacy_settings all, instant at, std::int64_t expected) {
  return users_.update_get_after(
      id, store::change<user>().set<&user::privacy>(all).set<&user::updated_at>(at).expect(expected));
}

task<user> user_repository::set_role(uuid id, role as, std::vector<uuid> branches, instant at) {
  return users_.update_get_after(
      id, store::change<user>().set<&user::role>(as).set<&user::staff_branches>(branches).set<&user::updated_at>(at));
}

task<user> user_repository::set_status(uuid id, account_status status, std::optional<std::string> reason, instant at) {
  auto changes = store::change<user>().set<&user::status>(status).set<&user::updated_at>(at);
  if (reason) {
    changes.set<&user::status_reason>(*reason);
  } else {
    changes.unset<&user::status_reason>();
  }
  if (status == account_status::suspended) changes.emit(account_suspended{id, at});
  return users_.update_get_after(id, std::move(changes));
}

}  // namespace nxg
