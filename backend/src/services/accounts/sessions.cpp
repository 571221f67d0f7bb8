#include "services/accounts/sessions.hpp"

#include "services/accounts/errors.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <algorithm>
#include <utility>

namespace nxg {

namespace {

constexpr std::size_t secret_size = 32;
constexpr std::size_t id_text_size = 36;

// `<session id>.<secret of the family><secret of the token>`, 256 random bits each: the id finds the family without an
// index on secrets, the family's secret shows that the token was given out here, however long ago.
std::string token_text(const uuid& family, std::string_view of_family, std::string_view of_token) {
  return family.to_string() + '.' + utilities::base64url(std::string{of_family}.append(of_token));
}

std::string hash_of(std::string_view secret) { return utilities::hex(utilities::sha256(secret)); }

bool holds(const std::vector<std::string>& hashes, const std::string& hash) {
  return std::ranges::find(hashes, hash) != hashes.end();
}

}  // namespace

struct session_service::parsed_token {
  uuid family;
  std::string family_secret;
  std::string hash;

  static std::optional<parsed_token> parse(std::string_view text) {
    if (text.size() <= id_text_size || text[id_text_size] != '.') return std::nullopt;
    const auto family = uuid::parse(text.substr(0, id_text_size));
    const auto secrets = utilities::from_base64url(text.substr(id_text_size + 1));
    if (!family || !secrets || secrets->size() != 2 * secret_size) return std::nullopt;
    return parsed_token{*family, secrets->substr(0, secret_size), hash_of(secrets->substr(secret_size))};
  }
};

session_service::session_service(user_repository users, refresh_family_repository families, token_service& tokens,
                                 revocation_list& revocations, audit_log& audit, attempt_limits& attempts,
                                 runtime::clock& time, runtime::random& random, session_settings settings)
    : users_{std::move(users)},
      families_{std::move(families)},
      tokens_{tokens},
      revocations_{revocations},
      audit_{audit},
      attempts_{attempts},
      time_{time},
      random_{random},
      settings_{settings} {}

task<token_pair> session_service::open(uuid account, request_origin origin) {
  const auto now = time_.now();
  const auto family_secret = new_secret();
  const auto secret = new_secret();
  refresh_family family{
      .id = uuid::version_7(now, random_),
      .user_id = account,
      .created_at = now,
      .last_used_at = now,
      .ends_at = now + settings_.longest_session,
      .user_agent = std::move(origin.user_agent),
      .remote_address = std::move(origin.address),
      .family_hash = hash_of(family_secret),
      .valid = {hash_of(secret)},
  };
  family.expires_at = expiry(family, now);
  co_await families_.insert(family);
  // Read after that: who suspends it or changes its role meanwhile finds this session, or what they did is found here.
  const auto as_of = time_.now();
  const auto present = co_await users_.find(account);
  if (!present || present->status != account_status::active) {
    co_await revoke(family.id);
    throw credentials_invalid();
  }
  co_await end_beyond_most(account, family.id);
  co_return renew(*present, as_of, family.id, token_text(family.id, family_secret, secret), family.expires_at);
}

task<void> session_service::end_beyond_most(uuid account, uuid newest) {
  const auto families = co_await families_.active_of(account);
  for (std::size_t i = settings_.most_per_account; i < families.size(); ++i) {
    if (families[i].id != newest) co_await revoke(families[i].id);
  }
}

token_pair session_service::renew(const user& account, instant as_of, const uuid& session, std::string refresh_token,
                                  instant expires_at) {
  const token_subject subject{
      .id = account.id, .role = account.role, .session = session, .scopes = account.staff_branches};
  auto access = tokens_.issue(subject, tokens_.settings().access_life, as_of);
  return token_pair{.access_token = std::move(access.text),
                    .refresh_token = std::move(refresh_token),
                    .access_token_expires_at = access.expires_at,
                    .refresh_token_expires_at = expires_at};
}

task<token_pair> session_service::refresh(std::string token, request_origin origin) {
  const auto parsed = parsed_token::parse(token);
  if (!parsed) co_await refuse(origin.address);
  // Another process may change the family between reading and writing: then it is read again.
  for (int tries = 0; tries < 5; ++tries) {
    const auto family = co_await families_.find(parsed->family);
    const auto now = time_.now();
    const bool given_here = family && family->family_hash == hash_of(parsed->family_secret);
    if (!given_here || family->expires_at <= now) co_await refuse(origin.address);
    // Counted when the secret is right: nobody may lock a session out by its id.
    if (tries == 0) co_await attempts_.before_exchange("refresh", parsed->family.to_string());
    if (family->revoked_at) throw refresh_token_invalid();

    const bool usable = holds(family->valid, parsed->hash);
    const bool lost_answer =
        family->rotated == parsed->hash && now - family->rotated_at.value_or(instant{}) <= settings_.retry_window;
    if (!usable && !lost_answer) {
      co_await end_stolen(*family, origin);
      throw refresh_token_reused();
    }
    const auto account = co_await users_.find(family->user_id);
    if (!account || account->status != account_status::active) {
      co_await families_.revoke(family->id, now);
      throw refresh_token_invalid();
    }
    const auto secret = new_secret();
    const auto expires_at = expiry(*family, now);
    bool changed = false;
    if (usable) {
      changed = co_await families_.rotate(*family, parsed->hash, hash_of(secret), now, expires_at);
    } else {
      changed = co_await families_.add_successor(family->id, parsed->hash, hash_of(secret), now, expires_at);
    }
    if (!changed) continue;
    audit_entry act{.event = audit_event::token_refresh,
                    .actor = account->id,
                    .actor_role = account->role,
                    .subject = account->id,
                    .origin = origin};
    co_await audit_.record(std::move(act));
    co_return renew(*account, now, family->id, token_text(family->id, parsed->family_secret, secret), expires_at);
  }
  throw busy();
}

// Never returns: the same answer for every token that means nothing here.
task<void> session_service::refuse(std::string address) {
  co_await attempts_.failed(std::move(address));
  throw refresh_token_invalid();
}

task<void> session_service::revoke(uuid session) {
  co_await revocations_.revoke_session(session);
  co_await families_.revoke(session, time_.now());
}

task<void> session_service::end_stolen(const refresh_family& family, request_origin origin) {
  audit_entry act{.event = audit_event::refresh_token_reuse,
                  .subject = family.user_id,
                  .success = false,
                  .detail = "session " + family.id.to_string(),
                  .origin = std::move(origin)};
  co_await revocations_.revoke_session(family.id);
  // Before the family ends: where it cannot be recorded, whoever tries again finds the theft again.
  co_await audit_.record(std::move(act));
  co_await families_.revoke(family.id, time_.now());
}

task<void> session_service::logout(caller who, std::optional<std::string> refresh_token, request_origin origin) {
  co_await revoke(who.session);
  const auto other = refresh_token ? parsed_token::parse(*refresh_token) : std::nullopt;
  if (other && other->family != who.session) {
    const auto family = co_await families_.find(other->family);
    const bool given_here = family && family->family_hash == hash_of(other->family_secret);
    if (given_here && family->user_id == who.id) co_await revoke(family->id);
  }
  audit_entry act{.event = audit_event::user_logout,
                  .actor = who.id,
                  .actor_role = who.role,
                  .subject = who.id,
                  .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
}

task<void> session_service::logout_all(caller who, request_origin origin) {
  // All tokens by one write: sessions end one by one, and the deadline may strike before the last of them.
  co_await revocations_.revoke_principal(who.id);
  co_await end_all_of(who.id);
  // Where the caller's own session is beyond the list (it has expired in the store), its token still lives.
  co_await revocations_.revoke_session(who.session);
  audit_entry act{.event = audit_event::all_sessions_ended,
                  .actor = who.id,
                  .actor_role = who.role,
                  .subject = who.id,
                  .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
}

task<std::vector<session_view>> session_service::list(caller who) {
  const auto families = co_await families_.active_of(who.id);
  std::vector<session_view> sessions;
  for (const auto& family : families) {
    sessions.push_back({.session_id = family.id,
                        .created_at = family.created_at,
                        .last_used_at = family.last_used_at,
                        .expires_at = family.expires_at,
                        .user_agent = family.user_agent,
                        .ip_address = family.remote_address,
                        .current = family.id == who.session});
  }
  co_return sessions;
}

task<void> session_service::end(caller who, uuid session, request_origin origin) {
  const auto family = co_await families_.find(session);
  const bool is_theirs = family && family->user_id == who.id && !family->revoked_at;
  if (!is_theirs) throw session_not_found();
  co_await revoke(session);
  audit_entry act{.event = audit_event::session_revoke,
                  .actor = who.id,
                  .actor_role = who.role,
                  .subject = who.id,
                  .detail = "session " + session.to_string(),
                  .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
}

task<void> session_service::end_all_of(uuid account) {
  // The list is bounded; sessions ended are not in it any more, so it is read until it is empty.
  for (auto families = co_await families_.active_of(account); !families.empty();) {
    for (const auto& family : families) co_await revoke(family.id);
    families = co_await families_.active_of(account);
  }
}

std::string session_service::new_secret() { return utilities::random_octets(random_, secret_size); }

instant session_service::expiry(const refresh_family& family, instant now) const {
  return std::min<instant>(now + settings_.refresh_life, family.ends_at);
}

}  // namespace nxg
