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

// `<session id>.<256 random bits>`: the id finds the family without an index on secrets.
std::string token_text(const uuid& family, std::string_view secret) {
  return family.to_string() + '.' + utilities::base64url(secret);
}

std::string hash_of(std::string_view secret) { return utilities::hex(utilities::sha256(secret)); }

bool holds(const std::vector<std::string>& hashes, const std::string& hash) {
  return std::ranges::find(hashes, hash) != hashes.end();
}

}  // namespace

struct session_service::parsed_token {
  uuid family;
  std::string hash;

  static std::optional<parsed_token> parse(std::string_view text) {
    if (text.size() <= id_text_size || text[id_text_size] != '.') return std::nullopt;
    const auto family = uuid::parse(text.substr(0, id_text_size));
    const auto secret = utilities::from_base64url(text.substr(id_text_size + 1));
    if (!family || !secret || secret->size() != secret_size) return std::nullopt;
    return parsed_token{*family, hash_of(*secret)};
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

task<token_pair> session_service::open(const user& account, instant as_of, request_origin origin) {
  const auto now = time_.now();
  const auto secret = new_secret();
  refresh_family family{
      .id = uuid::version_7(now, random_),
      .user_id = account.id,
      .created_at = now,
      .last_used_at = now,
      .ends_at = now + settings_.longest_session,
      .user_agent = std::move(origin.user_agent),
      .remote_address = std::move(origin.address),
      .valid = {hash_of(secret)},
  };
  family.expires_at = expiry(family, now);
  co_await families_.insert(family);
  co_return renew(account, as_of, family, secret, family.expires_at);
}

token_pair session_service::renew(const user& account, instant as_of, const refresh_family& family,
                                  std::string_view successor, instant expires_at) {
  const token_subject subject{
      .id = account.id, .role = account.role, .session = family.id, .scopes = account.staff_branches};
  auto access = tokens_.issue(subject, tokens_.settings().access_life, as_of);
  return token_pair{.access_token = std::move(access.text),
                    .refresh_token = token_text(family.id, successor),
                    .access_token_expires_at = access.expires_at,
                    .refresh_token_expires_at = expires_at};
}

task<token_pair> session_service::refresh(std::string token, request_origin origin) {
  const auto parsed = parsed_token::parse(token);
  if (!parsed) co_await refuse(origin.address);
  co_await attempts_.before_exchange("refresh", parsed->family.to_string());
  // Another process may change the family between reading and writing: then it is read again.
  for (int tries = 0; tries < 5; ++tries) {
    const auto family = co_await families_.find(parsed->family);
    const auto now = time_.now();
    if (!family || family->expires_at <= now) co_await refuse(origin.address);
    const bool usable = holds(family->valid, parsed->hash);
    const bool just_rotated = family->rotated == parsed->hash;
    if (!usable && !just_rotated && !holds(family->spent, parsed->hash)) co_await refuse(origin.address);
    if (family->revoked_at) throw refresh_token_invalid();

    const bool lost_answer = just_rotated && now - family->rotated_at.value_or(instant{}) <= settings_.retry_window;
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
    co_return renew(*account, now, *family, secret, expires_at);
  }
  throw busy();
}

// Never returns: the same answer for every token that means nothing here.
task<void> session_service::refuse(std::string address) {
  co_await attempts_.failed(std::move(address));
  throw refresh_token_invalid();
}

task<void> session_service::end_stolen(const refresh_family& family, request_origin origin) {
  co_await families_.revoke(family.id, time_.now());
  co_await revocations_.revoke_session(family.id);
  audit_entry act{.event = audit_event::refresh_token_reuse,
                  .subject = family.user_id,
                  .success = false,
                  .detail = "session " + family.id.to_string(),
                  .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
}

task<void> session_service::logout(caller who, std::optional<std::string> refresh_token, request_origin origin) {
  const auto now = time_.now();
  co_await families_.revoke_of(who.id, who.session, now);
  co_await revocations_.revoke_session(who.session);
  const auto other = refresh_token ? parsed_token::parse(*refresh_token) : std::nullopt;
  if (other && other->family != who.session) {
    const auto family = co_await families_.find(other->family);
    if (family && family->user_id == who.id && (holds(family->valid, other->hash) || family->rotated == other->hash)) {
      co_await families_.revoke_of(who.id, family->id, now);
      co_await revocations_.revoke_session(family->id);
    }
  }
  audit_entry act{.event = audit_event::user_logout,
                  .actor = who.id,
                  .actor_role = who.role,
                  .subject = who.id,
                  .origin = std::move(origin)};
  co_await audit_.record(std::move(act));
}

task<void> session_service::logout_all(caller who, request_origin origin) {
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
  const auto ended = co_await families_.revoke_of(who.id, session, time_.now());
  if (!ended) throw session_not_found();
  co_await revocations_.revoke_session(session);
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
    for (const auto& family : families) {
      co_await families_.revoke(family.id, time_.now());
      co_await revocations_.revoke_session(family.id);
    }
    families = co_await families_.active_of(account);
  }
}

std::string session_service::new_secret() { return utilities::random_octets(random_, secret_size); }

instant session_service::expiry(const refresh_family& family, instant now) const {
  return std::min<instant>(now + settings_.refresh_life, family.ends_at);
}

}  // namespace nxg
