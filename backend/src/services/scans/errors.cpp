#include "services/scans/errors.hpp"

#include <utility>

namespace nxg::scanning {

api_error scan_not_found() { return {error_code::scan_not_found, "There is no such scan."}; }

api_error scan_upload_not_found() { return {error_code::scan_upload_not_found, "There is no such upload."}; }

api_error scan_format_unsupported() {
  return {error_code::scan_format_unsupported,
          "A scan is an OBJ, GLB, PLY, CSV, PDF or JSON file; this is none by its content."};
}

api_error scan_too_large() { return {error_code::scan_too_large, "A scan file may have 50 MiB."}; }

api_error scan_duplicate() { return {error_code::scan_duplicate, "This very file was uploaded before."}; }

api_error scan_day_taken(std::chrono::seconds wait) {
  return api_error{error_code::scan_day_taken, "One scan a day is processed: come back tomorrow."}.with_retry_after(
      wait);
}

api_error scan_damaged(std::string detail) { return {error_code::scan_damaged, std::move(detail)}; }

api_error scan_upload_incomplete(std::string missing) {
  return {error_code::scan_upload_incomplete, "Parts are missing: " + std::move(missing) + "."};
}

api_error scan_too_many_uploads() {
  return {error_code::scan_too_many_uploads, "Five uploads are open already: finish or wait until they are forgotten."};
}

api_error scan_not_ready() { return {error_code::scan_not_ready, "This scan has no measurements yet."}; }

api_error scan_consent_required() {
  return {error_code::consent_required, "Scans need the member's consent to the processing of health data."};
}

api_error webhook_refused() { return {error_code::webhook_refused, "This was not sent by the scan service."}; }

}  // namespace nxg::scanning
