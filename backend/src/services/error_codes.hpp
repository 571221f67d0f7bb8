#pragma once

#include <cstdint>
#include <string_view>

namespace nxg {

/// Every error a caller can be told, by the stable name that is the contract (texts may change, codes do not).
/// A new code is added here (the numbers mean nothing) and in the switches of `describe` and `meaning_of`, which have
/// no default: forgetting it does not compile.
enum class error_code : std::uint8_t {
  // any resource
  invalid_request,
  unauthenticated,
  forbidden,
  not_found,
  conflict,
  precondition_failed,
  precondition_required,
  rate_limited,
  busy,
  unavailable,
  outcome_unknown,
  deadline_exceeded,
  idempotency_key_required,
  idempotency_key_invalid,
  idempotency_key_reused,
  idempotency_in_progress,
  // signed links
  url_invalid,
  url_expired,
  // accounts
  credentials_invalid,
  token_invalid,
  token_expired,
  token_revoked,
  refresh_token_invalid,
  refresh_token_reused,
  security_state_stale,
  username_taken,
  email_taken,
  session_not_found,
  consent_required,
  // branches, visits
  branch_not_found,
  branch_name_taken,
  screen_not_found,
  check_in_code_invalid,
  check_in_code_expired,
  check_in_code_used,
  visit_active,
  visit_required,
  visit_not_found,
  // machines, links
  machine_not_found,
  machine_name_taken,
  machine_code_taken,
  machine_credentials_invalid,
  machine_in_use,
  machine_offline,
  machine_out_of_service,
  machine_in_other_branch,
  machine_not_linked,
  member_already_linked,
  // samples, workouts
  samples_refused,
  journal_full,
  workout_not_found,
  points_insufficient,
  // planning
  profile_incomplete,
  figures_out_of_range,
  plan_not_found,
  plan_in_progress,
  plan_service_unavailable,
  plan_not_safe,
  exercise_not_found,
  // training
  change_not_found,
  log_not_found,
  log_closed,
  already_logged,
  // meals
  meal_not_found,
  meal_not_analyzed,
  meal_picture_unusable,
  meal_detection_unavailable,
  diary_full,
  // scans
  scan_not_found,
  scan_upload_not_found,
  scan_format_unsupported,
  scan_too_large,
  scan_duplicate,
  scan_day_taken,
  scan_damaged,
  scan_upload_incomplete,
  scan_too_many_uploads,
  scan_not_ready,
  scan_implausible,
  webhook_refused,
};
struct error_description {
  /// The code as callers see it, e.g. `machine_in_use`.
  std::string_view name;
  /// The HTTP status this error is answered with.
  int status;
};
[[nodiscard]] error_description describe(error_code code) noexcept;
/// For people: what it means, and what to do about it. Empty where the http library has the code too, and tells it.
[[nodiscard]] std::string_view meaning_of(error_code code) noexcept;

[[nodiscard]] inline int status_of(error_code code) noexcept { return describe(code).status; }
[[nodiscard]] inline std::string_view name_of(error_code code) noexcept { return describe(code).name; }

}  // namespace nxg
