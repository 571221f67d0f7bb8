#include "models/user.hpp"

#include "utilities/names.hpp"

#include <ranges>

namespace nxg {

bool user_name_rule::accept(std::string& text) { return utilities::is_user_name(text); }

bool person_name_rule::accept(std::string& text) {
  text = utilities::tidy(text);
  return utilities::is_person_name(text);
}

bool user::consents_to(consent_kind kind) const noexcept {
  for (const auto& one : consents | std::views::reverse) {
    if (one.type == kind) return !one.withdrawn_at;
  }
  return false;
}

store::declaration<user> declare(store::tag<user>) {
  using namespace store;
  return {
      .name = "users",
      .schema = 1,
      .shard =
          unsharded("user names and e-mail addresses are unique over all accounts, and a gym's accounts fit one shard"),
      .owner = owned_by<&user::id>(),
      .exported = exported_without<&user::password_hash, &user::known_addresses, &user::username_key,
                                   &user::last_body_record>(),
      .erased = deleted(),
      .kept = kept_for_good("an account lasts until its owner or the gym ends it"),
      .indexes = {index_of<user>("username").on<&user::username_key>().unique(),
                  index_of<user>("email").on<&user::email>().unique()},
      .events = carries<body_metrics_changed, plan_basis_changed, account_suspended>(),
  };
}

store::event_declaration<plan_basis_changed> declare(store::tag<plan_basis_changed>) {
  return {.name = "plan_basis_changed", .schema = 1};
}

store::event_declaration<account_suspended> declare(store::tag<account_suspended>) {
  return {.name = "account_suspended", .schema = 1};
}

}  // namespace nxg
