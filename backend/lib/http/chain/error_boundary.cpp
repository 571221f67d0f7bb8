#include "http/chain.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nxg::http {

namespace {

/// What the library itself may answer on any route, so that no route has to declare it.
bool is_common(std::string_view code) noexcept {
  static constexpr std::array common{protocol_error::malformed_request,
                                     protocol_error::invalid_request,
                                     protocol_error::cursor_invalid,
                                     protocol_error::api_version_unsupported,
                                     protocol_error::idempotency_key_required,
                                     protocol_error::idempotency_key_invalid,
                                     protocol_error::unauthenticated,
                                     protocol_error::forbidden,
                                     protocol_error::not_found,
                                     protocol_error::method_not_allowed,
                                     protocol_error::request_timeout,
                                     protocol_error::idempotency_in_progress,
                                     protocol_error::precondition_failed,
                                     protocol_error::payload_too_large,
                                     protocol_error::uri_too_long,
                                     protocol_error::unsupported_media_type,
                                     protocol_error::expectation_failed,
                                     protocol_error::idempotency_key_reused,
                                     protocol_error::precondition_required,
                                     protocol_error::rate_limited,
                                     protocol_error::header_fields_too_large,
                                     protocol_error::internal_error,
                                     protocol_error::not_implemented,
                                     protocol_error::busy,
                                     protocol_error::deadline_exceeded,
                                     protocol_error::http_version_not_supported};
  return std::ranges::any_of(common, [&](protocol_error one) { return name_of(one) == code; });
}

class boundary {
 public:
  boundary(translator translate, failure_listener on_failure, undeclared_listener on_undeclared)
      : translate_{std::move(translate)},
        on_failure_{std::move(on_failure)},
        on_undeclared_{std::move(on_undeclared)} {}

  response answer(const request& incoming, std::exception_ptr error) const {
    auto known = problem_of(error);
    if (!known) {
      if (on_failure_) on_failure_(incoming, error);
      return to_response(problem{protocol_error::internal_error, "Something went wrong here. It has been noted."},
                         incoming);
    }
    note_undeclared(incoming, *known);
    return to_response(*known, incoming);
  }

 private:
  /// Itself safe: a translator that throws makes a 500.
  std::optional<problem> problem_of(const std::exception_ptr& error) const {
    try {
      std::rethrow_exception(error);
    } catch (const problem& one) {
      return one;
    } catch (...) {
      try {
        return translate_ ? translate_(error) : std::nullopt;
      } catch (...) {
        return std::nullopt;
      }
    }
  }

  void note_undeclared(const request& incoming, const problem& error) const {
    if (!on_undeclared_ || incoming.route == nullptr || is_common(error.code())) return;
    const auto& declared = incoming.route->errors;
    if (std::ranges::find(declared, error.code(), &declared_error::code) == declared.end()) {
      on_undeclared_(*incoming.route, error);
    }
  }

  translator translate_;
  failure_listener on_failure_;
  undeclared_listener on_undeclared_;
};

}  // namespace

middleware error_boundary(translator translate, failure_listener on_failure, undeclared_listener on_undeclared) {
  return
      [edge = std::make_shared<const boundary>(std::move(translate), std::move(on_failure), std::move(on_undeclared))](
          request& incoming, next rest) -> task<response> {
        if (incoming.refusal) co_return to_response(*incoming.refusal, incoming);
        std::exception_ptr error;
        try {
          co_return co_await rest(incoming);
        } catch (...) {
          error = std::current_exception();
        }
        co_return edge->answer(incoming, error);
      };
}

}  // namespace nxg::http
