#include "services/accounts/accounts.hpp"

#include "services/accounts/errors.hpp"
#include "store/errors.hpp"
#include "utilities/addresses.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"
#include "utilities/names.hpp"
#include "utilities/time_zones.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace nxg {

namespace {

// Bound to the account, so that two accounts used from one address do not show it.
std::string address_mark(const uuid& account, std::string_view address) {
  std::string text = account.to_string();
  text += '@';
  text += utilities::subscriber_of(address);
  return utilities::base64url(utilities::sha256(text)).substr(0, 22);
}

std::optional<diet_preferences> merged(const std::optional<diet_preference_changes>& given, const user& account) {
  if (!given) return std::nullopt;
  auto all = account.diet_preferences ? account.diet_preferences->value() : diet_preferences{};
  all.cuisine_preferences = given->cuisine_preferences.value_or(all.cuisine_preferences);
  all.dietary_restrictions = given->dietary_restrictions.value_or(all.dietary_restrictions);
  return all;
}

profile_changes changes_of(profile_update update, const user& account) {
  return {
      .name = std::move(update.name),
      .date_of_birth = update.date_of_birth,
      .gender = update.gender,
      .height_cm = update.height_cm,
      .weight_kg = update.weight_kg,
      .target_weight_kg = update.target_weight_kg,
      .activity_level = update.activity_level,
      .level = update.level,
      .goal = update.goal,
      .rest_day = update.rest_day,
      .health_conditions = std::move(update.health_conditions),
      .allergies = std::move(update.allergies),
      .diet_preferences = merged(update.diet_preferences, account),
      .time_zone = std::move(update.time_zone),
  };
}

// Removing what is kept needs nobody's consent.
bool tells_of_health(const profile_update& update) {
  return (update.health_conditions && !update.health_conditions->empty()) ||
         (update.allergies && !update.allergies->empty());
}

role role_of(staff_role given) {
  switch (given) {
    case staff_role::member: return role::member;
    case staff_role::trainer: return role::trainer;
    case staff_role::staff: return role::staff;
    case staff_role::admin: return role::admin;
  }
  return role::member;
}

// What of the profile is new about the body. Forms send everything, also what did not change.
body::body_changes changes_of_body(const profile_update& update, const user& account) {
  const auto differs = [](const auto& given, const auto& kept) {
    return given && (!kept || static_cast<double>(*given) != static_cast<double>(kept->value()));
  };
  body::body_changes found;
  if (differs(update.height_cm, account.height_cm)) found.height_cm = update.height_cm;
  if (differs(update.weight_kg, account.weight_kg)) found.weight_kg = update.weight_kg;
  if (differs(update.target_weight_kg, account.target_weight_kg)) found.target_weight_kg = update.target_weight_kg;
  return found;
}

api_error taken(const store::error& refused) { return refused.index() == "email" ? email_taken() : username_taken(); }

}  // namespace

account_service::account_service(user_repository users, session_service& sessions, key_service& keys,
                                 revocation_list& revocations, audit_log& audit, attempt_limits& attempts,
                                 body::metrics& bodies, branch_repository branches,
                                 utilities::password_hasher& passwords, runtime::clock& time, runtime::random& random,
                                 account_settings settings)
    : users_{std::move(users)},
      sessions_{sessions},
      keys_{keys},
      revocations_{revocations},
      audit_{audit},
      attempts_{attempts},
      bodies_{bodies},
      branches_{std::move(branches)},
      passwords_{passwords},
      time_{time},
      random_{random},
      settings_{settings} {}

task<signed_in> account_service::register_member(registration wanted, request_origin origin) {
  const auto now = time_.now();
  user account{.id = uuid::version_7(now, random_), .created_at = now, .updated_at = now};
  account.username = std::move(wanted.username);
  account.username_key = utilities::ascii_lower(account.username.value());
  account.email = std::move(wanted.email);
  account.name = std::move(wanted.name);
  if (wanted.time_zone) account.time_zone = *std::move(wanted.time_zone);
  account.last_login_at = now;
  account.known_addresses = {address_mark(account.id, origin.address)};
  account.password_hash = co_await passwords_.hash(wanted.password.value());
  // The key first: an account without one could not keep what it is told, a key without an account harms nobody.
  co_await keys_.make_data_key(account.id);
  try {
    co_await users_.insert(account);
  } catch (const store::error& refused) {
    if (!refused.is(store::failure::duplicate)) throw;
    throw taken(refused);
  }
  audit_entry act{.event = audit_event::user_registration,
                  .actor = account.id,
                  .actor_role = account.role,
                  .subject = account.id,
                  .origin = origin};
  co_await audit_.record(std::move(act));
  co_return co_await sign_in(std::move(account), std::move(origin));
}

task<signed_in> account_service::login(credentials shown, request_origin origin) {
  const auto email = shown.email;
  auto account = co_await users_.find_by_email(email);
  std::string mark;
  bool address_is_known = false;
  if (account) {
    mark = address_mark(account->id, origin.address);
    address_is_known = std::ranges::find(account->known_addresses, mark) != account->known_addresses.end();
  }
  const auto look = co_await attempts_.before_login(email.value(), origin.address, address_is_known);

  std::optional<std::string> hash;
  if (account && account->status == account_status::active) hash = account->password_hash;
  const auto verdict = co_await passwords_.verify(shown.password.value(), hash);
  std::optional<user> logged_in;
  if (verdict.matches) {
    std::optional<std::string> new_hash;
    if (verdict.outdated) new_hash = co_await passwords_.hash(shown.password.value());
    // Nobody when suspended between the two reads.
    logged_in = co_await users_.record_login(account->id, time_.now(), mark, new_hash);
  }
  if (!logged_in) {
    const auto refusal = co_await failed_login(std::move(account), origin.address, origin);
    throw api_error{refusal};
  }
  co_await attempts_.after_login(email.value(), origin.address, address_is_known);
  audit_entry act{.event = audit_event::user_login,
                  .actor = logged_in->id,
                  .actor_role = logged_in->role,
                  .subject = logged_in->id,
                  .origin = origin};
  co_await audit_.record(std::move(act));
  co_return co_await sign_in(*std::move(logged_in), std::move(origin));
}

task<api_error> account_service::failed_login(std::optional<user> account, std::string address, request_origin origin) {
  audit_entry act{.event = audit_event::auth_failure, .success = false, .detail = "login", .origin = std::move(origin)};
  if (account) act.subject = account->id;
  // Charged first: a guess counts also where it cannot be recorded, and is recorded also where there were too many.
  auto refused = credentials_invalid();
  try {
    co_await attempts_.failed(std::move(address));
  } catch (const api_error& limited) {
    refused = limited;
  }
  co_await audit_.record(std::move(act));
  co_return refused;
}

task<signed_in> account_service::sign_in(user account, request_origin origin) {
  auto tokens = co_await sessions_.open(account.id, std::move(origin));
  co_return signed_in{.user = view_of(account, time_.now()), .tokens = std::move(tokens)};
}

task<versioned_account> account_service::own(caller who) {
  const auto account = co_await users_.find(who.id);
  if (!account) throw account_not_found();
  co_return versioned_account{view_of(*account, time_.now()), account->version};
}

task<versioned_account> account_service::update_own(caller who, profile_update update,
                                                    std::optional<std::int64_t> expected, request_origin origin) {
  for (int tries = 0; tries < 8; ++tries) {
    const auto account = co_await users_.find(who.id);
    if (!account) throw account_not_found();
    check_age(update, *account);
    const auto of_body = changes_of_body(update, *account);
    const bool tells_of_body = !body::names_of(of_body).empty();
    if (tells_of_health(update) && !account->consents_to(consent_kind::health_data)) throw health_consent_required();
    auto changes = changes_of(update, *account);
    if (tells_of_body) {
      body::body_origin by_member;
      changes.record = co_await bodies_.prepare(*account, of_body, by_member);
    }
    // What was read (a consent, a body, preferences) counts at this version only: withdrawn meanwhile, nothing is kept.
    auto at = expected;
    const bool read_first = tells_of_body || tells_of_health(update) || update.diet_preferences.has_value();
    if (!at && read_first) at = account->version;
    auto written = changes.record;
    std::optional<user> changed;
    try {
      changed = co_await users_.change_profile(who.id, std::move(changes), time_.now(), at);
    } catch (const store::error& refused) {
      if (refused.is(store::failure::not_found)) throw account_not_found();
      if (!refused.is(store::failure::version_conflict)) throw;
      if (expected) throw lost_race();
    }
    if (!changed) continue;
    if (written) co_await bodies_.settle(std::move(*written));
    audit_entry act{.event = audit_event::profile_update,
                    .actor = who.id,
                    .actor_role = who.role,
                    .subject = who.id,
                    .detail = changed_fields(update),
                    .origin = std::move(origin)};
    co_await audit_.record(std::move(act));
    co_return versioned_account{view_of(*changed, time_.now()), changed->version};
  }
  throw busy();
}

void account_service::check_age(const profile_update& update, const user& account) const {
  if (!update.date_of_birth) return;
  const auto& zone = update.time_zone ? *update.time_zone : account.time_zone;
  const auto today = utilities::local_date_at(time_.now(), zone.value());
  const int age = utilities::age_on(*update.date_of_birth, today);
  constexpr int oldest = 120;
  if (*update.date_of_birth > today || age > oldest) {
    throw invalid_field("/dateOfBirth", "out_of_range", "must be a date of the last 120 years");
  }
  if (age < settings_.minimum_age) {
    throw invalid_field("/dateOfBirth", "too_young",
                        "members are at least " + std::to_string(settings_.minimum_age) + " years old");
  }
}

task<versioned_account> account_service::decide_consent(caller who, consent_decision decision, request_origin origin) {
  constexpr std::size_t most_decisions = 100;
  for (int tries = 0; tries < 5; ++tries) {
    const auto account = co_await users_.find(who.id);
    if (!account) throw account_not_found();
    const auto now = time_.now();
    auto consents = account->consents;
    const bool granted = account->consents_to(decision.type);
    const auto latest = std::ranges::find(consents.rbegin(), consents.rend(), decision.type, &consent::type);
    const bool same = decision.granted ? granted && latest->version == decision.version.value() : !granted;
    if (same) co_return versioned_account{view_of(*account, now), account->version};

    // A new version of the text replaces the consent to the old one.
    if (granted) latest->withdrawn_at = now;
    if (decision.granted)
      consents.push_back({.type = decision.type, .version = decision.version.value(), .granted_at = now});
    if (consents.size() > most_decisions) consents.erase(consents.begin());
    std::optional<user> changed;
    try {
      changed = co_await users_.set_consents(who.id, std::move(consents), now, account->version);
    } catch (const store::error& refused) {
      if (refused.is(store::failure::not_found)) throw account_not_found();
      if (!refused.is(store::failure::version_conflict)) throw;
    }
    if (!changed) continue;
    audit_entry act{.event = audit_event::consent_changed,
                    .actor = who.id,
                    .actor_role = who.role,
                    .subject = who.id,
                    .detail = decision.granted ? "health_data granted" : "health_data withdrawn",
                    .origin = std::move(origin)};
    co_await audit_.record(std::move(act));
    co_return versioned_account{view_of(*changed, now), changed->version};
  }
  throw busy();
}

task<void> account_service::end_everywhere(uuid account) {
  // All tokens by one write, and also of a login that was answered meanwhile. Sessions end one by one: whoever has many
  // of them must not win by the request's deadline.
  co_await revocations_.revoke_principal(account);
  co_await sessions_.end_all_of(account);
}

task<void> account_service::on_suspended(account_suspended event) {
  const auto account = co_await users_.find(event.member_id);
  if (account && account->status == account_status::suspended) co_await end_everywhere(event.member_id);
}

task<administered_account> account_service::set_active(caller admin, uuid account, status_change change,
                                                       request_origin origin) {
  // The last admin must not lock everybody out.
  if (admin.id == account) throw forbidden("You cannot suspend your own account.");
  const auto status = change.is_active ? account_status::active : account_status::suspended;
  std::optional<std::string> reason;
  if (change.reason) reason = change.reason->value();
  std::optional<user> changed;
  try {
    changed = co_await users_.set_status(account, status, std::move(reason), time_.now());
  } catch (const store::error& refused) {
    if (refused.is(store::failure::not_found)) throw account_not_found();
    throw;
  }
  if (!change.is_active) co_await end_everywhere(account);
  audit_entry act{.event = audit_event::user_status_update,
                  .actor = admin.id,
                  .actor_role = admin.role,
                  .subject = account,
                  .detail = change.is_active ? "active" : "suspended",
                  .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
  co_return administered(*changed);
}

// Each once, in the order they were named.
task<std::vector<uuid>> account_service::workplaces(role_change change) {
  std::vector<uuid> named;
  if (change.branches) named = change.branches->value();
  const auto known = co_await branches_.active_among(named);
  std::vector<field_error> wrong;
  std::vector<uuid> once;
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (std::ranges::find(known, named[i], &branch::id) == known.end())
      wrong.push_back({"/branches/" + std::to_string(i), "unknown", "is no branch of the gym"});
    if (std::ranges::find(once, named[i]) == once.end()) once.push_back(named[i]);
  }
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  co_return once;
}

task<administered_account> account_service::set_role(caller admin, uuid account, role_change change,
                                                     request_origin origin) {
  // Somebody has to stay who can take it back.
  if (admin.id == account) throw forbidden("You cannot change your own role.");
  const auto branches = co_await workplaces(change);
  const auto as = role_of(change.role);
  std::optional<user> changed;
  try {
    changed = co_await users_.set_role(account, as, branches, time_.now());
  } catch (const store::error& refused) {
    if (refused.is(store::failure::not_found)) throw account_not_found();
    throw;
  }
  co_await end_everywhere(account);
  audit_entry act{.event = audit_event::role_changed,
                  .actor = admin.id,
                  .actor_role = admin.role,
                  .subject = account,
                  .detail = boost::describe::enum_to_string(as, ""),
                  .origin = std::move(origin)};
  for (const auto& one : branches) act.detail += " branchId=" + one.to_string();
  co_await audit_.record(std::move(act));
  co_return administered(*changed);
}

}  // namespace nxg
