#pragma once

#include "http/problem.hpp"
#include "services/api_error.hpp"

#include <exception>
#include <optional>
#include <string_view>

namespace nxg {

/// A service's error as the caller gets it.
[[nodiscard]] http::problem problem_of(const api_error& error);

/// What the error boundary asks: errors of services, of the store and of full worker pools. Nothing for anything else,
/// which is then a defect and answered with a 500.
[[nodiscard]] std::optional<http::problem> translate(const std::exception_ptr& error);

/// Codes that authentication, limits and the store may answer on any route, so that no route has to declare them.
[[nodiscard]] bool may_come_from_anywhere(std::string_view code) noexcept;

}  // namespace nxg
