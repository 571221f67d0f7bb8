#pragma once

#include "repositories/census.hpp"
#include "repositories/exercise_logs.hpp"
#include "runtime/task.hpp"
#include "services/training/records.hpp"
#include "services/upkeep/findings.hpp"

namespace nxg::upkeep {

/// Compares personal records with the training diaries they are counted from; told to, counts anew what differs. While
/// changes of diaries are still to be delivered, what differs is behind rather than wrong.
task<void> check_personal_records(census& all, repositories::exercise_logs& logs, training::records& records,
                                  findings& into, bool rebuild);

}  // namespace nxg::upkeep
