#pragma once

#include "gym/options.hpp"
#include "gym/reconciliation.hpp"

#include <atomic>

namespace nxg::gym {

/// Runs a simulated gym against the backend until its time is up or `interrupted` is set, then reconciles.
/// Throws `std::runtime_error` when the backend refuses something it should not, or stays away.
verdict run(const options& settings, const std::atomic<bool>& interrupted);

}  // namespace nxg::gym
