#pragma once

#include "models/branch.hpp"
#include "models/time_zone_name.hpp"
#include "repositories/branches.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/accounts/revocations.hpp"
#include "services/accounts/tokens.hpp"
#include "services/api_error.hpp"
#include "services/caller.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

struct new_branch {
  std::string name;
  std::string address;
  std::string city;
  std::string contact_number;
  std::int32_t capacity = 500;
  time_zone_name time_zone;
  std::vector<opening_hours> hours;
};

[[nodiscard]] api_error branch_not_found();

class branch_service {
 public:
  /// A screen's token is shown once and lasts this long; it is renewed by enrolling the screen anew.
  branch_service(branch_repository& branches, token_service& tokens, revocation_list& revocations, runtime::clock& time,
                 std::chrono::seconds screen_token_life)
      : branches_{branches},
        tokens_{tokens},
        revocations_{revocations},
        time_{time},
        screen_token_life_{screen_token_life} {}

  /// The same id again: the branch made first. Throws branch_name_taken.
  task<branch> create(new_branch what, uuid id);
  /// Throws branch_not_found; so do the others, also for a branch that was closed down.
  task<branch> get(uuid id);
  task<store::page<branch>> list(std::optional<std::string> city, std::size_t limit, std::optional<std::string> after) {
    return branches_.list(std::move(city), limit, std::move(after));
  }

  struct enrolled_screen {
    screen made;
    issued_token token;
  };
  /// The token of a screen of that name enrolled before is worth nothing from now on. Throws branch_not_found, also for
  /// who does not work there; so do the next two.
  task<enrolled_screen> enrol_screen(caller who, uuid branch_id, std::string name, uuid id);
  /// Newest first.
  task<store::page<screen>> screens(caller who, uuid branch_id, std::size_t limit, std::optional<std::string> after);
  /// Its token is worth nothing from now on. Throws screen_not_found.
  task<void> remove_screen(caller who, uuid branch_id, uuid screen_id);
  [[nodiscard]] instant token_end_of(const screen& one) const { return one.created_at + screen_token_life_; }

 private:
  task<void> require_worker(caller who, uuid branch_id);
  task<void> take_away(screen one);

  branch_repository& branches_;
  token_service& tokens_;
  revocation_list& revocations_;
  runtime::clock& time_;
  std::chrono::seconds screen_token_life_;
};

}  // namespace nxg
