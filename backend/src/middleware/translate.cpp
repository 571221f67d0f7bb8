#include "middleware/translate.hpp"

#include "objects/errors.hpp"
#include "runtime/blocking_pool.hpp"
#include "schema/problems.hpp"
#include "store/errors.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace nxg {

namespace {

using std::chrono::seconds;

// A service that knows what a conflict means says so itself; here is what is left.
api_error error_of(const store::error& error) {
  switch (error.failed()) {
    case store::failure::duplicate: return {error_code::conflict, "Something with this identity is there already."};
    case store::failure::version_conflict: return lost_race();
    case store::failure::not_found: return not_found("resource");
    case store::failure::busy: return busy();
    case store::failure::unavailable: return unavailable("The store cannot be reached right now.");
    case store::failure::outcome_unknown:
      return api_error{error_code::outcome_unknown, "It is not known whether this was done: read before you repeat it."}
          .with_retry_after(seconds{1});
  }
  return unavailable("The store cannot be reached right now.");
}

/// As above: a service that knows what was looked for says so itself.
api_error error_of(const objects::error& error) {
  switch (error.failed()) {
    case objects::failure::not_found:
    case objects::failure::changed: return not_found("file");
    case objects::failure::busy: return busy();
    case objects::failure::outcome_unknown:
      return api_error{error_code::outcome_unknown, "It is not known whether this was done: read before you repeat it."}
          .with_retry_after(seconds{1});
    case objects::failure::invalid:
    case objects::failure::outside:
    case objects::failure::too_large:
    case objects::failure::denied:
    case objects::failure::unavailable:
    case objects::failure::damaged: return unavailable("Files cannot be kept or read right now.");
  }
  return unavailable("Files cannot be kept or read right now.");
}

http::problem problem_of(const schema::invalid& error) {
  std::vector<http::field_error> fields;
  for (const auto& one : error.list()) fields.push_back({one.pointer, one.code, one.message});
  return http::problem{http::protocol_error::invalid_request, "The request has invalid fields."}.with_errors(
      std::move(fields));
}

}  // namespace

http::problem problem_of(const api_error& error) {
  auto answer = http::make_problem(error.code(), error.detail());
  if (error.retry_after()) answer = std::move(answer).with_retry_after(*error.retry_after());
  if (!error.fields().empty()) {
    std::vector<http::field_error> fields;
    for (const auto& one : error.fields()) fields.push_back({one.pointer, one.code, one.message});
    answer = std::move(answer).with_errors(std::move(fields));
  }
  return answer;
}

std::optional<http::problem> translate(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const api_error& known) {
    return problem_of(known);
  } catch (const store::error& known) {
    return problem_of(error_of(known));
  } catch (const objects::error& known) {
    return problem_of(error_of(known));
  } catch (const runtime::pool_exhausted&) {
    return problem_of(busy());
  } catch (const schema::invalid& known) {
    return problem_of(known);
  } catch (...) {
    return std::nullopt;
  }
}

bool may_come_from_anywhere(std::string_view code) noexcept {
  static constexpr std::array anywhere{
      error_code::token_invalid, error_code::token_expired, error_code::token_revoked, error_code::security_state_stale,
      error_code::rate_limited,  error_code::busy,          error_code::unavailable,   error_code::outcome_unknown};
  return std::ranges::any_of(anywhere, [code](error_code one) { return name_of(one) == code; });
}

}  // namespace nxg
