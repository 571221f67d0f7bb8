#pragma once

#include "services/error_codes.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg {

/// One wrong field of a request: where (a JSON pointer), a stable code, a text for people.
struct field_error {
  std::string pointer;
  std::string code;
  std::string message;
};

/// The one exception services throw for what a caller did or met. Made only by named factories beside each
/// service (`machine_in_use(id)`), so a search for an error finds every place that raises it.
class api_error : public std::exception {
 public:
  /// `detail` is shown to the caller: a sentence, with nothing of the inside in it.
  api_error(error_code code, std::string detail) : code_{code}, detail_{std::move(detail)} {}

  /// Fields that are wrong; the caller gets them all at once.
  [[nodiscard]] api_error with_fields(std::vector<field_error> fields) && {
    fields_ = std::move(fields);
    return std::move(*this);
  }
  /// When it makes sense to try again (answered as `Retry-After`).
  [[nodiscard]] api_error with_retry_after(std::chrono::seconds wait) && {
    retry_after_ = wait;
    return std::move(*this);
  }

  [[nodiscard]] error_code code() const noexcept { return code_; }
  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
  [[nodiscard]] const std::vector<field_error>& fields() const noexcept { return fields_; }
  [[nodiscard]] std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }
  [[nodiscard]] const char* what() const noexcept override { return detail_.c_str(); }

 private:
  error_code code_;
  std::string detail_;
  std::vector<field_error> fields_;
  std::optional<std::chrono::seconds> retry_after_;
};

/// What any service may have to say.
[[nodiscard]] api_error invalid_fields(std::vector<field_error> fields);
[[nodiscard]] api_error invalid_field(std::string pointer, std::string code, std::string message);
[[nodiscard]] api_error forbidden(std::string detail = "You may not do this.");
/// `what` names the kind of thing: "workout". Also for another member's resource, so that ids cannot be probed.
[[nodiscard]] api_error not_found(std::string what);
[[nodiscard]] api_error lost_race();
[[nodiscard]] api_error busy(std::chrono::seconds retry_after = std::chrono::seconds{1});
[[nodiscard]] api_error unavailable(std::string detail, std::chrono::seconds retry_after = std::chrono::seconds{5});

}  // namespace nxg
