#pragma once

#include "models/machine.hpp"
#include "repositories/branches.hpp"
#include "repositories/machines.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "services/accounts/attempts.hpp"
#include "services/accounts/revocations.hpp"
#include "services/accounts/tokens.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// What an admin says of a new machine.
struct new_machine {
  uuid branch_id;
  std::string name;
  nxg::machine_class class_ = machine_class::treadmill;
  std::string location;
  std::string model_number;
  std::optional<std::string> qr_code;
  std::vector<measure_limit> limits;
};

/// The machines of the chain and their identities.
class machine_registry {
 public:
  machine_registry(machine_repository& machines, branch_repository& branches, token_service& tokens,
                   revocation_list& revocations, attempt_limits& attempts, runtime::clock& time,
                   runtime::random& random);

  /// The same id again: the machine made first. Throws branch_not_found, machine_code_taken.
  task<machine> enrol(new_machine what, uuid id);
  /// Throws machine_not_found.
  task<machine> get(uuid id);
  /// By name. Throws branch_not_found.
  task<std::vector<machine>> of_branch(uuid branch_id);

  struct credentials {
    std::string secret;
    std::int64_t version = 0;
  };
  /// A new secret, shown this once; the one before, and its tokens, are worth nothing from now on.
  task<credentials> issue_credentials(uuid id);
  /// Throws machine_credentials_invalid, rate_limited.
  task<issued_token> exchange(uuid id, std::string secret, std::string address);

 private:
  machine_repository& machines_;
  branch_repository& branches_;
  token_service& tokens_;
  revocation_list& revocations_;
  attempt_limits& attempts_;
  runtime::clock& time_;
  runtime::random& random_;
};

}  // namespace nxg
