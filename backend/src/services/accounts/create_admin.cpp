#include "services/accounts/accounts.hpp"

#include "schema/problems.hpp"
#include "schema/text.hpp"
#include "services/accounts/errors.hpp"
#include "store/errors.hpp"
#include "utilities/names.hpp"
#include "utilities/password_rules.hpp"

#include <array>
#include <utility>

namespace nxg {

namespace {

schema::email checked_email(const std::string& text) {
  try {
    return schema::email{text};
  } catch (const schema::invalid&) {
    throw invalid_field("/email", "bad_format", "must be an e-mail address");
  }
}

void check_password(const std::string& password, const schema::email& email) {
  // What no login could send.
  if (!schema::is_utf8(password)) throw invalid_field("/password", "bad_utf8", "must be UTF-8");
  const std::array<std::string_view, 1> own{email.value()};
  if (const auto problem = utilities::problem_of_password(password, own)) {
    throw invalid_field("/password", std::string{problem->code}, std::string{problem->message});
  }
}

// From the address, made to fit; with a number behind it where that is taken.
user_name name_from(const schema::email& email, int attempt) {
  std::string text;
  const std::string_view address{email.value()};
  for (const char c : address.substr(0, address.find('@'))) text += utilities::is_user_name({&c, 1}) ? c : '_';
  const auto suffix = attempt == 0 ? std::string{} : "_" + std::to_string(attempt);
  while (text.size() < user_name_rule::min_length) text += '_';
  text.resize(std::min(text.size(), user_name_rule::max_length - suffix.size()));
  return text + suffix;
}

}  // namespace

task<uuid> account_service::create_admin(std::string email, std::string password) {
  const auto address = checked_email(email);
  check_password(password, address);
  const auto now = time_.now();
  user account{.id = uuid::version_7(now, random_), .created_at = now, .updated_at = now};
  account.email = address;
  account.email_verified = true;
  account.name = std::string{"Administrator"};
  account.role = role::admin;
  account.password_hash = co_await passwords_.hash(std::move(password));
  co_await keys_.make_data_key(account.id);
  constexpr int names_tried = 50;
  for (int attempt = 0; attempt < names_tried; ++attempt) {
    account.username = name_from(address, attempt);
    account.username_key = utilities::ascii_lower(account.username.value());
    std::string taken;
    try {
      co_await users_.insert(account);
    } catch (const store::error& refused) {
      if (!refused.is(store::failure::duplicate)) throw;
      taken = refused.index();
    }
    if (taken == "email") throw email_taken();
    if (!taken.empty()) continue;
    audit_entry act{.event = audit_event::admin_created, .subject = account.id};
    co_await audit_.record(std::move(act));
    co_return account.id;
  }
  throw username_taken();
}

}  // namespace nxg
