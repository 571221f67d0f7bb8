#include "services/api_error.hpp"

#include <boost/describe/enum_to_string.hpp>

namespace nxg {

int status_of(error_code code) noexcept {
  switch (code) {
    case error_code::invalid_request:
    case error_code::idempotency_key_required:
    case error_code::idempotency_key_invalid:
      return 400;
    case error_code::unauthenticated:
    case error_code::credentials_invalid:
    case error_code::token_invalid:
    case error_code::token_expired:
    case error_code::token_revoked:
    case error_code::refresh_token_invalid:
    case error_code::refresh_token_reused:
    case error_code::machine_credentials_invalid:
      return 401;
    case error_code::forbidden:
    case error_code::consent_required:
      return 403;
    case error_code::not_found:
    case error_code::session_not_found:
    case error_code::branch_not_found:
    case error_code::screen_not_found:
    case error_code::visit_not_found:
    case error_code::machine_not_found:
    case error_code::workout_not_found:
    case error_code::plan_not_found:
    case error_code::exercise_not_found:
      return 404;
    case error_code::conflict:
    case error_code::idempotency_in_progress:
    case error_code::username_taken:
    case error_code::email_taken:
    case error_code::branch_name_taken:
    case error_code::check_in_code_used:
    case error_code::visit_active:
    case error_code::visit_required:
    case error_code::machine_name_taken:
    case error_code::machine_code_taken:
    case error_code::machine_in_use:
    case error_code::machine_offline:
    case error_code::machine_out_of_service:
    case error_code::machine_in_other_branch:
    case error_code::machine_not_linked:
    case error_code::member_already_linked:
    case error_code::points_insufficient:
    case error_code::plan_in_progress:
      return 409;
    case error_code::precondition_failed:
      return 412;
    case error_code::idempotency_key_reused:
    case error_code::check_in_code_invalid:
    case error_code::check_in_code_expired:
    case error_code::samples_refused:
    case error_code::profile_incomplete:
    case error_code::plan_not_safe:
      return 422;
    case error_code::precondition_required:
      return 428;
    case error_code::rate_limited:
      return 429;
    case error_code::busy:
    case error_code::unavailable:
    case error_code::outcome_unknown:
    case error_code::security_state_stale:
    case error_code::journal_full:
    case error_code::plan_unavailable:
      return 503;
    case error_code::deadline_exceeded:
      return 504;
  }
  return 500;
}

std::string_view name_of(error_code code) noexcept { return boost::describe::enum_to_string(code, "internal_error"); }

api_error invalid_fields(std::vector<field_error> fields) {
  return api_error{error_code::invalid_request, "The request has invalid fields."}.with_fields(std::move(fields));
}

api_error invalid_field(std::string pointer, std::string code, std::string message) {
  return invalid_fields({{std::move(pointer), std::move(code), std::move(message)}});
}

api_error forbidden(std::string detail) { return {error_code::forbidden, std::move(detail)}; }

api_error not_found(std::string what) { return {error_code::not_found, "There is no such " + std::move(what) + "."}; }

api_error lost_race() {
  return {error_code::precondition_failed, "The resource was changed meanwhile: read it again and repeat the change."};
}

api_error busy(std::chrono::seconds retry_after) {
  return api_error{error_code::busy, "The server has too much to do right now."}.with_retry_after(retry_after);
}

api_error unavailable(std::string detail, std::chrono::seconds retry_after) {
  return api_error{error_code::unavailable, std::move(detail)}.with_retry_after(retry_after);
}

}  // namespace nxg
