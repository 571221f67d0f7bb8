#include "services/accounts/keys.hpp"

#include "store/errors.hpp"
#include "utilities/digest.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

namespace nxg {

using utilities::private_key;
using utilities::public_key;
using utilities::sealing_key;
using utilities::signature_algorithm;

/// A key of the store with its secret part open.
struct key_service::opened_key {
  std::string kid;
  key_state state = key_state::next;
  instant created_at{};
  std::optional<private_key> secret = {};
  std::optional<public_key> verifier = {};
  /// Of a symmetric key.
  std::string octets = {};
};

/// The keys of one scope, oldest first.
struct key_service::ring {
  std::vector<opened_key> keys;
  steady_instant loaded_at{};

  [[nodiscard]] const opened_key* in(key_state state) const noexcept {
    const auto at = std::ranges::find(keys, state, &opened_key::state);
    return at == keys.end() ? nullptr : &*at;
  }
  [[nodiscard]] const opened_key* named(std::string_view kid) const noexcept {
    const auto at = std::ranges::find(keys, kid, &opened_key::kid);
    return at == keys.end() ? nullptr : &*at;
  }
};

namespace {

std::string_view name_of(key_purpose purpose) noexcept {
  switch (purpose) {
    case key_purpose::access_token: return "access_token";
    case key_purpose::branch_code: return "branch_code";
    case key_purpose::data: return "data";
    case key_purpose::cursor: return "cursor";
  }
  return "";
}

std::string scope_of(key_purpose purpose, const std::optional<uuid>& owner) {
  std::string scope{name_of(purpose)};
  if (owner) scope += ":" + owner->to_string();
  return scope;
}

// What the sealed key is bound to: moved to another document it does not open.
std::string place_of(const std::string& kid, const std::string& scope) { return "keys/" + kid + "/" + scope; }

std::optional<signature_algorithm> algorithm_of(key_purpose purpose) noexcept {
  switch (purpose) {
    case key_purpose::access_token: return signature_algorithm::rs256;
    case key_purpose::branch_code: return signature_algorithm::ed25519;
    case key_purpose::data:
    case key_purpose::cursor: return std::nullopt;
  }
  return std::nullopt;
}

/// Keys of a branch are read again now and then: another process may have rotated them.
constexpr std::chrono::minutes trusted_for{10};

/// More would not be much luckier.
unsigned racing_threads() { return std::min(4U, std::max(1U, std::thread::hardware_concurrency())); }

}  // namespace

key_service::key_service(key_repository keys, sealing_key master, runtime::blocking_pool& pool, runtime::clock& time,
                         runtime::random& random, key_settings settings)
    : keys_{std::move(keys)},
      master_{std::move(master)},
      pool_{pool},
      time_{time},
      random_{random},
      settings_{settings},
      branches_{settings.cached_branch_keys},
      data_keys_{settings.cached_data_keys} {}

key_service::~key_service() = default;

void key_service::make_ahead() {
  auto job = std::make_shared<std::packaged_task<private_key()>>(
      [] { return private_key::generate_racing(signature_algorithm::rs256, racing_threads()); });
  {
    const std::scoped_lock lock{mutex_};
    ahead_ = job->get_future();
  }
  // Whoever waits for it does so on the pool as well, behind it.
  pool_.post([job] { (*job)(); });
}

task<void> key_service::start() {
  auto access = co_await load_or_make(key_purpose::access_token, {});
  keep(key_purpose::access_token, std::move(access));
  auto cursors = co_await load_or_make(key_purpose::cursor, {});
  keep(key_purpose::cursor, std::move(cursors));
}

task<std::vector<key_purpose>> key_service::maintain() {
  static constexpr std::array purposes{key_purpose::access_token, key_purpose::cursor};
  std::vector<key_purpose> rotated;
  for (const auto purpose : purposes) {
    const auto signed_with = kept(purpose)->in(key_state::current)->kid;
    auto loaded = co_await load_in_order(purpose, {});
    if (loaded->in(key_state::current)->kid != signed_with) rotated.push_back(purpose);
    keep(purpose, std::move(loaded));
  }
  co_return rotated;
}

task<void> key_service::rotate(key_purpose purpose, std::optional<uuid> owner) {
  // Sealed values name no key, so a data key stays as long as what it sealed.
  if (purpose == key_purpose::data) throw std::invalid_argument{"data keys do not rotate"};
  auto before = co_await load_or_make(purpose, owner);
  auto after = co_await replace(purpose, owner, std::move(before));
  if (owner) {
    branches_.put(*owner, std::move(after));
  } else {
    keep(purpose, std::move(after));
  }
}

task<key_service::shared_ring> key_service::replace(key_purpose purpose, std::optional<uuid> owner,
                                                    shared_ring before) {
  if (before->in(key_state::next) == nullptr) co_await make(purpose, owner, key_state::next);
  const auto current = before->in(key_state::current)->kid;
  const auto now = time_.now();
  // Of two processes that saw the same key is due, one retires it; the steps after do nothing the second time.
  co_await keys_.move(current, key_state::current, key_state::retired, now, now + afterlife_of(purpose));
  co_await promote(purpose, owner);
  co_await make(purpose, owner, key_state::next);
  co_return co_await load_or_make(purpose, owner);
}

key_service::signer key_service::access_signer() const {
  const auto held = kept(key_purpose::access_token);
  const auto* current = held->in(key_state::current);
  return {current->kid, *current->secret};
}

std::optional<public_key> key_service::access_verifier(std::string_view kid) const {
  const auto held = kept(key_purpose::access_token);
  const auto* key = held->named(kid);
  if (key == nullptr) return std::nullopt;
  return key->verifier;
}

task<std::optional<public_key>> key_service::find_access_verifier(std::string kid) {
  auto known = access_verifier(kid);
  if (known || !may_look_up()) co_return known;
  auto loaded = co_await load(key_purpose::access_token, {});
  if (loaded->in(key_state::current) != nullptr) keep(key_purpose::access_token, std::move(loaded));
  co_return access_verifier(kid);
}

std::vector<key_service::published> key_service::published_keys() const {
  std::vector<published> all;
  for (const auto& key : kept(key_purpose::access_token)->keys) all.push_back({key.kid, *key.verifier});
  return all;
}

std::string key_service::secret_for(std::string_view purpose) const {
  return utilities::hmac_sha256(master_.octets(), "nxg-secret-1:" + std::string{purpose});
}

std::vector<std::string> key_service::cursor_keys() const {
  const auto held = kept(key_purpose::cursor);
  std::vector<std::string> secrets{held->in(key_state::current)->octets};
  // The next one opens already: another process may have made it current a moment ago.
  for (const auto& key : held->keys) {
    if (key.state != key_state::current) secrets.push_back(key.octets);
  }
  return secrets;
}

task<key_service::signer> key_service::branch_signer(uuid branch) {
  auto held = branches_.find(branch);
  if (!held || time_.steady() - (*held)->loaded_at > trusted_for) {
    held = co_await load_in_order(key_purpose::branch_code, branch);
    branches_.put(branch, *held);
  }
  const auto* current = (*held)->in(key_state::current);
  co_return signer{current->kid, *current->secret};
}

task<std::optional<public_key>> key_service::branch_verifier(uuid branch, uuid kid) {
  const auto name = kid.to_string();
  auto held = branches_.find(branch);
  // What is not known is looked up: freely where the last look is long ago, else at a bounded rate.
  const bool looked_lately = held && time_.steady() - (*held)->loaded_at <= trusted_for;
  if ((!held || (*held)->named(name) == nullptr) && (!looked_lately || may_look_up())) {
    held = co_await load(key_purpose::branch_code, branch);
    // A branch nobody made is not worth a place: anybody can write an id into a code.
    if (!(*held)->keys.empty()) branches_.put(branch, *held);
  }
  const auto* key = (*held)->named(name);
  if (key == nullptr) co_return std::nullopt;
  co_return key->verifier;
}

task<void> key_service::make_data_key(uuid member) { co_await make(key_purpose::data, member, key_state::current); }

task<std::optional<sealing_key>> key_service::data_key(uuid member) {
  auto known = data_keys_.find(member);
  if (known) co_return known;
  const auto stored = co_await keys_.find(scope_of(key_purpose::data, member));
  if (!stored) co_return std::nullopt;
  sealing_key key{open(*stored).octets};
  data_keys_.put(member, key);
  co_return key;
}

task<key_service::shared_ring> key_service::load(key_purpose purpose, std::optional<uuid> owner) {
  const auto before = known(purpose, owner);
  const auto stored = co_await keys_.of_scope(scope_of(purpose, owner));
  auto loaded = std::make_shared<ring>();
  loaded->loaded_at = time_.steady();
  for (const auto& key : stored) {
    // Nothing of a key but its state ever changes.
    const auto* opened = before ? before->named(key.id) : nullptr;
    loaded->keys.push_back(opened != nullptr ? *opened : open(key));
    loaded->keys.back().state = key.state;
  }
  co_return loaded;
}

task<key_service::shared_ring> key_service::load_or_make(key_purpose purpose, std::optional<uuid> owner) {
  auto loaded = co_await load(purpose, owner);
  if (loaded->in(key_state::current) == nullptr && loaded->in(key_state::next) != nullptr) {
    // A rotation was interrupted between its two steps.
    co_await promote(purpose, owner);
    loaded = co_await load(purpose, owner);
  }
  if (loaded->in(key_state::current) == nullptr) {
    co_await make(purpose, owner, key_state::current);
    loaded = co_await load(purpose, owner);
  }
  if (loaded->in(key_state::current) == nullptr) {
    throw store::error{store::failure::unavailable, "a key that was just made is not there"};
  }
  co_return loaded;
}

task<key_service::shared_ring> key_service::load_in_order(key_purpose purpose, std::optional<uuid> owner) {
  auto loaded = co_await load_or_make(purpose, owner);
  if (loaded->in(key_state::next) == nullptr) {
    co_await make(purpose, owner, key_state::next);
    loaded = co_await load(purpose, owner);
  }
  if (is_due(*loaded)) loaded = co_await replace(purpose, owner, std::move(loaded));
  co_return loaded;
}

// The next key is made when the current one begins to sign. Its age is also how long the others had to hear of it.
bool key_service::is_due(const ring& keys) const {
  const auto* next = keys.in(key_state::next);
  return next != nullptr && time_.now() - next->created_at >= settings_.rotate_after;
}

std::function<private_key()> key_service::generator_of(signature_algorithm algorithm, key_purpose purpose,
                                                       key_state state) {
  if (state != key_state::current) return [algorithm] { return private_key::generate(algorithm); };
  if (purpose == key_purpose::access_token) {
    const std::scoped_lock lock{mutex_};
    if (ahead_.valid())
      return [made = std::make_shared<std::future<private_key>>(std::move(ahead_))] { return made->get(); };
  }
  return [algorithm] { return private_key::generate_racing(algorithm, racing_threads()); };
}

// Does nothing when somebody else was faster.
task<void> key_service::make(key_purpose purpose, std::optional<uuid> owner, key_state state) {
  const auto now = time_.now();
  stored_key made{
      .purpose = purpose, .owner = owner, .scope = scope_of(purpose, owner), .state = state, .created_at = now};
  // A data key is found by its member alone; the others by an id of their own.
  made.id = purpose == key_purpose::data ? made.scope : uuid::version_7(now, random_).to_string();
  std::string secret;
  if (const auto algorithm = algorithm_of(purpose)) {
    auto generate = generator_of(*algorithm, purpose, state);
    const auto key = co_await pool_.run(generate);
    secret = key.to_der();
    made.public_part = schema::bytes{key.public_half().to_der()};
  } else {
    secret = utilities::random_octets(random_, sealing_key::size);
  }
  made.wrapped = schema::bytes{master_.seal(secret, place_of(made.id, made.scope), random_)};
  try {
    co_await keys_.insert(std::move(made));
  } catch (const store::error& refused) {
    if (!refused.is(store::failure::duplicate)) throw;
  }
}

task<void> key_service::promote(key_purpose purpose, std::optional<uuid> owner) {
  const auto loaded = co_await load(purpose, owner);
  const auto* next = loaded->in(key_state::next);
  if (next == nullptr) co_return;
  try {
    co_await keys_.move(next->kid, key_state::next, key_state::current, time_.now(), {});
  } catch (const store::error& refused) {
    if (!refused.is(store::failure::duplicate)) throw;
  }
}

key_service::opened_key key_service::open(const stored_key& key) const {
  auto secret = master_.open(key.wrapped.value(), place_of(key.id, key.scope));
  if (!secret) {
    throw wrong_master_key{"NXG_MASTER_KEY does not open the keys in the store: it is not the one they were made with"};
  }
  opened_key opened{.kid = key.id, .state = key.state, .created_at = key.created_at};
  if (algorithm_of(key.purpose)) {
    opened.secret = private_key::from_der(*secret);
    if (!opened.secret) throw wrong_master_key{"a key in the store is damaged"};
    opened.verifier = opened.secret->public_half();
  } else {
    opened.octets = *std::move(secret);
  }
  return opened;
}

std::chrono::seconds key_service::afterlife_of(key_purpose purpose) const {
  using namespace std::chrono_literals;
  // Beyond the life of what it made: every process has to have heard of the successor before.
  constexpr std::chrono::seconds margin = 1h;
  switch (purpose) {
    case key_purpose::access_token: return settings_.longest_token_life + margin;
    case key_purpose::cursor: return settings_.cursor_life + margin;
    case key_purpose::branch_code: return 24h;
    case key_purpose::data: break;
  }
  return margin;
}

void key_service::keep(key_purpose purpose, shared_ring loaded) {
  const std::scoped_lock lock{mutex_};
  (purpose == key_purpose::access_token ? access_ : cursors_) = std::move(loaded);
}

key_service::shared_ring key_service::kept(key_purpose purpose) const {
  const std::scoped_lock lock{mutex_};
  const auto& held = purpose == key_purpose::access_token ? access_ : cursors_;
  if (!held) throw std::logic_error{"the keys are used before they were read"};
  return held;
}

key_service::shared_ring key_service::known(key_purpose purpose, const std::optional<uuid>& owner) {
  if (owner) return branches_.find(*owner).value_or(nullptr);
  const std::scoped_lock lock{mutex_};
  return purpose == key_purpose::access_token ? access_ : cursors_;
}

bool key_service::may_look_up() {
  const auto now = time_.steady();
  const std::scoped_lock lock{mutex_};
  if (looked_up_at_ && now - *looked_up_at_ < settings_.unknown_key_interval) return false;
  looked_up_at_ = now;
  return true;
}

}  // namespace nxg
