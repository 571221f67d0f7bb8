#include "services/api_error.hpp"

namespace nxg {

error_description describe(error_code code) noexcept {
  switch (code) {
    case error_code::invalid_request: return {"invalid_request", 400};
    case error_code::unauthenticated: return {"unauthenticated", 401};
    case error_code::forbidden: return {"forbidden", 403};
    case error_code::not_found: return {"not_found", 404};
    case error_code::conflict: return {"conflict", 409};
    case error_code::precondition_failed: return {"precondition_failed", 412};
    case error_code::precondition_required: return {"precondition_required", 428};
    case error_code::rate_limited: return {"rate_limited", 429};
    case error_code::busy: return {"busy", 503};
    case error_code::unavailable: return {"unavailable", 503};
    case error_code::outcome_unknown: return {"outcome_unknown", 503};
    case error_code::deadline_exceeded: return {"deadline_exceeded", 504};
    case error_code::idempotency_key_required: return {"idempotency_key_required", 400};
    case error_code::idempotency_key_invalid: return {"idempotency_key_invalid", 400};
    case error_code::idempotency_key_reused: return {"idempotency_key_reused", 422};
    case error_code::idempotency_in_progress: return {"idempotency_in_progress", 409};
    case error_code::url_invalid: return {"url_invalid", 403};
    case error_code::url_expired: return {"url_expired", 403};
    case error_code::credentials_invalid: return {"credentials_invalid", 401};
    case error_code::token_invalid: return {"token_invalid", 401};
    case error_code::token_expired: return {"token_expired", 401};
    case error_code::token_revoked: return {"token_revoked", 401};
    case error_code::refresh_token_invalid: return {"refresh_token_invalid", 401};
    case error_code::refresh_token_reused: return {"refresh_token_reused", 401};
    case error_code::security_state_stale: return {"security_state_stale", 503};
    case error_code::username_taken: return {"username_taken", 409};
    case error_code::email_taken: return {"email_taken", 409};
    case error_code::session_not_found: return {"session_not_found", 404};
    case error_code::consent_required: return {"consent_required", 403};
    case error_code::branch_not_found: return {"branch_not_found", 404};
    case error_code::branch_name_taken: return {"branch_name_taken", 409};
    case error_code::screen_not_found: return {"screen_not_found", 404};
    case error_code::check_in_code_invalid: return {"check_in_code_invalid", 422};
    case error_code::check_in_code_expired: return {"check_in_code_expired", 422};
    case error_code::check_in_code_used: return {"check_in_code_used", 409};
    case error_code::visit_active: return {"visit_active", 409};
    case error_code::visit_required: return {"visit_required", 409};
    case error_code::visit_not_found: return {"visit_not_found", 404};
    case error_code::machine_not_found: return {"machine_not_found", 404};
    case error_code::machine_name_taken: return {"machine_name_taken", 409};
    case error_code::machine_code_taken: return {"machine_code_taken", 409};
    case error_code::machine_credentials_invalid: return {"machine_credentials_invalid", 401};
    case error_code::machine_in_use: return {"machine_in_use", 409};
    case error_code::machine_offline: return {"machine_offline", 409};
    case error_code::machine_out_of_service: return {"machine_out_of_service", 409};
    case error_code::machine_in_other_branch: return {"machine_in_other_branch", 409};
    case error_code::machine_not_linked: return {"machine_not_linked", 409};
    case error_code::member_already_linked: return {"member_already_linked", 409};
    case error_code::samples_refused: return {"samples_refused", 422};
    case error_code::journal_full: return {"journal_full", 503};
    case error_code::workout_not_found: return {"workout_not_found", 404};
    case error_code::points_insufficient: return {"points_insufficient", 409};
    case error_code::profile_incomplete: return {"profile_incomplete", 400};
    case error_code::figures_out_of_range: return {"figures_out_of_range", 422};
    case error_code::plan_not_found: return {"plan_not_found", 404};
    case error_code::plan_in_progress: return {"plan_in_progress", 409};
    case error_code::plan_service_unavailable: return {"plan_service_unavailable", 503};
    case error_code::plan_not_safe: return {"plan_not_safe", 422};
    case error_code::exercise_not_found: return {"exercise_not_found", 404};
    case error_code::change_not_found: return {"change_not_found", 404};
    case error_code::log_not_found: return {"log_not_found", 404};
    case error_code::log_closed: return {"log_closed", 409};
    case error_code::already_logged: return {"already_logged", 409};
    case error_code::meal_not_found: return {"meal_not_found", 404};
    case error_code::meal_not_analyzed: return {"meal_not_analyzed", 409};
    case error_code::meal_picture_unusable: return {"meal_picture_unusable", 422};
    case error_code::meal_detection_unavailable: return {"meal_detection_unavailable", 503};
    case error_code::diary_full: return {"diary_full", 409};
    case error_code::scan_not_found: return {"scan_not_found", 404};
    case error_code::scan_upload_not_found: return {"scan_upload_not_found", 404};
    case error_code::scan_format_unsupported: return {"scan_format_unsupported", 415};
    case error_code::scan_too_large: return {"scan_too_large", 413};
    case error_code::scan_duplicate: return {"scan_duplicate", 409};
    case error_code::scan_day_taken: return {"scan_day_taken", 429};
    case error_code::scan_damaged: return {"scan_damaged", 422};
    case error_code::scan_upload_incomplete: return {"scan_upload_incomplete", 409};
    case error_code::scan_too_many_uploads: return {"scan_too_many_uploads", 409};
    case error_code::scan_not_ready: return {"scan_not_ready", 409};
    case error_code::scan_implausible: return {"scan_implausible", 422};
    case error_code::webhook_refused: return {"webhook_refused", 401};
  }
  return {"internal_error", 500};
}

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
