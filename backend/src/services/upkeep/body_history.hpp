#pragma once

#include "repositories/body_records.hpp"
#include "repositories/census.hpp"
#include "repositories/users.hpp"
#include "runtime/task.hpp"
#include "services/upkeep/findings.hpp"

namespace nxg::upkeep {

/// Compares the history of members' bodies with their accounts, which have the newest record and the figures it left.
/// Told to, it completes a history from the account; two that contradict each other are left to people. What is merely
/// behind, because the event that completes the history is not delivered yet, is no fault.
task<void> check_body_history(census& all, user_repository& users, body_record_repository& records, findings& into,
                              bool rebuild);

}  // namespace nxg::upkeep
