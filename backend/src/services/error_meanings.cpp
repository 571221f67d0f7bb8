#include "services/error_codes.hpp"

namespace nxg {

std::string_view meaning_of(error_code code) noexcept {
  switch (code) {
    // Codes of the http library too, which tells what they mean.
    case error_code::invalid_request:
    case error_code::unauthenticated:
    case error_code::forbidden:
    case error_code::not_found:
    case error_code::precondition_failed:
    case error_code::precondition_required:
    case error_code::rate_limited:
    case error_code::busy:
    case error_code::deadline_exceeded:
    case error_code::idempotency_key_required:
    case error_code::idempotency_key_invalid:
    case error_code::idempotency_key_reused:
    case error_code::idempotency_in_progress: return "";
    case error_code::conflict:
      return "Something with this identity is there already. Read what there is before you repeat it.";
    case error_code::unavailable:
      return "What the operation needs cannot be reached right now. Repeat it after `Retry-After`.";
    case error_code::outcome_unknown:
      return "Nobody can tell whether it was done. Read before you repeat it; with an `Idempotency-Key` it may be "
             "repeated at once.";
    case error_code::url_invalid:
      return "The link was not signed here, or was changed. Ask for the resource again: it has a new link.";
    case error_code::url_expired: return "The link has ended. Ask for the resource again: it has a new link.";
    case error_code::credentials_invalid:
      return "E-mail address or password is wrong, or the account may not log in. Ask the person again.";
    case error_code::token_invalid: return "The access token is none of ours, or damaged. Log in again.";
    case error_code::token_expired:
      return "The access token has ended. Exchange the refresh token for a new one, or log in again.";
    case error_code::token_revoked: return "The login or the account behind the token was ended. Log in again.";
    case error_code::refresh_token_invalid: return "The refresh token has ended or is none of ours. Log in again.";
    case error_code::refresh_token_reused:
      return "The refresh token was used before, so somebody may have copied it: the session was ended. Log in again, "
             "and keep only the newest.";
    case error_code::security_state_stale:
      return "It cannot be told right now which tokens are still good. Repeat the request after `Retry-After`.";
    case error_code::username_taken: return "Somebody else has this user name. Choose another one.";
    case error_code::email_taken: return "There is an account with this e-mail address. Log in with it instead.";
    case error_code::session_not_found: return "The caller has no such login session: it ended already, or never was.";
    case error_code::consent_required:
      return "It needs recorded consent of type `health_data`. Ask the member for it, and record it with `POST "
             "/api/users/me/consents`.";
    case error_code::branch_not_found:
      return "There is no branch of this id. `GET /api/branches` lists those there are.";
    case error_code::branch_name_taken: return "Another branch has this name. Choose another one.";
    case error_code::screen_not_found: return "The branch has no such screen; it may have been removed.";
    case error_code::check_in_code_invalid:
      return "The text is no check-in code of this gym. Scan the one on the screen at the entrance.";
    case error_code::check_in_code_expired: return "The check-in code is too old. Scan the one on the screen now.";
    case error_code::check_in_code_used:
      return "The member has used this check-in code before. Scan the one on the screen now.";
    case error_code::visit_active: return "The member is checked in already. Go on with that visit, or end it first.";
    case error_code::visit_required: return "The member is not checked in. Check in first.";
    case error_code::visit_not_found: return "There is no such visit, or none is going on. Check in first.";
    case error_code::machine_not_found: return "There is no machine of this id.";
    case error_code::machine_name_taken: return "Another machine of the branch has this name. Choose another one.";
    case error_code::machine_code_taken: return "Another machine has this QR code. Give this one a code of its own.";
    case error_code::machine_credentials_invalid:
      return "Machine id or secret is wrong. An admin can give the machine a new secret.";
    case error_code::machine_in_use:
      return "Somebody else trains on the machine. Wait until it is free, or take another one.";
    case error_code::machine_offline:
      return "Nothing was heard of the machine for a while. Take another one, or tell the staff.";
    case error_code::machine_out_of_service: return "The machine is out of service. Take another one.";
    case error_code::machine_in_other_branch:
      return "The machine stands in another branch than the one the member checked in at.";
    case error_code::machine_not_linked:
      return "The caller is not linked to this machine; the link may have ended already.";
    case error_code::member_already_linked: return "The member is linked to another machine. Unlink that one first.";
    case error_code::samples_refused:
      return "Samples lie outside what the machine can do. They are refused for good: do not send them again.";
    case error_code::journal_full:
      return "Samples are not taken right now. Keep them, and send them again after `Retry-After`.";
    case error_code::workout_not_found: return "The caller has no workout of this id.";
    case error_code::points_insufficient: return "The balance is smaller than what this costs.";
    case error_code::profile_incomplete:
      return "The profile lacks what the result is made from: `errors` names every field. Complete it with `PUT "
             "/api/users/profile`.";
    case error_code::figures_out_of_range:
      return "The formula does not hold for this body. Name another one as `formula`; `GET /api/formulas` lists them "
             "with their ranges.";
    case error_code::plan_not_found: return "The caller has no such plan, or none in force. Have one made first.";
    case error_code::plan_in_progress:
      return "A plan is being made for the member already. Ask for it after `Retry-After`.";
    case error_code::plan_service_unavailable:
      return "The planning service gave no plan that can be used, and no other one can be shown to be safe. Repeat it "
             "after `Retry-After`.";
    case error_code::plan_not_safe:
      return "The plan or the change does not suit the health profile, so it is neither made nor shown. Change what "
             "`detail` says, or have another plan made.";
    case error_code::exercise_not_found:
      return "The exercise library has none of this id. `GET /api/workouts/library` lists it.";
    case error_code::change_not_found: return "The plan has no such change; it may have been taken back already.";
    case error_code::log_not_found: return "The caller has no such entry in the training diary.";
    case error_code::log_closed: return "An entry of the training diary can be changed for 24 hours, which are over.";
    case error_code::already_logged: return "A machine has logged these sets already. Correct that entry instead.";
    case error_code::meal_not_found: return "There is no meal of this id that is the caller's.";
    case error_code::meal_not_analyzed:
      return "It is not known yet what the meal was. Wait, or give its items yourself.";
    case error_code::meal_picture_unusable:
      return "The picture is none, damaged, too small or too large: `errors` says which. Take another one.";
    case error_code::meal_detection_unavailable:
      return "Nobody can look at pictures or corrections in words right now. Enter or correct the meal by its items, "
             "or repeat it after `Retry-After`.";
    case error_code::diary_full: return "The diary of that day has no room for more. Remove something first.";
    case error_code::scan_not_found: return "There is no scan of this id that the caller may see.";
    case error_code::scan_upload_not_found:
      return "There is no such upload: it was completed, given up or forgotten. Begin a new one.";
    case error_code::scan_format_unsupported:
      return "By its content the file is no scan. OBJ, GLB, PLY, CSV, PDF and JSON files are taken.";
    case error_code::scan_too_large: return "A scan file may have 50 MiB. Send a smaller one.";
    case error_code::scan_duplicate: return "This very file was uploaded before. Look at that scan instead.";
    case error_code::scan_day_taken: return "One scan a day is processed. Come back after `Retry-After`.";
    case error_code::scan_damaged:
      return "What arrived is not what was announced, or not whole; `detail` says which part. Send that again.";
    case error_code::scan_upload_incomplete:
      return "Parts of the upload are missing; `detail` names them. Send them, then complete it.";
    case error_code::scan_too_many_uploads: return "Too many uploads are open. Complete or abandon one first.";
    case error_code::scan_not_ready:
      return "The scan has no measurements yet. Wait for `scan:status`, or read it again later.";
    case error_code::scan_implausible:
      return "The measurements cannot be those of this member, so they are not taken over. Scan again.";
    case error_code::webhook_refused:
      return "The message does not have the scan service's signature. For that service only.";
  }
  return "";
}

}  // namespace nxg
