#pragma once

#include "models/user.hpp"
#include "models/visit.hpp"
#include "repositories/branches.hpp"
#include "repositories/users.hpp"
#include "repositories/visits.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "services/accounts/keys.hpp"
#include "services/caller.hpp"
#include "services/machines/link_service.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace nxg {

/// A code for a branch's screen to show.
struct check_in_code {
  std::string token;
  /// Until when it is taken.
  instant expires_at{};
  /// When the screen should show the next one.
  instant next_at{};
};

/// Members in the gym: check-in by the code on the branch's screen, check-out, and what the clock ends.
class visit_service {
 public:
  static constexpr std::chrono::seconds code_shown_for{30};
  static constexpr std::chrono::seconds code_accepted_for{60};

  visit_service(visit_repository& visits, branch_repository& branches, key_service& keys, link_service& links,
                user_repository& users, runtime::clock& time, runtime::random& random, telemetry::logger log);

  /// For the branch's own screen, and for who works there. Throws branch_not_found.
  task<check_in_code> code(caller who, uuid branch_id);

  /// The same id again: the visit started first. Throws check_in_code_invalid, check_in_code_expired,
  /// check_in_code_used, visit_active.
  task<visit> start(uuid member, std::string token, uuid visit_id);

  struct ended {
    visit made;
    /// What the workout that was still going on came to so far.
    std::optional<workouts::workout_view> workout;
  };
  /// `first_tried`: when the request was first made; a visit it ended then is told again. Throws visit_not_found.
  task<ended> end(uuid member, instant first_tried);

  task<std::optional<visit>> current(uuid member);
  task<store::page<visit>> history(uuid member, std::size_t limit, std::optional<std::string> after) {
    return visits_.history(member, limit, std::move(after));
  }

  /// What follows from an event; any number of times.
  task<void> on_started(visit_started event);
  task<void> on_ended(visit_ended event);
  task<void> on_suspended(account_suspended event);

  /// For a job: ends what the clock ends; how many.
  task<std::size_t> end_due();

 private:
  struct accepted_code {
    uuid branch_id;
    uuid nonce;
    instant issued_at{};
  };
  task<accepted_code> accept(std::string token);
  task<bool> end_by_clock(visit one);
  /// Whether the account is active.
  task<bool> is_welcome(uuid member);
  /// Ends the visit of somebody whose account is no longer active.
  task<void> turn_out(const visit& whose);

  visit_repository& visits_;
  branch_repository& branches_;
  key_service& keys_;
  link_service& links_;
  user_repository& users_;
  runtime::clock& time_;
  runtime::random& random_;
  telemetry::logger log_;
};

}  // namespace nxg
