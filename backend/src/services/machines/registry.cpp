#include "services/machines/registry.hpp"

#include "services/machines/errors.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

namespace nxg {
namespace {

constexpr std::size_t secret_octets = 32;

/// What tokens of one secret are revoked by.
uuid credential_id(const uuid& machine, std::int64_t version) {
  return uuid::derived_from("machine-credential:" + machine.to_string() + ":" + std::to_string(version));
}

/// The secret is drawn at random, 256 bits of it: a plain hash is enough, there is nothing to guess.
std::string hash_of_secret(const std::string& secret) { return utilities::hex(utilities::sha256(secret)); }

api_error branch_not_found() { return {error_code::branch_not_found, "There is no such branch."}; }

}  // namespace

machine_registry::machine_registry(machine_repository& machines, branch_repository& branches, token_service& tokens,
                                   revocation_list& revocations, attempt_limits& attempts, runtime::clock& time,
                                   runtime::random& random)
    : machines_{machines},
      branches_{branches},
      tokens_{tokens},
      revocations_{revocations},
      attempts_{attempts},
      time_{time},
      random_{random} {}

task<machine> machine_registry::enrol(new_machine what, uuid id) {
  const auto branch = co_await branches_.find(what.branch_id);
  if (!branch || !branch->active) throw branch_not_found();
  const auto now = time_.now();
  const machine made{.id = id,
                     .branch_id = what.branch_id,
                     .name = what.name,
                     .class_ = what.class_,
                     .location = what.location,
                     .model_number = what.model_number,
                     .qr_code = what.qr_code,
                     .limits = what.limits,
                     .status_since = now,
                     .created_at = now};
  std::string taken;
  try {
    co_await machines_.insert(made);
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
    taken = error.index();
  }
  if (taken == "qr_code") {
    // A repeated request meets its own machine by either index.
    const auto holder = co_await machines_.find_by_code(*what.qr_code);
    if (!holder || holder->id != id) throw machine_code_taken();
  }
  co_return co_await get(id);
}

task<machine> machine_registry::get(uuid id) {
  auto found = co_await machines_.find(id);
  if (!found) throw machine_not_found();
  co_return std::move(*found);
}

task<std::vector<machine>> machine_registry::of_branch(uuid branch_id) {
  const auto branch = co_await branches_.find(branch_id);
  if (!branch || !branch->active) throw branch_not_found();
  co_return co_await machines_.of_branch(branch_id);
}

task<machine_registry::credentials> machine_registry::issue_credentials(uuid id) {
  const auto before = co_await get(id);
  // First: should this end in between, tokens of the secret before must not live on unnoticed.
  if (before.secret_version > 0) co_await revocations_.revoke_session(credential_id(id, before.secret_version));
  auto secret = utilities::base64url(utilities::random_octets(random_, secret_octets));
  const auto changed = co_await machines_.set_secret(id, hash_of_secret(secret));
  // Of secrets made at the same time.
  for (auto version = before.secret_version + 1; version < changed.secret_version; ++version)
    co_await revocations_.revoke_session(credential_id(id, version));
  co_return credentials{std::move(secret), changed.secret_version};
}

task<issued_token> machine_registry::exchange(uuid id, std::string secret, std::string address) {
  const auto now = time_.now();
  const auto found = co_await machines_.find(id);
  const bool right =
      found && found->secret_hash && utilities::equal_in_constant_time(*found->secret_hash, hash_of_secret(secret));
  if (!right) {
    co_await attempts_.failed(address);
    throw machine_credentials_invalid();
  }
  // Counted when the secret is right: ids of machines are no secret, and nobody may lock a machine out by its id.
  co_await attempts_.before_exchange("machine", id.to_string());
  const token_subject to{found->id, role::machine, credential_id(id, found->secret_version), {found->branch_id}};
  co_return tokens_.issue(to, tokens_.settings().machine_life, now);
}

}  // namespace nxg
