#pragma once

#include "services/api_error.hpp"

#include <string>

namespace nxg::scanning {

[[nodiscard]] api_error scan_not_found();
[[nodiscard]] api_error scan_upload_not_found();
/// 415; names what is taken.
[[nodiscard]] api_error scan_format_unsupported();
[[nodiscard]] api_error scan_too_large();
[[nodiscard]] api_error scan_duplicate();
/// 429 until the member's next day.
[[nodiscard]] api_error scan_day_taken(std::chrono::seconds wait);
/// What arrived is not what was announced.
[[nodiscard]] api_error scan_damaged(std::string detail);
[[nodiscard]] api_error scan_upload_incomplete(std::string missing);
[[nodiscard]] api_error scan_too_many_uploads();
[[nodiscard]] api_error scan_not_ready();
[[nodiscard]] api_error scan_consent_required();
[[nodiscard]] api_error webhook_refused();

}  // namespace nxg::scanning
