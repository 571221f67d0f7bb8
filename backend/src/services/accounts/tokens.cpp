#include "services/accounts/tokens.hpp"

#include "services/accounts/errors.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <utility>
#include <variant>

namespace nxg {

namespace {

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

struct remembered {
  shared_principal who;
  /// Of the revocations it was last compared with.
  std::uint64_t generation = 0;
};

// Of a UUID of version 7, which begins with its milliseconds.
instant time_of(const uuid& id) {
  std::int64_t milliseconds = 0;
  for (std::size_t octet = 0; octet < 6; ++octet) milliseconds = milliseconds << 8 | id.bytes()[octet];
  return instant{std::chrono::milliseconds{milliseconds}};
}

api_error error_for(utilities::token_refusal why) {
  return why == utilities::token_refusal::expired ? token_expired() : token_invalid();
}

}  // namespace

struct token_service::cache {
  std::mutex mutex;
  /// By the whole token: only genuine ones get in, so nobody can choose where they land.
  std::unordered_map<std::string, remembered, text_hash, std::equal_to<>> known;
};

token_service::token_service(key_service& keys, revocation_list& revocations, runtime::clock& time,
                             runtime::random& random, std::size_t cores, token_settings settings)
    : keys_{keys}, revocations_{revocations}, time_{time}, random_{random}, settings_{std::move(settings)} {
  for (std::size_t core = 0; core < std::max<std::size_t>(cores, 1); ++core)
    caches_.push_back(std::make_unique<cache>());
}

token_service::~token_service() = default;

issued_token token_service::issue(const token_subject& to, std::chrono::seconds lifetime, instant as_of) {
  const auto second = std::chrono::floor<std::chrono::seconds>(as_of);
  const utilities::token_claims claims{
      .issuer = settings_.issuer,
      .audience = settings_.audience,
      .subject = to.id,
      .session = to.session,
      // Carries the milliseconds, which `iat` has none of.
      .token_id = uuid::version_7(as_of, random_),
      .role = boost::describe::enum_to_string(to.role, ""),
      .scopes = to.scopes,
      .issued_at = second,
      .not_before = second,
      .expires_at = second + lifetime,
  };
  const auto signer = keys_.access_signer();
  return {utilities::write_token(claims, signer.kid, signer.key), claims.expires_at};
}

shared_principal token_service::recall(std::size_t core, std::string_view token) {
  return revocations_.fresh() ? find(core, token) : nullptr;
}

shared_principal token_service::recall_stale(std::size_t core, std::string_view token) { return find(core, token); }

task<shared_principal> token_service::verify(std::size_t core, std::string token) {
  // Also what makes the list fresh again after a moment in which nobody read it.
  if (!revocations_.fresh()) co_await revocations_.refresh_if_stale();
  if (!revocations_.fresh()) throw security_state_stale();
  const auto generation = revocations_.generation();

  const auto kid = utilities::kid_of(token);
  if (!kid) throw token_invalid();
  const auto key = co_await keys_.find_access_verifier(*kid);
  if (!key) throw token_invalid();
  const utilities::token_expectations expected{.issuer = settings_.issuer, .audience = settings_.audience};
  const auto read = utilities::read_token(token, *key, expected, time_.now());
  if (const auto* why = std::get_if<utilities::token_refusal>(&read)) throw error_for(*why);

  const auto& claims = std::get<utilities::token_claims>(read);
  auto as = role::member;
  if (!boost::describe::enum_from_string(claims.role, as)) throw token_invalid();
  const auto issued_at = time_of(claims.token_id);
  if (revocations_.revoked(claims.session, claims.subject, issued_at)) throw token_revoked();

  auto who = std::make_shared<token_principal>();
  who->id = claims.subject;
  who->role = static_cast<unsigned>(as);
  who->session = claims.session;
  who->scopes = claims.scopes;
  who->expires_at = claims.expires_at;
  who->issued_at = issued_at;
  remember(core, std::move(token), who, generation);
  co_return who;
}

shared_principal token_service::find(std::size_t core, std::string_view token) {
  auto& held = *caches_[core % caches_.size()];
  const std::scoped_lock lock{held.mutex};
  const auto at = held.known.find(token);
  if (at == held.known.end()) return nullptr;
  auto& [who, generation] = at->second;
  const auto newest = revocations_.generation();
  const bool dead = who->expires_at <= time_.now() ||
                    (generation != newest && revocations_.revoked(who->session, who->id, who->issued_at));
  if (dead) {
    held.known.erase(at);
    return nullptr;
  }
  generation = newest;
  return who;
}

void token_service::remember(std::size_t core, std::string token, const shared_principal& who,
                             std::uint64_t generation) {
  auto& held = *caches_[core % caches_.size()];
  const std::scoped_lock lock{held.mutex};
  if (held.known.size() >= settings_.cached_per_core) {
    const auto now = time_.now();
    std::erase_if(held.known, [now](const auto& one) { return one.second.who->expires_at <= now; });
    // All alive: any of them may go, it costs one verification.
    if (held.known.size() >= settings_.cached_per_core) held.known.erase(held.known.begin());
  }
  held.known.insert_or_assign(std::move(token), remembered{who, generation});
}

}  // namespace nxg
