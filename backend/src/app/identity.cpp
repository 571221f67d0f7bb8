#include "app/identity.hpp"

#include "repositories/development_secrets.hpp"
#include "services/accounts/master_key.hpp"

namespace nxg::app {

namespace {

/// For processes that share a store but no folder.
utilities::sealing_key shared_master_key(platform& on, storage& kept) {
  development_secret_repository secrets{kept.database};
  std::string text;
  const auto job = [&]() -> task<> {
    co_await store::prepare(kept.database);
    text = co_await secrets.keep("master key", draw_master_key(on.random));
  };
  on.run_to_end(job());
  return parse_master_key(text);
}

/// Production has it from its environment (settings see to that); elsewhere it is made once, beside the data.
utilities::sealing_key master_key(const settings& values, platform& on, storage& kept) {
  if (!values.master_key.empty()) return parse_master_key(values.master_key);
  return values.mongodb_url.empty() ? keep_master_key_in(values.data_dir, on.random) : shared_master_key(on, kept);
}

attempt_settings attempts_of(const settings& values) {
  attempt_settings result;
  result.failures_per_account_and_address =
      static_cast<std::uint64_t>(values.limit_login_failures_per_account_and_address);
  result.failures_per_account = static_cast<std::uint64_t>(values.limit_login_failures_per_account);
  result.failures_per_address = static_cast<std::uint64_t>(values.limit_login_failures_per_address);
  return result;
}

}  // namespace

identity::identity(const settings& values, platform& on, storage& kept, coordination::coordinator& shared)
    : attempts{shared.rate_limiter(), attempts_of(values)},
      keys{kept.keys, master_key(values, on, kept), on.keys, on.time, on.random, {.rotate_after = values.key_rotation}},
      seals{keys, on.random},
      revocations{kept.revocations, shared.bus(), on.time, on.log},
      tokens{keys, revocations, on.time, on.random, on.io.size()},
      audit{kept.audit_records, on.time, on.random, on.log},
      bodies{kept.users, kept.body_records, on.time, on.random},
      member_preferences{kept.users, audit, on.time},
      passwords{on.passwords},
      sessions{kept.users, kept.refresh_families, tokens, revocations, audit, attempts, on.time, on.random},
      accounts{kept.users, sessions,      keys,      revocations, audit,     attempts,
               bodies,     kept.branches, passwords, on.time,     on.random, {.minimum_age = values.minimum_age}} {
  kept.database.use_keyring(&seals);
}

}  // namespace nxg::app
