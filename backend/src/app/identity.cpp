#include "app/identity.hpp"

#include "services/accounts/master_key.hpp"

namespace nxg::app {

namespace {

/// Production has it from its environment (settings see to that); elsewhere it is made once, beside the data.
utilities::sealing_key master_key(const settings& values, platform& on) {
  return values.master_key.empty() ? keep_master_key_in(values.data_dir, on.random)
                                   : parse_master_key(values.master_key);
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
      keys{kept.keys, master_key(values, on), on.keys, on.time, on.random},
      seals{keys, on.random},
      revocations{kept.revocations, shared.bus(), on.time, on.log},
      tokens{keys, revocations, on.time, on.random, on.io.size()},
      audit{kept.audit_records, on.time, on.random, on.log},
      passwords{on.passwords},
      sessions{kept.users, kept.refresh_families, tokens, revocations, audit, attempts, on.time, on.random},
      accounts{kept.users, sessions,  keys,    revocations, audit,
               attempts,   passwords, on.time, on.random,   {.minimum_age = values.minimum_age}} {
  kept.database.use_keyring(&seals);
}

}  // namespace nxg::app
